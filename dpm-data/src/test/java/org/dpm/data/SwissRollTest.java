package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.apache.commons.math3.analysis.integration.UnivariateIntegrator;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.api.Variables;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The swiss roll")
class SwissRollTest {

  private static final double FIRST = 1.5 * Math.PI;
  private static final double LENGTH = 3 * Math.PI;

  @Test
  @DisplayName("has the numbers of two-dimensional examples that were asked for")
  void counts() {
    DataSource roll = roll(30, 20, 0.25, 1);
    assertThat(roll.variables()).isEqualTo(Variables.columns(List.of("x1", "x2")));
    assertThat(roll.count(Split.TRAINING)).isEqualTo(30);
    assertThat(roll.count(Split.HELD_OUT)).isEqualTo(20);
  }

  @Test
  @DisplayName("is the same for the same seed, and another for another seed or set")
  void seeds() {
    float[][] points = Sources.examples(roll(50, 50, 0.25, 3), Split.TRAINING);
    assertThat(Sources.examples(roll(50, 50, 0.25, 3), Split.TRAINING)).isDeepEqualTo(points);
    assertThat(Sources.examples(roll(50, 50, 0.25, 4), Split.TRAINING)[0]).isNotEqualTo(points[0]);
    assertThat(Sources.examples(roll(50, 50, 0.25, 3), Split.HELD_OUT)[0]).isNotEqualTo(points[0]);
  }

  @Test
  @DisplayName("begins with the same points however many there are")
  void grows() {
    float[][] few = Sources.examples(roll(30, 20, 0.25, 3), Split.TRAINING);
    float[][] many = Sources.examples(roll(50, 40, 0.25, 3), Split.TRAINING);
    assertThat(Arrays.copyOf(many, 30)).isDeepEqualTo(few);
    assertThat(many[30]).isNotIn((Object[]) few);
  }

  @Test
  @DisplayName("reads an example into its place and leaves the rest alone")
  void readsAtOffset() {
    DataSource roll = roll(10, 10, 0.25, 1);
    float[] target = {7, 7, 7, 7};
    roll.read(Split.TRAINING, 3, Noise.of(1, "unused"), target, 1);
    float[] alone = Sources.examples(roll, Split.TRAINING)[3];
    assertThat(target).containsExactly(7, alone[0], alone[1], 7);
  }

  @Test
  @DisplayName("has its points about the spiral, with angles uniform along it")
  void spiral() {
    double noise = 0.01;
    int count = 10_000;
    SummaryStatistics offsets = new SummaryStatistics();
    SummaryStatistics fractions = new SummaryStatistics();
    for (float[] point : Sources.examples(roll(count, 1, noise, 1), Split.TRAINING)) {
      // So close to the roll, the radius is the angle, and the noise across it is the noise in it.
      double radius = Math.hypot(point[0], point[1]);
      double turn = 2 * Math.PI;
      double angle = Math.atan2(point[1], point[0]);
      double unrolled = angle + turn * Math.rint((radius - angle) / turn);
      offsets.addValue(radius - unrolled);
      fractions.addValue((unrolled - FIRST) / LENGTH);
    }
    // Radius minus angle has the variance noise^2 (1 + 1/phi^2), of which the second part has the
    // mean 1 / (1.5 pi 4.5 pi) = 0.0150. A standard deviation's relative error is 1/sqrt(2 n).
    assertThat(offsets.getStandardDeviation() / noise)
        .isCloseTo(Math.sqrt(1.0150), within(4 / Math.sqrt(2.0 * count)));
    assertThat(fractions.getMean()).isCloseTo(0.5, within(4 / Math.sqrt(12.0 * count)));
    // The variance of a squared uniform deviation is 1/180.
    assertThat(fractions.getPopulationVariance())
        .isCloseTo(1.0 / 12, within(4 / Math.sqrt(180.0 * count)));
    assertThat(fractions.getMin()).isCloseTo(0, within(0.01));
    assertThat(fractions.getMax()).isCloseTo(1, within(0.01));
  }

