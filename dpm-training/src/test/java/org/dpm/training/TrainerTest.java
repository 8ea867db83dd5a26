package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.Evaluator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Training")
class TrainerTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 4000, heldOut: 1000 }
      steps: 20
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 64, depth: 3 }
      objective: { kind: variational-bound }
      training:
        seed: 3
        batch: 256
        updates: 800
        optimizer: { rate: 0.01, warmUp: 20 }
        evaluation: { every: 100, examples: 500 }
      """;

  @TempDir private Path directory;

  private interface Use {
    void with(Model model, Trainer trainer, DataSource source);
  }

  private static void trained(Path directory, List<String> sets, Use use) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("roll.yaml", ROLL, sets);
      DataSource source = Wiring.dataSource(registry, pipeline);
      Examples examples = new Examples(source);
      DataDescription description = examples.describe(pipeline.training().seed());
      try (Model model = Model.create(registry, pipeline, description);
          Trainer trainer = new Trainer(model, examples, directory, (done, update, bits) -> {})) {
        trainer.train();
        use.with(model, trainer, source);
      }
    }
  }

  private static Evaluation evaluate(Model model, DataSource source) {
    return Evaluator.evaluate(model, source, Path.of("run"), done -> {});
  }

  @Test
  @DisplayName("brings K from that of noise most of the way to the truth, and not beyond")
  void learns() {
    trained(
        directory,
        List.of(),
        (model, trainer, source) -> {
          Evaluation e = evaluate(model, source);
          double truth = e.trueLogDensityBits().orElseThrow();
          assertThat(e.boundBits()).isGreaterThan(-2.7);
          assertThat(e.boundBits()).isLessThan(truth + 4 * e.boundStandardError());
          assertThat(e.gainBits()).isCloseTo(e.boundBits() - e.nullBits(), within(1e-9));
          // E log N(x; 0, I) of data with unit variance, to the chance of 1,000 held-out examples.
          assertThat(e.nullBits())
              .isCloseTo(-Math.log(2 * Math.PI * Math.E) / Math.log(2), within(0.15));
          assertThat(e.updates()).isEqualTo(800);
        });
  }

  @Test
  @DisplayName("is repeated by the same seed, and not by another")
  void repeats() {
    List<Double> bits = new ArrayList<>();
    for (String seed : List.of("5", "5", "6")) {
      trained(
          directory,
          List.of("training.seed=" + seed, "training.updates=40"),
          (model, trainer, source) -> bits.add(trainer.metrics().get(0).boundBits()));
    }
    // Native sums may run in another order where memory is aligned otherwise: the last digits
    // differ.
    assertThat(bits.get(0)).isCloseTo(bits.get(1), within(1e-4));
    assertThat(Math.abs(bits.get(0) - bits.get(2))).isGreaterThan(1e-3);
  }

  @Test
  @DisplayName("leaves a model that loads again and answers the same")
  void loads() {
    trained(
        directory,
        List.of("training.updates=40"),
        (model, trainer, source) -> {
          float[] point = {1, -11, 5, 5};
          double[] before = model.boundBits(point, 1);
          try (Registry registry = Registry.load(Optional.empty());
              Model loaded = Model.load(directory, registry, Optional.of("cpu"));
              NDManager manager = NDManager.newBaseManager()) {
            assertThat(loaded.boundBits(point, 1)).containsExactly(before, within(1e-3));
            NDArray one = loaded.sample(manager, 5, 9);
            NDArray other = model.sample(manager, 5, 9);
            assertThat(one.toFloatArray()).containsExactly(other.toFloatArray(), within(1e-3f));
            assertThat(one.toFloatArray())
                .isNotEqualTo(model.sample(manager, 5, 10).toFloatArray());
            assertThat(loaded.training().updates()).isEqualTo(40);
          }
        });
  }

  @Test
  @DisplayName("keeps the weights of the best held-out K, not the last")
  void keepsTheBest() {
    trained(
        directory,
        List.of(
            // Four examples are soon known by heart.
            "data.count=4",
            "training.optimizer.decay=none",
            "training.updates=200",
            "training.evaluation.every=20"),
        (model, trainer, source) -> {
          Metric kept =
              trainer.metrics().stream()
                  .max(Comparator.comparingDouble(Metric::boundBits))
                  .orElseThrow();
          double best = kept.boundBits();
          double last = trainer.metrics().get(trainer.metrics().size() - 1).boundBits();
          assertThat(best).isGreaterThan(last + 0.5);
          Evaluation measured = evaluate(model, source);
          double chance = Math.hypot(kept.boundStandardError(), measured.boundStandardError());
          assertThat(measured.boundBits())
              .isCloseTo(best, within(4 * chance))
              .isGreaterThan(last + 4 * chance);
          assertThat(trainer.metrics())
              .filteredOn(metric -> metric.boundBits() == best)
              .extracting(Metric::update)
              .containsExactly(model.training().keptUpdate());
        });
  }

  @Test
  @DisplayName("stops when its patience with a held-out K that gets worse is over")
  void losesPatience() {
    trained(
        directory,
        List.of(
            "data.count=4",
            "training.optimizer.decay=none",
            "training.updates=2000",
            "training.evaluation.every=20",
            "training.evaluation.patience=3"),
        (model, trainer, source) -> {
          long last = trainer.metrics().get(trainer.metrics().size() - 1).update();
          assertThat(last).isLessThan(2000).isEqualTo(model.training().keptUpdate() + 3 * 20);
          assertThat(model.training().updates()).isEqualTo(last);
        });
  }

  @Test
  @DisplayName("makes no arrays that outlive their update")
  void leaksNothing() {
    List<Integer> arrays = new ArrayList<>();
    for (String updates : List.of("10", "60")) {
      trained(
          directory,
          List.of("training.updates=" + updates, "training.evaluation.every=5"),
          (model, trainer, source) -> arrays.add(model.manager().getManagedArrays().size()));
    }
    assertThat(arrays.get(1)).isEqualTo(arrays.get(0));
  }

  @Test
  @DisplayName("writes one line of metrics for each evaluation")
  void metrics() {
    trained(
        directory,
        List.of("training.updates=60", "training.evaluation.every=20"),
        (model, trainer, source) ->
            assertThat(trainer.metrics())
                .extracting(Metric::update)
                .containsExactly(20L, 40L, 60L));
    assertThat(directory.resolve("metrics.jsonl"))
        .content()
        .hasLineCount(3)
        .contains("\"update\":40");
  }

  @Test
  @DisplayName("says so when it diverges, and leaves no model")
  void diverges() throws IOException {
    assertThatThrownBy(
            () ->
                trained(
                    directory,
                    List.of("training.optimizer.rate=1e9"),
                    (model, trainer, source) -> {}))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("training diverged")
        .hasMessageContaining("training.optimizer.rate");
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  @DisplayName("stops at data that cannot be read any more, and leaves no thread behind")
  void unreadable() {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("roll.yaml", ROLL, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      DataDescription description = new Examples(source).describe(1);
      // Lasts for the held-out examples and three batches.
      Examples failing = new Examples(new Failing(source, new AtomicInteger(500 + 3 * 256)));
      try (Model model = Model.create(registry, pipeline, description);
          Trainer trainer =
              new Trainer(
                  model,
                  failing,
                  directory,
                  (done, update, bits) -> assertThat(update).isLessThanOrEqualTo(3))) {
        assertThatThrownBy(trainer::train)
            .isInstanceOf(InvalidInput.class)
            .hasMessage("the disk is gone");
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("dpm-read-ahead");
  }

  /** Fails after so many readings. */
  private record Failing(DataSource source, AtomicInteger left) implements DataSource {

    @Override
    public Variables variables() {
      return source.variables();
    }

    @Override
    public int count(Split split) {
      return source.count(split);
    }

    @Override
    public void read(Split split, int index, Noise noise, float[] target, int offset) {
      if (left.getAndDecrement() <= 0) {
        throw new InvalidInput("the disk is gone");
      }
      source.read(split, index, noise, target, offset);
    }
  }

  @Test
  @DisplayName("refuses a constant column, naming it")
  void constant() throws IOException {
    Path csv = directory.resolve("constant.csv");
    Files.writeString(csv, "height,weight\n1,5\n2,5\n3,5\n4,5\n");
    assertThatThrownBy(() -> withData(csv))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("'weight' is 5 in every example");
  }

  private static void withData(Path csv) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline =
          new PipelineReader(registry)
              .read("csv.yaml", ROLL, List.of("data.kind=csv", "data.path=" + csv));
      Examples examples = new Examples(Wiring.dataSource(registry, pipeline));
      DataDescription description = examples.describe(1);
      examples.check(description);
    }
  }
}
