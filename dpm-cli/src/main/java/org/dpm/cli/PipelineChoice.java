package org.dpm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.examples.ExamplePipelines;
import org.dpm.examples.ExamplePipelines.Example;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which pipeline to run, and what to change in it. */
final class PipelineChoice {

  @Parameters(
      paramLabel = "NAME|FILE",
      description = "A ready pipeline ('dpm examples' lists them), or a YAML file of your own.")
  private String pipeline = "";

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Change a setting, such as training.minutes=5. Can be given several times.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  /** The name of the pipeline: of the example, or of the file without its ending. */
  String name() {
    return Path.of(pipeline).getFileName().toString().replaceFirst("\\.(ya?ml|json)$", "");
  }

  Pipeline read(Registry registry) {
    List<String> all = new ArrayList<>(sets);
    device.ifPresent(d -> all.add("device=" + d));
    PipelineReader reader = new PipelineReader(registry);
    Path file = Path.of(pipeline);
    if (Files.isRegularFile(file)) {
      return reader.read(file, all);
    }
    Example example = ExamplePipelines.find(pipeline).orElseThrow(() -> unknown(pipeline));
    return reader.read(pipeline + ".yaml", example.text(), all);
  }

  static InvalidInput unknown(String name) {
    List<String> ready = ExamplePipelines.all().stream().map(Example::name).toList();
    return new InvalidInput(
        "%s: there is no such file, and no ready pipeline of that name.%s%n  Ready are: %s."
            .formatted(name, Nearest.suggestion(name, ready), String.join(", ", ready)));
  }
}
