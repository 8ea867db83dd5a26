package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Noise")
final class NoiseTest extends ManagerFixture {

  private NDArray like(long... shape) {
    return manager.zeros(new Shape(shape), DataType.FLOAT64);
  }

  @Test
  @DisplayName("is Philox4x32-10: the known answers of Random123")
  void knownAnswers() {
    int[] zeros = new int[4];
    Noise.philox(zeros, 0, 0);
    assertThat(zeros).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    int[] ones = {-1, -1, -1, -1};
    Noise.philox(ones, -1, -1);
    assertThat(ones).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    int[] pi = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    Noise.philox(pi, 0xa4093822, 0x299f31d0);
    assertThat(pi).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  @DisplayName("has normal numbers by the inverse of their distribution, to single precision")
  void inverseNormal() {
    NormalDistribution normal = new NormalDistribution(0, 1);
    int[] words = {
      0, 1, 2, 1000, 1 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE, -1000, -1
    };
    for (int word : words) {
      double probability = ((word & 0xffffffffL) + 0.5) * 0x1p-32;
      double expected = normal.inverseCumulativeProbability(probability);
      assertThat(InverseNormal.of(word))
          .as("quantile of %s", probability)
          // Commons Math by the inverse of erf, polished by one step of Newton in the lower tail.
          .isCloseTo(polished(normal, probability, expected), within(1.2e-7 * Math.abs(expected)));
    }
  }

  private static double polished(NormalDistribution normal, double probability, double guess) {
    boolean lower = probability < 0.5;
    double p = lower ? probability : 1 - probability;
    double x = lower ? guess : -guess;
    for (int i = 0; i < 3; i++) {
      double cumulative = 0.5 * Erf.erfc(-x / Math.sqrt(2));
      x -= (cumulative - p) / normal.density(x);
    }
    return lower ? x : -x;
  }

  @Test
  @DisplayName("has the moments of normal and of uniform numbers")
  void moments() {
    int count = 100_000;
    double[] normal = Noise.of(1, "moments").gaussian(like(count, 10)).toDoubleArray();
    double[] uniform = Noise.of(1, "moments").uniform(like(count, 10)).toDoubleArray();
    double error = 5 / Math.sqrt(normal.length);
    assertThat(mean(normal, 1)).as("mean").isCloseTo(0, within(error));
    assertThat(mean(normal, 2)).as("square").isCloseTo(1, within(error * Math.sqrt(2)));
    assertThat(mean(normal, 3)).as("cube").isCloseTo(0, within(error * Math.sqrt(15)));
    assertThat(mean(normal, 4)).as("fourth power").isCloseTo(3, within(error * Math.sqrt(96)));
    assertThat(mean(uniform, 1)).as("mean").isCloseTo(0.5, within(error / Math.sqrt(12)));
    assertThat(mean(uniform, 2)).as("square").isCloseTo(1 / 3.0, within(error * 0.3));
    assertThat(Arrays.stream(uniform).min().orElseThrow()).isNotNegative();
    assertThat(Arrays.stream(uniform).max().orElseThrow()).isLessThan(1);
  }

  private static double mean(double[] values, int power) {
    return Arrays.stream(values).map(x -> Math.pow(x, power)).average().orElseThrow();
  }

  @Test
  @DisplayName("has nothing to do with noise of another example, step, position, purpose or seed")
  void independence() {
    int count = 20_000;
    Noise noise = Noise.of(1, "one");
    double[] base = row(noise, count);
    assertUnrelated("the next example", base, row(noise.from(1), count));
    assertUnrelated("example 2^32", base, row(noise.from(1L << 32), count));
    assertUnrelated("the next step", base, row(noise.at(1), count));
    assertUnrelated("another purpose", base, row(Noise.of(1, "two"), count));
    assertUnrelated("a child", base, row(noise.child("of one"), count));
    assertUnrelated("another child", row(noise.child("a"), count), row(noise.child("b"), count));
    assertUnrelated("another seed", base, row(Noise.of(2, "one"), count));
    Noise twice = Noise.of(1, "one");
    assertUnrelated("a second call", row(twice, count), row(twice, count));
    assertUnrelated(
        "the next position", Arrays.copyOf(base, count - 1), Arrays.copyOfRange(base, 1, count));
  }

  private double[] row(Noise noise, int count) {
    return noise.gaussian(like(1, count)).toDoubleArray();
  }

  private static void assertUnrelated(String what, double[] one, double[] other) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i] / one.length;
      squares += (one[i] * one[i] - 1) * (other[i] * other[i] - 1) / one.length;
    }
    assertThat(product).as(what).isCloseTo(0, within(5 / Math.sqrt(one.length)));
    assertThat(squares).as("squares, " + what).isCloseTo(0, within(10 / Math.sqrt(one.length)));
  }

  @Test
  @DisplayName("gives ten rows that are the first of a hundred, whichever way they are asked for")
  void rowsAreTheExamples() {
    double[] all = Noise.of(3, "rows").gaussian(like(100, 3, 2)).toDoubleArray();
    assertThat(Noise.of(3, "rows").gaussian(like(10, 3, 2)).toDoubleArray())
        .isEqualTo(Arrays.copyOf(all, 60));
    assertThat(Noise.of(3, "rows").from(40).gaussian(like(5, 3, 2)).toDoubleArray())
        .isEqualTo(Arrays.copyOfRange(all, 240, 270));
    double[] chosen = Noise.of(3, "rows").rows(7, 2, 7).gaussian(like(3, 3, 2)).toDoubleArray();
    assertThat(Arrays.copyOfRange(chosen, 0, 6)).isEqualTo(Arrays.copyOfRange(all, 42, 48));
    assertThat(Arrays.copyOfRange(chosen, 6, 12)).isEqualTo(Arrays.copyOfRange(all, 12, 18));
    assertThat(Arrays.copyOfRange(chosen, 12, 18)).isEqualTo(Arrays.copyOfRange(all, 42, 48));
    assertThat(Noise.of(3, "rows").from(40).subset(2, 0).gaussian(like(2, 3, 2)).toDoubleArray())
        .isEqualTo(Noise.of(3, "rows").rows(42, 40).gaussian(like(2, 3, 2)).toDoubleArray());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Noise.of(3, "rows").rows(1, 2).gaussian(like(3, 2)))
        .withMessage("noise is for 2 examples, but the batch has 3");
  }

  @Test
  @DisplayName("goes on from call to call by the size of an example, not of the batch")
  void laterCallsAreTheExamples() {
    Noise many = Noise.of(3, "calls");
    Noise one = Noise.of(3, "calls").from(4);
    many.uniform(like(10, 5));
    one.uniform(like(1, 5));
    double[] all = many.gaussian(like(10, 3)).toDoubleArray();
    assertThat(one.gaussian(like(1, 3)).toDoubleArray()).isEqualTo(Arrays.copyOfRange(all, 12, 15));
  }

  @Test
  @DisplayName("is fixed by origin, not by what was drawn before")
  void childrenAreFixedByOrigin() {
    Noise used = Noise.of(3, "origin");
    used.gaussian(like(4, 4));
    Noise fresh = Noise.of(3, "origin");
    for (List<Noise> pair :
        List.of(List.of(used.child("c"), fresh.child("c")), List.of(used.at(2), fresh.at(2)))) {
      assertThat(pair.get(0).gaussian(like(4, 4)).toDoubleArray())
          .isEqualTo(pair.get(1).gaussian(like(4, 4)).toDoubleArray());
    }
    assertThat(used.at(5).from(3).child("c").gaussian(like(2, 2)).toDoubleArray())
        .isEqualTo(fresh.from(3).at(5).child("c").gaussian(like(2, 2)).toDoubleArray())
        .isNotEqualTo(fresh.from(3).at(6).child("c").gaussian(like(2, 2)).toDoubleArray());
  }

  @Test
  @DisplayName("is the same in single precision, to rounding")
  void singlePrecision() {
    double[] exact = Noise.of(3, "type").gaussian(like(50, 7)).toDoubleArray();
    float[] single = Noise.of(3, "type").gaussian(manager.zeros(new Shape(50, 7))).toFloatArray();
    for (int i = 0; i < exact.length; i++) {
      assertThat(single[i]).isEqualTo((float) exact[i]);
    }
  }

  @Test
  @DisplayName("spreads successive examples evenly, each uniform over seeds")
  void spread() {
    int count = 1000;
    double[] spread = Noise.of(1, "spread").spread(count);
    double[] sorted = spread.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < count; i++) {
      // Multiples of the golden ratio leave no gap of three times the mean.
      assertThat(sorted[i] - sorted[i - 1]).isLessThan(3.0 / count);
    }
    assertThat(Noise.of(1, "spread").from(10).spread(5))
        .containsExactly(Arrays.copyOfRange(spread, 10, 15));
    assertThat(Noise.of(1, "spread").subset(30, 20).spread(2))
        .containsExactly(spread[30], spread[20]);
    double[] first = new double[4000];
    Arrays.setAll(first, seed -> Noise.of(seed, "spread").spread(3)[2]);
    Arrays.sort(first);
    for (int i = 0; i < first.length; i++) {
      // Kolmogorov's bound: once in a million.
      assertThat(first[i]).isCloseTo((i + 0.5) / first.length, within(0.043));
    }
  }

  @Test
  @DisplayName("has single numbers and permutations of the first example")
  void singles() {
    Noise noise = Noise.of(4, "single");
    double[] uniform = new double[20_000];
    Arrays.setAll(uniform, i -> noise.uniform());
    assertThat(mean(uniform, 1)).isCloseTo(0.5, within(5 * 0.289 / Math.sqrt(uniform.length)));
    double[] normal = new double[20_000];
    Arrays.setAll(normal, i -> noise.gaussian());
    assertThat(mean(normal, 2)).isCloseTo(1, within(5 * 1.42 / Math.sqrt(normal.length)));
    int[] places = new int[5];
    for (int i = 0; i < 5000; i++) {
      int[] order = noise.permutation(5);
      assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      places[order[0]]++;
    }
    for (int place : places) {
      assertThat(place).as("how often each is first").isBetween(850, 1150);
    }
  }
}
