package org.dpm.binomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.function.UnaryOperator;
import org.dpm.api.Bernoulli;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Noise;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A Bernoulli distribution")
class BernoulliTest {

  private static final double[] PROBABILITIES = {
    1e-9, 1e-6, 1e-3, 0.1, 0.2, 0.499, 0.5, 0.75, 0.9, 0.999
  };

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static NDManager manager;

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static Bernoulli bits(double... probability) {
    float[] logOdds = new float[probability.length];
    for (int i = 0; i < logOdds.length; i++) {
      logOdds[i] = (float) ExactBits.logOdds(probability[i]);
    }
    return Bernoulli.ofLogOdds(manager.create(logOdds));
  }

  /**
   * Relative errors are those of the log odds, a few units in the last place of numbers near 20.
   */
  private static void assertClose(float actual, double expected, String what) {
    assertThat((double) actual).as(what).isCloseTo(expected, within(1e-5 * Math.abs(expected)));
  }

  @Test
  @DisplayName("has the mean, the log probabilities and the entropy of the closed forms")
  void closedForms() {
    Bernoulli bits = bits(PROBABILITIES);
    NDArray ones = bits.logOdds().onesLike();
    for (int i = 0; i < PROBABILITIES.length; i++) {
      double p = PROBABILITIES[i];
      String what = "p = " + p;
      assertClose(bits.mean().getFloat(i), p, what);
      assertClose(bits.logProbability(ones).getFloat(i), Math.log(p), what);
      assertClose(bits.logProbability(ones.zerosLike()).getFloat(i), Math.log1p(-p), what);
      assertClose(bits.entropy().getFloat(i), ExactBits.entropy(p), what);
    }
  }

  @Test
  @DisplayName("has the divergence of the closed form, between any two probabilities")
  void divergence() {
    for (double p : PROBABILITIES) {
      for (double q : PROBABILITIES) {
        float divergence = bits(p).divergence(bits(q)).getFloat();
        double here = ExactBits.logOdds(p);
        double there = ExactBits.logOdds(q);
        double expected = ExactBits.divergence(here, there);
        // What remains of the two terms that are subtracted, m d each, is known to their rounding.
        double rounding = 1.2e-7 * Math.min(p, 1 - p) * Math.abs(there - here);
        assertThat((double) divergence)
            .as("KL(%s || %s)", p, q)
            .isCloseTo(expected, within(2e-5 * expected + rounding));
      }
    }
  }

  @Test
  @DisplayName("loses no digits in the divergence from a close one")
  void closeDivergence() {
    for (double p : PROBABILITIES) {
      // Log odds of 0 and 1/1024 are exact in single precision, and so is their difference.
      float here = Math.round(ExactBits.logOdds(p) * 16) / 16f;
      float there = here + 0x1p-10f;
      float divergence =
          Bernoulli.ofLogOdds(manager.create(new float[] {here}))
              .divergence(Bernoulli.ofLogOdds(manager.create(new float[] {there})))
              .getFloat();
      double expected = ExactBits.divergence(here, there);
      // The rounding of m d is 2 / |d| times as large beside m d^2 / 2.
      assertThat((double) divergence)
          .as("p = %s", p)
          .isCloseTo(expected, within(expected * 2 / 0x1p-10 * 0x1p-23));
    }
  }

  @Test
  @DisplayName("is exact where a bit is certain: 0 log 0 = 0, and what cannot be has no chance")
  void certain() {
    Bernoulli certain = Bernoulli.of(manager.create(new float[] {0, 1}));
    Bernoulli fair = Bernoulli.of(manager.create(new float[] {0.5f, 0.5f}));
    Bernoulli opposite = Bernoulli.of(manager.create(new float[] {1, 0}));
    float log2 = (float) Math.log(2);
    assertThat(certain.logOdds().toFloatArray()).containsExactly(-INFINITY, INFINITY);
    assertThat(certain.mean().toFloatArray()).containsExactly(0, 1);
    assertZero(certain.entropy().toFloatArray());
    assertZero(certain.logProbability(certain.mean()).toFloatArray());
    assertThat(certain.logProbability(opposite.mean()).toFloatArray()).containsOnly(-INFINITY);
    assertZero(certain.divergence(certain).toFloatArray());
    assertThat(certain.divergence(fair).toFloatArray()).containsExactly(log2, log2);
    assertThat(certain.divergence(opposite).toFloatArray()).containsOnly(INFINITY);
    assertThat(fair.divergence(certain).toFloatArray()).containsOnly(INFINITY);
    for (int draw = 0; draw < 1000; draw++) {
      float[] drawn = certain.sample(Noise.of(1, "draw").at(draw)).toFloatArray();
      assertThat(drawn).containsExactly(0, 1);
    }
  }

