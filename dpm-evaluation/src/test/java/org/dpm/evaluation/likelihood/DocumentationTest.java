package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The code in docs/likelihood.md")
class DocumentationTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 100, heldOut: 10 }
      steps: 4
      kernel: { kind: gaussian }
      schedule: { kind: log-snr-linear }
      network: { kind: mlp, width: 8, depth: 1 }
      objective: { kind: variational-bound }
      training: { updates: 1 }
      """;

  private static void save(Path directory) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("roll.yaml", ROLL, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      try (Model model = Model.create(registry, pipeline, new Examples(source).describe(1))) {
        model.save(directory, model.weights().copy(model.manager()));
      }
    }
  }

  private static double one(Path directory) {
    try (Registry registry = Registry.load(Optional.empty());
        Model model = Model.load(directory, registry, Optional.empty())) {
      DiffusionDistribution distribution = new DiffusionDistribution(model, 100);
      double nats = distribution.logDensity(new double[] {0.3, -11.0});
      return nats;
    }
  }

  private static double many(Path directory, float... rows) {
    try (Registry registry = Registry.load(Optional.empty());
        Model model = Model.load(directory, registry, Optional.empty());
        NDManager manager = model.manager().newSubManager()) {
      NDArray data = model.layout().toModel(manager, rows);
      FlowLikelihood flow = FlowLikelihood.of(model);
      List<FlowEstimate> nats = flow.of(data, Noise.of(1, "flow"), Progress.NONE);
      return nats.get(0).logLikelihood() - model.layout().logVolume();
    }
  }

  @Test
  @DisplayName("runs")
  void runs(@TempDir Path directory) {
    save(directory);
    assertThat(one(directory)).isBetween(-20.0, 0.0);
    assertThat(many(directory, 0.3f, -11.0f)).isBetween(-20.0, 0.0);
  }

  @Test
  @DisplayName("is the code that runs here, line by line")
  void isThis() throws IOException {
    String documentation = Files.readString(Path.of("..", "docs", "likelihood.md"));
    List<String> blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(documentation)
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertThat(blocks).hasSize(2);
    Path source =
        Path.of("src", "test", "java")
            .resolve(DocumentationTest.class.getName().replace('.', '/') + ".java");
    List<String> here = Files.readAllLines(source).stream().map(String::strip).toList();
    for (String block : blocks) {
      List<String> lines = Arrays.stream(block.strip().split("\n", -1)).map(String::strip).toList();
      assertThat(here).containsAll(lines);
    }
  }
}
