package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a distribution's closed forms are those of what it draws. */
@DisplayName("A distribution")
public abstract class DistributionContract extends Contract {

  /** What is tested, over a few numbers [B, element...] that have different parameters. */
  protected abstract Distribution distribution(NDManager manager);

  /** Another of the same family and shape, none of whose numbers has the same parameters. */
  protected abstract Distribution other(NDManager manager);

  /** Every value that a number can take; empty for a density on the real line. */
  protected List<Double> outcomes() {
    return List.of();
  }

  @Test
  @DisplayName("has probabilities that add up to one")
  void addsUpToOne() {
    Distribution distribution = distribution(manager);
    assertThat(expectation(distribution, x -> 1))
        .containsOnly(new double[] {1}, within(summation(distribution)));
  }

  @Test
  @DisplayName("has the mean that its probabilities say")
  void meanIsTheFirstMoment() {
    Distribution distribution = distribution(manager);
    double[] mean = doubles(distribution.mean());
    assertThat(expectation(distribution, x -> x))
        .containsExactly(mean, within(summation(distribution) * largest(mean)));
  }

  @Test
  @DisplayName("draws with the moments that its probabilities say")
  void samplesHaveTheMoments() {
    Distribution distribution = distribution(manager);
    double[] mean = expectation(distribution, x -> x);
    double[] square = expectation(distribution, x -> x * x);
    Draws[] drawn = draws(distribution, x -> x);
    Draws[] squares = draws(distribution, x -> x.square());
    for (int i = 0; i < mean.length; i++) {
      double rounding = summation(distribution) * (1 + square[i]);
      drawn[i].assertExpectation("mean of number " + i, mean[i], 2 * mean.length, rounding);
      squares[i].assertExpectation("square of number " + i, square[i], 2 * mean.length, rounding);
    }
  }

  @Test
  @DisplayName("has for an entropy the average surprise of its draws, in nats")
  void entropyIsTheAverageSurprise() {
    Distribution distribution = distribution(manager);
    double[] entropy = doubles(distribution.entropy());
    Draws[] surprise = draws(distribution, x -> distribution.logProbability(x).neg());
    for (int i = 0; i < entropy.length; i++) {
      surprise[i].assertExpectation(
          "surprise of number " + i, entropy[i], entropy.length, summation(distribution));
    }
  }

  @Test
  @DisplayName("has for a divergence the average log ratio of its draws, in nats")
  void divergenceIsTheAverageLogRatio() {
    Distribution distribution = distribution(manager);
    Distribution other = other(manager);
    double[] divergence = doubles(distribution.divergence(other));
    Draws[] ratio =
        draws(distribution, x -> distribution.logProbability(x).sub(other.logProbability(x)));
    for (int i = 0; i < divergence.length; i++) {
      assertThat(divergence[i]).as("divergence of number %d from another", i).isPositive();
      ratio[i].assertExpectation(
          "log ratio of number " + i, divergence[i], divergence.length, summation(distribution));
    }
  }

  @Test
  @DisplayName("does not diverge from itself")
  void divergenceFromItselfIsZero() {
    Distribution distribution = distribution(manager);
    assertThat(doubles(distribution.divergence(distribution(manager))))
        .containsOnly(new double[] {0}, within(rounding(distribution.mean(), 0)));
  }

  @Test
  @DisplayName("draws the same for the same noise and something else for other noise")
  void drawsFollowTheNoise() {
    Distribution distribution = distribution(manager);
    int differences = 0;
    for (int i = 0; i < 100; i++) {
      double[] first = doubles(distribution.sample(noise("draw").child("i", i)));
      double[] again = doubles(distribution.sample(noise("draw").child("i", i)));
      double[] other = doubles(distribution.sample(noise("other").child("i", i)));
      assertThat(again).as("same noise").isEqualTo(first);
      differences += Arrays.equals(first, other) ? 0 : 1;
    }
    assertThat(differences).as("of 100 draws with other noise, that differ").isPositive();
  }

