package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dpm train}. */
@Command(
    name = "train",
    description = "Train a model, measure it, and keep it in a run directory.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer>, CommonOptions.Owner {

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineChoice choice = new PipelineChoice();
  @Mixin private OutOption out = new OutOption();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    try (Registry registry = common.registry()) {
      Pipeline pipeline = choice.read(registry);
      Path directory = out.directory(choice.name());
      Training.of(
          registry,
          pipeline,
          choice.name(),
          directory,
          common,
          (run, evaluation) -> {
            common.talk().printf("kept in %s%n", directory);
            common.printJson(evaluation);
          });
    }
    return 0;
  }
}
