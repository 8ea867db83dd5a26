package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dpm.api.DataSource;
import org.dpm.api.Prior;
import org.dpm.core.Examples;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.core.Wiring;
import org.dpm.training.Run;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

@DisplayName("What the documents show")
class DocumentationTest {

  private static final String BASE =
      """
      data: { kind: swiss-roll, count: 100, heldOut: 10 }
      steps: 4
      kernel: gaussian
      schedule: log-snr-linear
      network: { kind: mlp, width: 8, depth: 1 }
      objective: variational-bound
      training: { updates: 1, batch: 8 }
      """;

  private static List<String> blocks(String page, String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("..").resolve(page)))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** A pipeline in which a block takes the place of what it says. */
  private static String completed(String block) {
    Map<String, Object> pipeline = new Yaml().load(BASE);
    Map<String, Object> shown = new Yaml().load(block);
    if (shown.containsKey("grid")) {
      pipeline.remove("steps");
    }
    pipeline.putAll(shown);
    return new Yaml().dump(pipeline);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/paths.md", "docs/binomial.md", "docs/categories.md"})
  @DisplayName("can be read, pipelines and priors")
  void canBeRead(String page, @TempDir Path directory) throws IOException {
    List<String> blocks = blocks(page, "yaml");
    assertThat(blocks).isNotEmpty();
    try (Registry registry = Registry.load(Optional.empty())) {
      PipelineReader reader = new PipelineReader(registry);
      for (String block : blocks) {
        if (block.contains("\nkind:")) {
          Path file = Files.writeString(directory.resolve("prior.yaml"), block);
          assertThat(reader.component(Prior.class, file).kind()).isNotBlank();
        } else {
          assertThat(reader.read(page, completed(block), List.of())).isNotNull();
        }
      }
    }
  }

  @Test
  @DisplayName("of paths fits together")
  void pathsFit() throws IOException {
    try (Registry registry = Registry.load(Optional.empty())) {
      for (String block : blocks("docs/paths.md", "yaml")) {
        Pipeline pipeline =
            new PipelineReader(registry).read("paths.md", completed(block), List.of());
        DataSource source = Wiring.dataSource(registry, pipeline);
        assertThat(Wiring.parts(registry, pipeline, new Examples(source).describe(1))).isNotNull();
      }
    }
  }

  /** The code of README.md, in files of its own. */
  private static double[] trained(Path people, Path runs) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read(people, List.of());
      try (Run run = Run.of(registry, pipeline)) { // every mistake is known here
        RunDirectory directory = run.train(runs, (done, update, bits) -> {});
        double[] bits = run.model().boundBits(new float[] {6.5f, 0f}, 1);
        NDArray drawn = run.model().sample(run.model().manager(), 1000, 1);
        assertThat(drawn.getShape().get(0)).isEqualTo(1000);
        assertThat(directory.description()).exists();
        return bits;
      }
    }
  }

  @Test
  @DisplayName("in Java runs")
  void javaRuns(@TempDir Path directory) throws IOException {
    Path pipeline = Files.writeString(directory.resolve("people.yaml"), BASE);
    assertThat(trained(pipeline, directory.resolve("run"))).hasSize(1);
  }

  @Test
  @DisplayName("in Java is what runs here, but for names of files")
  void javaIsThis() throws IOException {
    Path source =
        Path.of("src", "test", "java")
            .resolve(DocumentationTest.class.getName().replace('.', '/') + ".java");
    String here = plain(Files.readString(source));
    List<String> lines = new ArrayList<>(blocks("README.md", "java").get(0).lines().toList());
    assertThat(lines).hasSizeGreaterThan(5);
    for (String line : lines) {
      String code =
          line.replace("Path.of(\"people.yaml\")", "people")
              .replace("Path.of(\"runs/people\")", "runs");
      assertThat(here).contains(plain(code));
    }
  }

  /** Without comments, indentation and line breaks, which the formatter decides. */
  private static String plain(String code) {
    return String.join(
            " ",
            Arrays.stream(code.split("\n", -1)).map(line -> line.replaceAll("//.*", "")).toList())
        .replaceAll("\\s+", " ")
        .strip();
  }
}
