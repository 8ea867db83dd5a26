package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.math3.distribution.MultivariateRealDistribution;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.exception.NotStrictlyPositiveException;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On models that have learned nothing, which are distributions like any other. */
@DisplayName("A model as a distribution")
class ModelDistributionsTest {

  private static final String BITS =
      """
      data: { kind: heartbeat, length: 4, period: 2, count: 50, heldOut: 10 }
      steps: 6
      kernel: { kind: binomial }
      schedule: { kind: constant-fraction }
      network: { kind: mlp, width: 8, depth: 1 }
      objective: { kind: variational-bound }
      training: { seed: 4, updates: 1 }
      """;

  @TempDir private Path directory;

  private static void with(String text, Consumer<Model> use) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("test.yaml", text, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      try (Model model =
          Model.create(
              registry, pipeline, new Examples(source).describe(pipeline.training().seed()))) {
        use.accept(model);
      }
    }
  }

  /** Numbers about 10, which vary by 2. */
  private String line() throws IOException {
    Path file = directory.resolve("line.csv");
    Files.writeString(file, "height\n7\n9\n9\n11\n11\n13\n10\n8\n12\n10\n");
    return """
    data: { kind: csv, path: %s }
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
  @DisplayName("has a density that is one in all, and puts it where its draws are, in data units")
  void density() throws IOException {
    with(
        line(),
        model -> {
          DiffusionDistribution distribution = new DiffusionDistribution(model, 500);
          double[] draws =
              Arrays.stream(distribution.sample(20_000)).mapToDouble(draw -> draw[0]).toArray();
          double mean = StatUtils.mean(draws);
          double deviation = Math.sqrt(StatUtils.variance(draws));
          assertThat(mean).isBetween(5.0, 15.0);
          double width = deviation / 10;
          double below = 0;
          double all = 0;
          for (double x = mean - 6 * deviation; x < mean + 6 * deviation; x += width) {
            double mass = width * distribution.density(new double[] {x + width / 2});
            all += mass;
            below += x + width / 2 < mean - deviation / 2 ? mass : 0;
          }
          double drawn =
              Arrays.stream(draws).filter(x -> x < mean - deviation / 2).count() / 20_000.0;
          // 500 trajectories with the same noise at every point: a few per cent for all together.
          assertThat(all).isCloseTo(1, within(0.06));
          assertThat(below).isCloseTo(drawn, within(0.06 * drawn + 0.02));
        });
  }

  @Test
  @DisplayName("is one of Commons Math: dimension, moments, support, seeds, refusals")
  void commonsMath() throws IOException {
    with(
        line(),
        model -> {
          DiffusionDistribution distribution = new DiffusionDistribution(model, 20);
          MultivariateRealDistribution face = distribution;
          assertThat(face.getDimension()).isEqualTo(1);
          double[] point = {11};
          assertThat(face.density(point)).isPositive().isEqualTo(face.density(point));
          assertThat(distribution.logDensity(point))
              .isCloseTo(Math.log(face.density(point)), within(1e-12));
          face.reseedRandomGenerator(5);
          double[] first = face.sample();
          double other = face.sample()[0];
          double seeded = face.density(point);
          face.reseedRandomGenerator(5);
          assertThat(face.sample()).containsExactly(first);
          assertThat(face.density(point)).isEqualTo(seeded);
          assertThat(other).isNotEqualTo(first[0]);
          face.reseedRandomGenerator(6);
          assertThat(face.sample()).isNotEqualTo(first);

          double[] draws = Arrays.stream(face.sample(10_000)).mapToDouble(d -> d[0]).toArray();
          double deviation = Math.sqrt(StatUtils.variance(draws));
          // Two means of 10,000 draws each.
          assertThat(distribution.getMeans()[0])
              .isCloseTo(StatUtils.mean(draws), within(4 * deviation * Math.sqrt(2) / 100));
          assertThat(distribution.getStandardDeviations()[0])
              .isCloseTo(deviation, within(0.05 * deviation));
          assertThat(distribution.getSupportLowerBounds())
              .containsExactly(Double.NEGATIVE_INFINITY);
          assertThat(distribution.getSupportUpperBounds())
              .containsExactly(Double.POSITIVE_INFINITY);
          assertThatExceptionOfType(DimensionMismatchException.class)
              .isThrownBy(() -> face.density(new double[] {1, 2}));
          assertThatExceptionOfType(NotStrictlyPositiveException.class)
              .isThrownBy(() -> face.sample(0));
          assertThatExceptionOfType(InvalidInput.class)
              .isThrownBy(() -> new DiscreteDiffusionDistribution(model, 1))
              .withMessageContaining("the model is of 1 numbers, which have a density")
              .withMessageContaining("use DiffusionDistribution");
        });
  }

  @Test
  @DisplayName("of bits has probabilities that are one in all, and those of its draws")
  void probabilities() {
    with(
        BITS,
        model -> {
          DiscreteDiffusionDistribution distribution =
              new DiscreteDiffusionDistribution(model, 2000);
          assertThat(distribution.getDimension()).isEqualTo(4);
          int[] counts = new int[16];
          for (int[] draw : distribution.sample(20_000)) {
            counts[draw[0] + 2 * draw[1] + 4 * draw[2] + 8 * draw[3]]++;
          }
          double all = 0;
          for (int state = 0; state < 16; state++) {
            int[] bits = {state & 1, state >> 1 & 1, state >> 2 & 1, state >> 3};
            double probability = distribution.probability(bits);
            all += probability;
            // Draws to four standard errors, and trajectories to a few per cent.
            assertThat(counts[state] / 20_000.0)
                .as("state %d", state)
                .isCloseTo(
                    probability, within(4 * Math.sqrt(probability / 20_000) + 0.08 * probability));
          }
          assertThat(all).isCloseTo(1, within(0.03));
        });
  }

  @Test
  @DisplayName("of bits knows its support, its seeds and what it is not")
  void discrete() {
    with(
        BITS,
        model -> {
          DiscreteDiffusionDistribution distribution = new DiscreteDiffusionDistribution(model, 20);
          int[] outside = {0, 1, 2, 0};
          assertThat(distribution.isSupported(outside)).isFalse();
          assertThat(distribution.isSupported(new int[] {0, 1, 1, 0})).isTrue();
          assertThat(distribution.probability(outside)).isZero();
          assertThat(distribution.logProbability(outside)).isEqualTo(Double.NEGATIVE_INFINITY);
          distribution.reseedRandomGenerator(3);
          int[][] first = distribution.sample(50);
          distribution.reseedRandomGenerator(3);
          assertThat(distribution.sample(50)).isDeepEqualTo(first);
          assertThat(distribution.sample()).hasSize(4);
          assertThatExceptionOfType(DimensionMismatchException.class)
              .isThrownBy(() -> distribution.probability(new int[] {1}));
          assertThatExceptionOfType(NotStrictlyPositiveException.class)
              .isThrownBy(() -> distribution.sample(0));
          assertThatExceptionOfType(InvalidInput.class)
              .isThrownBy(() -> new DiffusionDistribution(model, 1))
              .withMessageContaining("the model is of 4 bits, which have probabilities")
              .withMessageContaining("use DiscreteDiffusionDistribution");
        });
  }

  @Test
  @DisplayName("has a flow that is refused by the kinds of its parts")
  void refusesFlow() throws IOException {
    with(
        BITS,
        model ->
            assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> FlowLikelihood.of(model))
                .withMessageContaining("needs a Gaussian path, and kernel 'binomial' has none"));
    with(
        line().replace("depth: 1", "depth: 1, time: readout"),
        model ->
            assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> FlowLikelihood.of(model))
                .withMessageContaining("network 'mlp' as it is set has a readout for each")
                .withMessageContaining("of its 8 steps"));
  }
}
