package org.dpm.categorical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dpm.api.Bernoulli;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A cell of three classes next to one of two and one of four, so that each has its own end. */
@DisplayName("A categorical distribution")
class CategoricalTest {

  private static final Blocks BLOCKS = new Blocks(List.of(3, 2, 4));
  private static final int[] FROM = {0, 3, 5, 9};

  private static final double[] P = {0.2, 0.3, 0.5, 0.9, 0.1, 1e-6, 0.25, 0.7, 0.049999};
  private static final double[] Q = {0.4, 0.5, 0.1, 0.3, 0.7, 1e-3, 0.299, 0.2, 0.5};

  /** One class is certain, one impossible, and one is neither. */
  private static final double[] SURE = {0, 1, 0, 0.25, 0.75, 0.5, 0, 0.5, 0};

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

  private static NDArray row(double... values) {
    return manager.create(values, new Shape(1, values.length));
  }

  private static Categorical of(double... p) {
    return Categorical.of(BLOCKS, BLOCKS.apart(row(p), 0));
  }

  /** Those of one cell. */
  private static double[] cell(int cell, double... slots) {
    return Arrays.copyOfRange(slots, FROM[cell], FROM[cell + 1]);
  }

  private static double sum(NDArray elementwise, int cell) {
    return Arrays.stream(cell(cell, elementwise.toDoubleArray())).sum();
  }

  @Test
  @DisplayName("has the mean, log probabilities, entropy and divergence of the closed forms")
  void closedForms() {
    assertThat(of(P).mean().toDoubleArray()).containsExactly(P, within(1e-15));
    for (int cell = 0; cell < 3; cell++) {
      double[] p = cell(cell, P);
      double[] q = cell(cell, Q);
      assertThat(sum(of(P).entropy(), cell)).isCloseTo(ExactCategories.entropy(p), within(1e-14));
      assertThat(sum(of(P).divergence(of(Q)), cell))
          .isCloseTo(ExactCategories.divergence(p, q), within(1e-9));
      for (int k = 0; k < p.length; k++) {
        double[] x = new double[P.length];
        x[FROM[cell] + k] = 1;
        assertThat(sum(of(P).logProbability(row(x)), cell))
            .isCloseTo(Math.log(p[k]), within(1e-14));
      }
    }
  }