  @Test
  @DisplayName("gives every number its own value")
  void isElementwise() {
    Distribution distribution = distribution(manager);
    assertElementwise("distribution", distribution, distribution.mean(), noise("shapes"));
    assertThat(distribution.divergence(other(manager)).getShape())
        .as("shape of the divergence")
        .isEqualTo(distribution.mean().getShape());
  }

  static void assertElementwise(String name, Distribution distribution, NDArray like, Noise noise) {
    NDArray x = distribution.sample(noise);
    for (NDArray result :
        List.of(x, distribution.mean(), distribution.logProbability(x), distribution.entropy())) {
      assertThat(result.getShape()).as("shape of the %s", name).isEqualTo(like.getShape());
      assertThat(result.getDataType()).as("type of the %s", name).isEqualTo(like.getDataType());
    }
  }

  private interface Of {
    double value(double x);
  }

  private interface OfDraws {
    NDArray value(NDArray x);
  }

  /** Draws of each number, from one distribution asked again and again. */
  private Draws[] draws(Distribution distribution, OfDraws function) {
    int count = 2_500;
    int size = Math.toIntExact(distribution.mean().size());
    double[][] values = new double[size][count];
    for (int i = 0; i < count; i++) {
      double[] row = doubles(function.value(distribution.sample(noise("draws").child("i", i))));
      for (int j = 0; j < size; j++) {
        values[j][i] = row[j];
      }
    }
    return Arrays.stream(values).map(Draws::new).toArray(Draws[]::new);
  }

  /** E f(x) for each number: a sum over the outcomes, or an integral over the line. */
  private double[] expectation(Distribution distribution, Of function) {
    return outcomes().isEmpty() ? integral(distribution, function) : sum(distribution, function);
  }

  private double[] sum(Distribution distribution, Of function) {
    NDArray like = distribution.mean();
    double[] total = new double[Math.toIntExact(like.size())];
    for (double outcome : outcomes()) {
      double[] logProbability = doubles(distribution.logProbability(like.mul(0).add(outcome)));
      for (int i = 0; i < total.length; i++) {
        total[i] += function.value(outcome) * Math.exp(logProbability[i]);
      }
    }
    return total;
  }

  /**
   * The trapezoidal rule in v, x = centre + scale sinh(v): fine where the mass is, and far enough
   * out for heavy tails. It converges exponentially for smooth densities.
   */
  private double[] integral(Distribution distribution, Of function) {
    double step = 0.02;
    NDArray centre = distribution.mean();
    double[] centres = doubles(centre);
    double[] scales = scales(distribution);
    double[] total = new double[centres.length];
    for (double v = -10; v <= 10; v += step) {
      double[] x = new double[centres.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = centres[i] + scales[i] * Math.sinh(v);
      }
      NDArray at = manager.create(x, centre.getShape()).toType(centre.getDataType(), false);
      double[] logProbability = doubles(distribution.logProbability(at));
      for (int i = 0; i < x.length; i++) {
        double width = scales[i] * Math.cosh(v) * step;
        total[i] += function.value(x[i]) * Math.exp(logProbability[i]) * width;
      }
    }
    return total;
  }

  /** How wide each density is: the median distance of its draws from the mean. */
  private double[] scales(Distribution distribution) {
    int count = 101;
    double[] centres = doubles(distribution.mean());
    double[][] distances = new double[centres.length][count];
    for (int i = 0; i < count; i++) {
      double[] x = doubles(distribution.sample(noise("scale").child("i", i)));
      for (int j = 0; j < centres.length; j++) {
        distances[j][i] = Math.abs(x[j] - centres[j]);
      }
    }
    double[] scales = new double[centres.length];
    for (int j = 0; j < scales.length; j++) {
      Arrays.sort(distances[j]);
      scales[j] = distances[j][count / 2];
    }
    return scales;
  }

  /** What sums and integrals of probabilities may be off by. */
  private static double summation(Distribution distribution) {
    return distribution.mean().getDataType() == DataType.FLOAT64 ? 1e-7 : 1e-4;
  }

  private static double largest(double[] values) {
    return 1 + Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
