package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dpm.api.DataSource;
import org.dpm.api.Factor;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The code in docs/posterior.md")
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

  private static Posterior.Draws five(Path directory) {
    try (Registry registry = Registry.load(Optional.empty());
        Model model = Model.load(directory, registry, Optional.empty())) {
      // log r of z-scores, one number for each example
      Factor.LogDensity log = (x, stage) -> x.get(":, 0").sub(0.5f).square().mul(-2f);
      Prior r = like -> List.of(new Factor.Density(log));
      Posterior posterior = new Posterior(model, model.diffusion(), r, new Settings(500));
      Posterior.Draws draws = posterior.draw(4, 7, Progress.NONE);
      double[] logZ = {draws.logEvidenceOfAll(), draws.standardError()};
      assertThat(logZ[1]).isPositive();
      return draws;
    }
  }

  @Test
  @DisplayName("runs")
  void runs(@TempDir Path directory) {
    save(directory);
    Posterior.Draws draws = five(directory);
    assertThat(draws.values()).hasDimensions(2000, 2);
    // r is at most 1, and so is its mean.
    assertThat(draws.logEvidenceOfAll()).isBetween(-10.0, 0.0);
  }

  @Test
  @DisplayName("is the code that runs here, line by line")
  void isThis() throws IOException {
    String documentation = Files.readString(Path.of("..", "docs", "posterior.md"));
    List<String> blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(documentation)
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertThat(blocks).hasSize(1);
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