  @Test
  @DisplayName(
      "is exact where a class is impossible: 0 log 0 = 0, and what cannot be has no chance")
  void impossible() {
    Categorical sure = of(SURE);
    assertThat(sure.entropy().toDoubleArray()).doesNotContain(Double.NaN);
    assertThat(sum(sure.entropy(), 0)).isZero();
    assertThat(sum(sure.entropy(), 2)).isCloseTo(Math.log(2), within(1e-15));
    assertThat(sure.divergence(sure).toDoubleArray()).containsOnly(0);
    for (int cell = 0; cell < 3; cell++) {
      assertThat(sum(sure.divergence(of(P)), cell))
          .isCloseTo(ExactCategories.divergence(cell(cell, SURE), cell(cell, P)), within(1e-12));
    }
    assertThat(sum(of(P).divergence(sure), 0)).isInfinite();
    assertThat(sum(of(P).divergence(sure), 1)).isFinite();
    assertThat(sum(sure.logProbability(row(0, 1, 0, 1, 0, 0, 0, 1, 0)), 0)).isZero();
    assertThat(sum(sure.logProbability(row(1, 0, 0, 1, 0, 0, 0, 1, 0)), 0))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  @DisplayName("loses no digits in the divergence from a close one, in single precision")
  void closeDivergence() {
    for (double rare : new double[] {1e-6, 1e-3, 0.3}) {
      double[] p = {1 - 1.5 * rare, rare, rare / 2};
      double moved = 0x1p-8;
      double[] q = {1, rare * Math.exp(moved), rare / 2};
      q = ExactCategories.normalised(1 - 1.5 * rare, q[1], q[2]);
      double expected = ExactCategories.divergence(p, q);
      Blocks one = new Blocks(List.of(3));
      NDArray log =
          row(Math.log(p[0]), Math.log(p[1]), Math.log(p[2])).toType(DataType.FLOAT32, false);
      Categorical here = Categorical.ofLog(one, one.apart(log, 0));
      float[] divergence =
          here.divergence(
                  here.tilted(manager.create(new float[] {0, (float) moved, 0}, new Shape(1, 3))))
              .toFloatArray();
      double computed = (double) divergence[0] + divergence[1] + divergence[2];
      // Logarithms near -14 are known to 1e-6, their difference of 1/256 to 1/4000, squared.
      assertThat(computed).as("p = %s", rare).isCloseTo(expected, within(1e-3 * expected));
    }
  }

  @Test
  @DisplayName("multiplies, divides and takes powers like the numbers themselves, class by class")
  void products() {
    double[] factor = {0.1, 0.1, 0.8, 0.5, 0.5, 0.7, 0.1, 0.1, 0.1};
    double[] g = {0.3, -1, 2, 0, 0.7, 3, -2, 1, 0};
    assertProportional(of(P).times(of(factor)), i -> P[i] * factor[i]);
    assertProportional(of(P).times(of(factor), of(Q)), i -> P[i] * factor[i] / Q[i]);
    assertProportional(of(P).power(row(0.3)), i -> Math.pow(P[i], 0.3));
    assertProportional(of(P).tilted(row(g)), i -> P[i] * Math.exp(g[i]));
    assertProportional(of(SURE).times(of(SURE), of(SURE)), i -> SURE[i]);
    assertProportional(of(SURE).power(row(P)), i -> SURE[i] == 0 ? 0 : Math.pow(SURE[i], P[i]));
    assertThat(of(P).affine(row(1), row(0)).mean()).isEqualTo(of(P).mean());
  }

  private static void assertProportional(Multipliable product, IntToDoubleFunction weight) {
    double[] mean = product.mean().toDoubleArray();
    for (int cell = 0; cell < 3; cell++) {
      int from = FROM[cell];
      double[] expected =
          ExactCategories.normalised(
              IntStream.range(from, FROM[cell + 1]).mapToDouble(weight).toArray());
      assertThat(cell(cell, mean)).containsExactly(expected, within(1e-14));
    }
  }

  @Test
  @DisplayName("draws each class as often as it says, one to a cell, and cells independently")
  void samples() {
    int count = 100_000;
    double[] p = {0.2, 0.3, 0.5, 0.9, 0.1, 0.001, 0.25, 0, 0.749};
    Categorical law = Categorical.of(BLOCKS, BLOCKS.apart(row(p), 0).broadcast(count, 3, 4));
    NDArray drawn = law.sample(Noise.of(4, "samples"));
    double[] mean = drawn.mean(new int[] {0}).toDoubleArray();
    for (int i = 0; i < p.length; i++) {
      double error = Math.sqrt(p[i] * (1 - p[i]) / count);
      assertThat(mean[i]).as("slot %d", i).isCloseTo(p[i], within(4 * error));
    }
    for (int cell = 0; cell < 3; cell++) {
      NDArray inCell = drawn.get(":, %d:%d".formatted(FROM[cell], FROM[cell + 1]));
      assertThat(inCell.sum(new int[] {1}).toDoubleArray()).containsOnly(1);
    }
    double[] together = drawn.transpose().matMul(drawn).toDoubleArray();
    for (int i = 0; i < 3; i++) {
      for (int j = 3; j < 9; j++) {
        double both = p[i] * p[j];
        double error = Math.sqrt(both * (1 - both) / count);
        assertThat(together[i * 9 + j] / count)
            .as("slots %d and %d", i, j)
            .isCloseTo(both, within(4 * error + 1e-12));
      }
    }
  }

  @Test
  @DisplayName("draws the same for an example whatever the batch, and what is certain always")
  void sameDraws() {
    NDArray five = BLOCKS.apart(row(P), 0).broadcast(5, 3, 4);
    NDArray all = Categorical.of(BLOCKS, five).sample(Noise.of(1, "x"));
    NDArray two = Categorical.of(BLOCKS, five.get("3:")).sample(Noise.of(1, "x").from(3));
    assertThat(two).isEqualTo(all.get("3:"));
    float[] certain = new float[9 * 2000];
    for (int i = 0; i < 2000; i++) {
      certain[9 * i + 2] = 1;
      certain[9 * i + 3] = 1;
      certain[9 * i + 6] = 1;
    }
    NDArray slots = manager.create(certain, new Shape(2000, 9));
    Categorical point = Categorical.of(BLOCKS, BLOCKS.apart(slots, 0));
    assertThat(point.sample(Noise.of(2, "x"))).isEqualTo(slots);
  }

  @Test
  @DisplayName("has gradients that are finite wherever the value is, and right")
  void gradients() {
    double[] logits = {-300, 0, 1, 0.5, -0.5, Double.NEGATIVE_INFINITY, 2, 0, -1};
    Categorical other = of(Q);
    assertGradient(logits, z -> Categorical.ofLog(BLOCKS, z).entropy());
    assertGradient(logits, z -> Categorical.ofLog(BLOCKS, z).divergence(other));
    Categorical certain = of(0, 0.4, 0.6, 1, 0, 0, 0.3, 0.5, 0.2);
    assertGradient(logits, z -> certain.divergence(Categorical.ofLog(BLOCKS, z)));
    assertGradient(
        logits, z -> Categorical.ofLog(BLOCKS, z).logProbability(row(0, 1, 0, 1, 0, 0, 1, 0, 0)));
  }

  private static void assertGradient(double[] at, UnaryOperator<NDArray> function) {
    UnaryOperator<NDArray> total =
        z -> function.apply(BLOCKS.apart(z, Float.NEGATIVE_INFINITY)).sum();
    NDArray x = row(at);
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(total.apply(x));
    }
    double[] gradient = x.getGradient().toDoubleArray();
    for (int i = 0; i < at.length; i++) {
      double[] more = at.clone();
      double[] less = at.clone();
      more[i] += 1e-5;
      less[i] -= 1e-5;
      double slope =
          (total.apply(row(more)).getDouble() - total.apply(row(less)).getDouble()) / 2e-5;
      assertThat(gradient[i]).as("slot %d", i).isCloseTo(slope, within(1e-8));
    }
  }

  @Test
  @DisplayName("is compared and multiplied with the same categories only")
  void families() {
    Bernoulli bits = Bernoulli.of(row(P));
    Categorical narrower = Categorical.of(new Blocks(List.of(9)), row(P).reshape(1, 1, 9));
    assertThatThrownBy(() -> of(P).divergence(bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("categories go with the same categories, not with Bernoulli");
    assertThatThrownBy(() -> of(P).times(narrower)).isInstanceOf(IllegalArgumentException.class);
  }
}