  @Test
  @DisplayName("has gradients that are finite wherever the value is, and right")
  void gradients() {
    float[] logOdds = {-INFINITY, -30, -2, -0.3f, 0, 0.3f, 2, 30, INFINITY};
    float[] entropy = gradient(logOdds, z -> Bernoulli.ofLogOdds(z).entropy());
    NDArray other = manager.ones(new Shape(logOdds.length)).mul(0.4f);
    Bernoulli fixed = Bernoulli.ofLogOdds(other);
    float[] from = gradient(logOdds, z -> Bernoulli.ofLogOdds(z).divergence(fixed));
    float[] to = gradient(logOdds, z -> fixed.divergence(Bernoulli.ofLogOdds(z)));
    for (int i = 0; i < logOdds.length; i++) {
      double z = logOdds[i];
      String what = "log odds " + z;
      double p = 1 / (1 + Math.exp(-z));
      double spread = p * (1 - p);
      boolean endless = Double.isInfinite(z);
      assertThat(entropy[i]).as(what).isCloseTo((float) (endless ? 0 : -z * spread), within(1e-6f));
      double expected = endless ? 0 : (z - 0.4) * spread;
      assertThat(from[i]).as(what).isCloseTo((float) expected, within(1e-6f));
      if (!endless) {
        double q = 1 / (1 + Math.exp(-0.4f));
        assertThat(to[i]).as(what).isCloseTo((float) (p - q), within(1e-6f));
      }
    }
  }

  @Test
  @DisplayName("has finite gradients in a divergence of certain bits from themselves")
  void certainGradients() {
    float[] logOdds = {-INFINITY, INFINITY};
    Bernoulli certain = Bernoulli.ofLogOdds(manager.create(logOdds));
    assertZero(gradient(logOdds, z -> certain.divergence(Bernoulli.ofLogOdds(z))));
    assertZero(gradient(logOdds, z -> Bernoulli.ofLogOdds(z).divergence(certain)));
  }

  /** Of either sign. */
  private static void assertZero(float... values) {
    for (float value : values) {
      assertThat(value + 0f).isZero();
    }
  }

  private static float[] gradient(float[] at, UnaryOperator<NDArray> function) {
    NDArray x = manager.create(at);
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(function.apply(x).sum());
    }
    float[] gradient = x.getGradient().toFloatArray();
    x.close();
    return gradient;
  }

  @Test
  @DisplayName("draws 1 as often as it says, and the same for the same noise")
  void samples() {
    int count = 100_000;
    for (double p : new double[] {1e-3, 0.2, 0.5, 0.9}) {
      Bernoulli bits = Bernoulli.ofLogOdds(bits(p).logOdds().broadcast(new Shape(count)));
      NDArray drawn = bits.sample(Noise.of(4, "samples"));
      double error = Math.sqrt(p * (1 - p) / count);
      assertThat((double) drawn.mean().getFloat()).as("p = %s", p).isCloseTo(p, within(4 * error));
      assertThat(bits.sample(Noise.of(4, "samples"))).isEqualTo(drawn);
      assertThat(bits.sample(Noise.of(4, "samples").at(1))).isNotEqualTo(drawn);
    }
  }

  @Test
  @DisplayName("is compared with its own family only")
  void families() {
    NDArray zero = manager.zeros(new Shape(1));
    assertThatThrownBy(() -> bits(0.5).divergence(DiagonalGaussian.ofLogVariance(zero, zero)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the divergence of bits is known from bits, not from org.dpm.api.DiagonalGaussian");
  }
}
