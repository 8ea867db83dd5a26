package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.training.Benchmark.Figure;
import org.dpm.training.Benchmark.Report;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A benchmark")
class BenchmarkTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 500, heldOut: 200 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 64, updates: 20 }
      """;

  private static void with(Consumer<Benchmark> use) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("roll.yaml", ROLL, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      Examples examples = new Examples(source);
      try (Model model = Model.create(registry, pipeline, examples.describe(1))) {
        use.accept(new Benchmark(model, examples, 3, 0.1));
      }
    }
  }

  @Test
  @DisplayName("tells how fast everything is, and where the time of an update goes")
  void measures() {
    with(
        benchmark -> {
          Report report = benchmark.run();
          assertThat(report.rounds()).isEqualTo(3);
          assertThat(report.batch()).isEqualTo(64);
          assertThat(report.timesteps()).isEqualTo(4);
          assertThat(report.updates()).isGreaterThanOrEqualTo(3);
          assertThat(report.plain()).isEmpty();
          for (Figure figure :
              List.of(
                  report.trainingExamplesPerSecond(),
                  report.samplingStepsPerSecond(),
                  report.evaluationExamplesPerSecond())) {
            assertThat(figure.least()).isPositive();
            assertThat(figure.median()).isBetween(figure.least(), figure.most());
          }
          assertThat(report.parts()).hasSize(6).allMatch(part -> part.milliseconds() > 0);
          assertThat(report.parts().stream().mapToDouble(Benchmark.Part::share).sum())
              .isCloseTo(1, within(1e-9));
          // The parts are the whole: a hundredth of a millisecond may pass between two updates.
          double update = report.parts().stream().mapToDouble(Benchmark.Part::milliseconds).sum();
          Figure speed = report.trainingExamplesPerSecond();
          assertThat(64 / (update + 0.01) * 1000)
              .isBetween(speed.least() * 0.9, speed.most() * 1.1);
        });
  }

  @Test
  @DisplayName("knows how much memory a process takes that has loaded the engine")
  void measuresMemory() {
    with(
        benchmark -> {
          PeakMemory memory = PeakMemory.now();
          assertThat(memory.kind()).isIn("resident", "Java heap");
          assertThat(memory.megabytes()).isBetween(10L, 100_000L);
        });
  }

  @Test
  @DisplayName("refuses to compare another network with the paper's")
  void refusesOtherNetworks() {
    with(
        benchmark ->
            assertThatThrownBy(benchmark::runWithPlain)
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("--plain")
                .hasMessageContaining("fashion-mnist-paper"));
  }
}
