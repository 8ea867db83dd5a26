package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.data.table.SampleWriter;
import org.dpm.data.table.SampleWriter.Samples;
import org.dpm.report.Draws;
import org.dpm.report.picture.ImageSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm sample}. */
@Command(
    name = "sample",
    description = "Draw examples from a trained model into a .csv, .npz or .png file.",
    mixinStandardHelpOptions = true)
final class SampleCommand implements Callable<Integer>, CommonOptions.Owner {

  /** What {@code --json} prints. */
  private record Result(String file, int count, long seed) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "DIR", description = "A run directory.")
  private Path directory = Path.of("");

  @Option(names = "--count", description = "How many (default: ${DEFAULT-VALUE}).")
  private int count = 100;

  @Option(
      names = "--seed",
      description = "The same seed draws the same examples; by default the seed of training.")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to: a .csv, .npz or .png file.")
  private Path file = Path.of("");

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    Arguments.require(count >= 1, "--count must be at least 1, but is " + count);
    SampleWriter writer = SampleWriter.to(file, new ImageSheet());
    try (Registry registry = common.registry();
        Model model = Model.load(directory, registry, device)) {
      long chosen = seed.orElseGet(() -> model.pipeline().training().seed());
      Samples samples = common.timed("samples", told -> Draws.of(model, count, chosen, told));
      writer.write(samples);
      common.talk().printf("%,d samples in %s%n", count, file);
      common.printJson(new Result(file.toString(), count, chosen));
    }
    return 0;
  }
}
