package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A model of numbers, bits and categories")
class MixedTrainingTest {

  @TempDir private Path directory;

  /** Whoever smokes weighs more, and lives in the north. */
  private Path people() throws IOException {
    StringBuilder table = new StringBuilder("weight,region,smokes,height\n");
    Noise noise = Noise.of(1, "people");
    for (int i = 0; i < 600; i++) {
      boolean smokes = noise.uniform() < 0.4;
      double weight = 70 + (smokes ? 15 : 0) + 3 * noise.gaussian();
      String region = smokes ? "north" : noise.uniform() < 0.5 ? "east" : "south";
      double height = 1.7 + 0.1 * noise.gaussian();
      table.append(
          String.format(Locale.ROOT, "%.3f,%s,%d,%.3f%n", weight, region, smokes ? 1 : 0, height));
    }
    return Files.writeString(directory.resolve("people.csv"), table);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"uniform", "absorbing"})
  @DisplayName("learns what hangs together, and draws values of each kind")
  void trains(String transition) throws IOException {
    String text =
        """
        data: { kind: csv, path: %s, bits: [smokes], categories: [region] }
        steps: 10
        lastStep: learned
        kernel:
          kind: mixed
          kernels: [{ kind: gaussian }, { kind: binomial }, { kind: categorical, transition: %s }]
        schedule: { kind: log-snr-linear, first: 0.01, last: 0.001 }
        network: { kind: mlp, width: 32, depth: 2 }
        objective: { kind: variational-bound }
        training:
          seed: 3
          batch: 128
          updates: 300
          optimizer: { rate: 0.01, warmUp: 20 }
          evaluation: { every: 100, examples: 100 }
        """
            .formatted(people(), transition);
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("mixed.yaml", text, List.of());
      try (Run run = Run.of(registry, pipeline)) {
        run.train(directory.resolve("run"), (done, update, bits) -> {});
        List<Metric> metrics = run.metrics();
        assertThat(metrics.get(metrics.size() - 1).boundBits())
            .as("K after training")
            .isGreaterThan(metrics.get(0).boundBits());
        assertDrawsHangTogether(run.model());
        double[] before = run.model().boundBits(person(run.model()), 1);
        try (Model loaded = Model.load(directory.resolve("run"), registry, Optional.of("cpu"))) {
          assertThat(loaded.boundBits(person(loaded), 1)[0])
              .as("K of a person, by the model that was written")
              .isCloseTo(before[0], within(1e-3));
        }
      }
    }
  }

  private static float[] person(Model model) {
    float north = labels(model).indexOf("north");
    return new float[] {84, north, 1, 1.75f};
  }

  private static List<String> labels(Model model) {
    return ((Space.Category) model.layout().space(1)).labels();
  }

  private static void assertDrawsHangTogether(Model model) {
    int north = labels(model).indexOf("north");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray drawn = model.sample(manager, 500, 7);
      assertThat(drawn.getShape()).isEqualTo(new Shape(500, 4));
      float[] cells = drawn.toFloatArray();
      int agree = 0;
      double smokers = 0;
      double weight = 0;
      double others = 0;
      for (int i = 0; i < cells.length; i += 4) {
        assertThat(cells[i + 1]).as("region").isIn(0f, 1f, 2f);
        assertThat(cells[i + 2]).as("smokes").isIn(0f, 1f);
        boolean smokes = cells[i + 2] == 1;
        agree += (cells[i + 1] == north) == smokes ? 1 : 0;
        smokers += smokes ? 1 : 0;
        weight += smokes ? cells[i] : 0;
        others += smokes ? 0 : cells[i];
      }
      // By chance 0.4 0.4 + 0.6 0.6 = 0.52 of them would agree.
      assertThat(agree / 500.0).as("share of which region and smoking agree").isGreaterThan(0.8);
      assertThat(smokers / 500).as("share of smokers").isBetween(0.25, 0.55);
      assertThat(weight / smokers - others / (500 - smokers))
          .as("what smokers weigh more, of 15 kg")
          .isBetween(10.0, 20.0);
    }
  }
}
