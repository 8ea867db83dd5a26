package org.dpm.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.examples.ExamplePipelines;
import org.dpm.examples.ExamplePipelines.Example;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dpm examples}. */
@Command(
    name = "examples",
    description = "List the ready pipelines, or print one to start your own from.",
    mixinStandardHelpOptions = true)
final class ExamplesCommand implements Callable<Integer>, CommonOptions.Owner {

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Print this one.")
  private Optional<String> name = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() {
    Map<String, String> result = new LinkedHashMap<>();
    if (name.isPresent()) {
      Example example =
          ExamplePipelines.find(name.get()).orElseThrow(() -> PipelineChoice.unknown(name.get()));
      result.put(example.name(), example.text());
      common.talk().print(example.text());
    } else {
      for (Example example : ExamplePipelines.all()) {
        result.put(example.name(), example.description());
        common.talk().printf("%-20s %s%n", example.name(), example.description());
      }
    }
    common.talk().flush();
    common.printJson(result);
    return 0;
  }
}
