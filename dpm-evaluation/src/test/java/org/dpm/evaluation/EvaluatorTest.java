package org.dpm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.dpm.api.DataSource;
import org.dpm.api.Grid;
import org.dpm.api.Progress;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.core.Wiring;
import org.dpm.evaluation.Evaluation.Measure;
import org.dpm.evaluation.Evaluation.VariableBits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On models that have learned nothing. */
@DisplayName("An evaluation")
class EvaluatorTest {

  @TempDir private Path directory;

  private static void with(String text, BiConsumer<Model, DataSource> use) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("test.yaml", text, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      try (Model model = Model.create(registry, pipeline, new Examples(source).describe(4))) {
        use.accept(model, source);
      }
    }
  }

  private static Evaluation evaluated(Model model, DataSource source) {
    return Evaluator.evaluate(model, source, Path.of("run"), Progress.NONE);
  }

  private String table() throws IOException {
    Path file = directory.resolve("people.csv");
    Files.writeString(file, "height,weight\n7,70\n9,60\n9,65\n11,80\n11,85\n13,95\n10,72\n");
    return """
    data: { kind: csv, path: %1$s, heldOutPath: %1$s }
    steps: 8
    kernel: { kind: gaussian }
    schedule: { kind: log-snr-linear }
    network: { kind: mlp, width: 8, depth: 1 }
    objective: { kind: variational-bound }
    training: { seed: 4, updates: 1 }
    """
        .formatted(file);
  }

  @Test
  @DisplayName("of a table bounds a density, and tells what each column contributes")
  void columns() throws IOException {
    with(
        table(),
        (model, source) -> {
          Evaluation evaluation = evaluated(model, source);
          assertThat(evaluation.dimensions()).isEqualTo(2);
          assertThat(evaluation.boundOf()).isEqualTo(Measure.DENSITY);
          assertThat(evaluation.dataBitsPerDimension()).isEmpty();
          List<VariableBits> variables = evaluation.variables().orElseThrow();
          assertThat(variables).extracting(VariableBits::name).containsExactly("height", "weight");
          assertThat(variables.stream().mapToDouble(VariableBits::bits).sum())
              .isCloseTo(evaluation.boundBits(), within(1e-9));
          // Of the examples that z-scored them: the mean of x^2 is 1.
          assertThat(evaluation.nullBits())
              .isCloseTo(-Math.log(2 * Math.PI * Math.E) / Math.log(2), within(1e-4));
        });
  }

  @Test
  @DisplayName("of bits bounds a probability, which is that of the stored example")
  void bits() {
    with(
        """
        data: { kind: heartbeat, length: 4, period: 2, count: 50, heldOut: 10 }
        steps: 6
        kernel: { kind: binomial }
        schedule: { kind: constant-fraction }
        network: { kind: mlp, width: 8, depth: 1 }
        objective: { kind: variational-bound }
        training: { seed: 4, updates: 1 }
        """,
        (model, source) -> {
          Evaluation evaluation = evaluated(model, source);
          assertThat(evaluation.boundOf()).isEqualTo(Measure.PROBABILITY);
          assertThat(evaluation.variables()).isEmpty();
          assertThat(evaluation.nullBits()).isCloseTo(-4, within(1e-5));
          assertThat(evaluation.dataBitsPerDimension())
              .hasValueCloseTo(-evaluation.boundBits() / 4, within(1e-12));
        });
  }

  @Test
  @DisplayName("of a table of numbers and bits bounds a density, in which the bits have their part")
  void mixed() throws IOException {
    Path file = directory.resolve("animals.csv");
    Files.writeString(file, "weight,wild\n7,0\n9,1\n9,1\n11,0\n11,1\n13,0\n10,0\n8,1\n");
    with(
        """
        data: { kind: csv, path: %1$s, heldOutPath: %1$s, bits: [wild] }
        steps: 8
        kernel: { kind: mixed, kernels: [gaussian, binomial] }
        reverse: { kind: mixed, kernels: [gaussian, binomial] }
        schedule: { kind: log-snr-linear }
        network: { kind: mlp, width: 8, depth: 1 }
        objective: { kind: variational-bound }
        training: { seed: 4, updates: 1 }
        """
            .formatted(file),
        (model, source) -> {
          Evaluation evaluation = evaluated(model, source);
          assertThat(evaluation.dimensions()).isEqualTo(2);
          assertThat(evaluation.boundOf()).isEqualTo(Measure.DENSITY);
          assertThat(evaluation.dataBitsPerDimension()).isEmpty();
          List<VariableBits> variables = evaluation.variables().orElseThrow();
          assertThat(variables).extracting(VariableBits::name).containsExactly("weight", "wild");
          assertThat(variables.get(0).bits() + variables.get(1).bits())
              .isCloseTo(evaluation.boundBits(), within(1e-9));
          // The mean of x^2 is 1, and bits are even.
          assertThat(evaluation.nullBits())
              .isCloseTo(-Math.log(2 * Math.PI * Math.E) / 2 / Math.log(2) - 1, within(1e-4));
        });
  }

  @Test
  @DisplayName("is made at other times when asked, and kept in the run directory with all it says")
  void keeps() throws IOException {
    with(
        table(),
        (model, source) -> {
          Grid grid = Grid.of(0.1, 0.5, 1);
          Evaluation evaluation =
              Evaluator.evaluate(
                  model, grid, source, Path.of("run"), Optional.of(2), Progress.NONE);
          assertThat(evaluation.steps()).isEqualTo(3);
          assertThat(evaluation.timesteps()).isEqualTo(2);
          model.save(directory, model.weights().copy(model.manager()));
          RunDirectory run = new RunDirectory(directory);
          try {
            KeptEvaluation.write(run, evaluation);
            assertThat(KeptEvaluation.read(run, source)).contains(evaluation);
            assertThat(Files.readString(run.evaluation())).contains("\"boundOf\" : \"density\"");
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }
}