  @Test
  @DisplayName("scaled to unit variance and with noise 0.25 has a mean log density of -0.949 bits")
  void entropy() {
    DataSource roll = roll(20_000, 1, 0.25, 1);
    SummaryStatistics x = new SummaryStatistics();
    SummaryStatistics y = new SummaryStatistics();
    SummaryStatistics bits = new SummaryStatistics();
    for (float[] point : Sources.examples(roll, Split.TRAINING)) {
      x.addValue(point[0]);
      y.addValue(point[1]);
      bits.addValue(roll.trueLogDensity(point).getAsDouble() / Math.log(2));
    }
    double scale = log2(x.getStandardDeviation()) + log2(y.getStandardDeviation());
    // Four standard errors of the mean and of the two scales, each of which is known to
    // 1 / sqrt(2 n) relatively at worst, and half a unit of the last given digit.
    double error = Math.sqrt((bits.getVariance() + 1 / (Math.log(2) * Math.log(2))) / 20_000);
    assertThat(bits.getMean() + scale).isCloseTo(-0.949, within(4 * error + 0.0005));
    assertThat(error).isLessThan(0.015);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1})
  @DisplayName("has a density that integrates to one")
  void integratesToOne(double noise) {
    SwissRollDensity density = new SwissRollDensity(noise);
    // The rectangle rule converges faster than any power for so smooth a function once the step is
    // below the noise: at half of it the error is exp(-2 pi^2 4) = 5e-35. Seven deviations beyond
    // the roll nothing is left.
    double step = noise / 2;
    double edge = 4.5 * Math.PI + 7 * noise;
    double sum = 0;
    for (double x = -edge; x < edge; x += step) {
      for (double y = -edge; y < edge; y += step) {
        sum += Math.exp(density.log(x, y)) * step * step;
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 1, 4})
  @DisplayName("has the density that an independent quadrature finds")
  void agreesWithAnotherQuadrature(double noise) {
    DataSource roll = roll(20, 1, noise, 2);
    for (float[] point : Sources.examples(roll, Split.TRAINING)) {
      assertThat(roll.trueLogDensity(point).getAsDouble())
          .isCloseTo(reference(point[0], point[1], noise), within(1e-8));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 1})
  @DisplayName("has an exact density where two turns are equally near, and far from all of them")
  void agreesAwayFromTheRoll(double noise) {
    SwissRollDensity density = new SwissRollDensity(noise);
    double[][] points = {{0, 0}, {3 * Math.PI, 0}, {0.1, -9.4}, {20, -3}, {-14.2, 0.3}, {0, 14.1}};
    for (double[] point : points) {
      assertThat(density.log(point[0], point[1]))
          .as("at %s", Arrays.toString(point))
          .isCloseTo(reference(point[0], point[1], noise), within(1e-8));
    }
  }

  @Test
  @DisplayName("has a density for any point at all, at once")
  void farAway() {
    SwissRollDensity density = new SwissRollDensity(0.05);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (double far : new double[] {1e2, 1e4, 1e8, 1e20, Float.MAX_VALUE}) {
            double squares = Math.pow((far - 4.5 * Math.PI) / 0.05, 2) / 2;
            // The nearest point of the roll is at most a turn's width away from the edge.
            assertThat(-density.log(far, 0) / squares).isCloseTo(1, within(20 / far + 1e-9));
          }
          assertThat(density.log(Double.NaN, 0)).isNaN();
          assertThat(density.log(0, Double.POSITIVE_INFINITY)).isNaN();
        });
  }

  @Test
  @DisplayName("finds five thousand densities in about a second")
  void isFast() {
    DataSource roll = roll(2, 5000, 0.05, 1);
    float[][] points = Sources.examples(roll, Split.HELD_OUT);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (float[] point : points) {
            roll.trueLogDensity(point);
          }
        });
  }

  @Test
  @DisplayName("refuses settings that make no roll")
  void refusals() {
    assertThatThrownBy(() -> new SwissRoll.Settings(1, 5, 0.25, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be at least 2, but is 1");
    assertThatThrownBy(() -> new SwissRoll.Settings(10, 0, 0.25, 1))
        .hasMessage("heldOut must be at least 1, but is 0");
    assertThatThrownBy(() -> new SwissRoll.Settings(10, 5, 0, 1))
        .hasMessage("noise must be from 1e-6 to 1e6, but is 0.0");
    assertThatThrownBy(() -> new SwissRoll.Settings(10, 5, Double.NaN, 1))
        .hasMessage("noise must be from 1e-6 to 1e6, but is NaN");
  }

  /** Adaptive quadrature over thirty-two hundred pieces, the largest value taken out first. */
  private static double reference(double x, double y, double noise) {
    double largest = Double.NEGATIVE_INFINITY;
    int pieces = 3200;
    for (int i = 0; i <= pieces * 10; i++) {
      double angle = FIRST + LENGTH * i / (pieces * 10);
      largest = Math.max(largest, logNormal(x, y, angle, noise));
    }
    double shift = largest;
    UnivariateFunction integrand = angle -> Math.exp(logNormal(x, y, angle, noise) - shift);
    UnivariateIntegrator quadrature = new IterativeLegendreGaussIntegrator(5, 1e-11, 1e-16, 2, 30);
    double sum = 0;
    for (int i = 0; i < pieces; i++) {
      double from = FIRST + LENGTH * i / pieces;
      double to = FIRST + LENGTH * (i + 1) / pieces;
      sum += quadrature.integrate(1 << 20, integrand, from, to);
    }
    return largest + Math.log(sum / LENGTH);
  }

  private static double logNormal(double x, double y, double angle, double noise) {
    double dx = x - angle * Math.cos(angle);
    double dy = y - angle * Math.sin(angle);
    return -(dx * dx + dy * dy) / (2 * noise * noise) - Math.log(2 * Math.PI * noise * noise);
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  private static DataSource roll(int count, int heldOut, double noise, long seed) {
    return new SwissRoll(new SwissRoll.Settings(count, heldOut, noise, seed));
  }
}
