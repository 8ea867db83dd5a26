package org.dpm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.DataSource;
import org.dpm.api.Grid;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.Evaluator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm evaluate}. */
@Command(
    name = "evaluate",
    description = "Measure a trained model on its held-out examples, in bits.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer>, CommonOptions.Owner {

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private LikelihoodOptions likelihood = new LikelihoodOptions();

  @Parameters(paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--timesteps",
      paramLabel = "N",
      description =
          "Steps of the trajectory to look at for each example; T for all of them. By default all"
              + " of a trajectory up to 100 steps; of a longer one 16, or 4 where there are thousands of"
              + " examples.")
  private Optional<Integer> timesteps = Optional.empty();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Measure with a trajectory of N steps in place of the T of training; not for a network"
              + " that has a readout for each step.")
  private Optional<Integer> steps = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    timesteps.ifPresent(
        n -> Arguments.require(n >= 1, "--timesteps must be at least 1, but is " + n));
    steps.ifPresent(n -> Arguments.require(n >= 2, "--steps must be at least 2, but is " + n));
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, device)) {
      DataSource source = likelihood.examples(Wiring.dataSource(registry, model.pipeline()), model);
      Grid judged = steps.map(Grid::even).orElseGet(() -> model.pipeline().trajectory());
      Evaluation evaluation =
          common.timed(
              "evaluation",
              told -> Evaluator.evaluate(model, judged, source, directory, timesteps, told));
      new Summary(evaluation).print(common.talk());
      ObjectNode json = CommonOptions.mapper().valueToTree(evaluation);
      likelihood.evaluate(model, judged, source, common, json);
      common.printJson(json);
    }
    return 0;
  }
}
