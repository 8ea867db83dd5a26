package org.dpm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.DataSource;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.training.Evaluation;
import org.dpm.training.Evaluator;
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
              + " of a trajectory up to 100 steps, 16 of a longer one.")
  private Optional<Integer> timesteps = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    timesteps.ifPresent(n -> Require.that(n >= 1, "--timesteps must be at least 1, but is " + n));
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, device)) {
      DataSource source = likelihood.examples(Wiring.dataSource(registry, model.pipeline()), model);
      Evaluation evaluation = Evaluator.evaluate(model, source, directory, timesteps);
      new Summary(evaluation).print(common.talk());
      ObjectNode json = CommonOptions.mapper().valueToTree(evaluation);
      likelihood.evaluate(model, source, common, json);
      common.printJson(json);
    }
    return 0;
  }
}
