package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Distribution;
import org.dpm.api.Multipliable;
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

  /**
   * A third, which is nearly what is tested but not quite: off by a tenth or so. Where the two
   * differ by a shift of a symmetric law alone, nothing tells KL(p || q) from KL(q || p).
   */
  protected Distribution near(NDManager manager) {
    Distribution distribution = distribution(manager);
    if (distribution instanceof Multipliable multipliable) {
      return multipliable.power(multipliable.mean().onesLike().mul(0.9));
    }
    throw new IllegalStateException("override near(...), which this family needs");
  }

  /**
   * Every value that a number can take; or, where some numbers hang together, every value of such a
   * block, and of all of one length. Only the joint law of a block is looked at. Empty for a
   * density.
   */
  protected List<double[]> outcomes() {
    return List.of();
  }

  /** Where the density is, for a law that has one. */
  protected Support support() {
    return Support.line();
  }

  /** The outcomes of bits, for {@link #outcomes}. */
  protected static List<double[]> bits() {
    return List.of(new double[] {0}, new double[] {1});
  }

  /** The outcomes of one of several classes, for {@link #outcomes}: one number for each is 1. */
  protected static List<double[]> oneHot(int classes) {
    List<double[]> outcomes = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      double[] outcome = new double[classes];
      outcome[i] = 1;
      outcomes.add(outcome);
    }
    return outcomes;
  }

  final Blocks blocks(NDArray like) {
    int width = outcomes().isEmpty() ? 1 : outcomes().get(0).length;
    return Blocks.of(width, like.size() / like.getShape().get(0));
  }

  @Test
  @DisplayName("has probabilities that add up to one")
  void addsUpToOne() {
    assertAddsUp("probabilities", distribution(manager));
  }

  final void assertAddsUp(String what, Distribution distribution) {
    assertThat(expectation(distribution, x -> 1))
        .as(what)
        .containsOnly(new double[] {1}, within(summation(distribution)));
  }

  @Test
  @DisplayName("has the mean that its probabilities say")
  void meanIsTheFirstMoment() {
    Distribution distribution = distribution(manager);
    double[] mean = doubles(distribution.mean());
    if (!support().circle()) {
      assertThat(expectation(distribution, x -> x))
          .containsExactly(mean, within(summation(distribution) * largest(mean)));
      return;
    }
    double[] cosine = expectation(distribution, x -> Math.cos(angle(x)));
    double[] sine = expectation(distribution, x -> Math.sin(angle(x)));
    for (int i = 0; i < mean.length; i++) {
      double towards = Math.atan2(sine[i], cosine[i]);
      assertThat(Math.cos(angle(mean[i]) - towards))
          .as("cosine of the angle between number %d's mean and the mean of its directions", i)
          .isCloseTo(1, within(summation(distribution)));
    }
  }

  private double angle(double x) {
    return 2 * Math.PI * (x - support().low()) / support().period();
  }

  @Test
  @DisplayName("draws with the moments that its probabilities say")
  void samplesHaveTheMoments() {
    Distribution distribution = distribution(manager);
    boolean circle = support().circle();
    Of[] moments = {
      circle ? x -> Math.cos(angle(x)) : x -> x,
      circle ? x -> Math.sin(angle(x)) : x -> x * x,
      circle ? x -> Math.cos(2 * angle(x)) : x -> Math.tanh(x)
    };
    double[][] draws = draws(distribution);
    for (int k = 0; k < moments.length; k++) {
      Of moment = moments[k];
      double[] expected = expectation(distribution, moment);
      for (int i = 0; i < expected.length; i++) {
        double rounding = summation(distribution) * (1 + Math.abs(expected[i]));
        new Draws(Arrays.stream(draws[i]).map(moment::value).toArray())
            .assertExpectation(
                "moment %d of number %d".formatted(k + 1, i),
                expected[i],
                moments.length * expected.length,
                rounding);
      }
    }
  }

  @Test
  @DisplayName("draws numbers of one example independently, unless they hang together")
  void elementsAreIndependent() {
    Distribution distribution = distribution(manager);
    NDArray like = distribution.mean();
    int size = Math.toIntExact(like.size());
    double[][] draws = draws(distribution);
    int count = draws[0].length;
    double[] rows = new double[count * size];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < size; j++) {
        rows[i * size + j] = draws[j][i];
      }
    }
    Blocks all = Blocks.of(blocks(like).width(0), size);
    new Sampled(1, all, block -> true)
        .assertIndependentElements(manager.create(rows, new Shape(count, size)), "draws");
  }

  @Test
  @DisplayName("has for an entropy the average surprise of its draws, in nats")
  void entropyIsTheAverageSurprise() {
    Distribution distribution = distribution(manager);
    double[] entropy = blocks(distribution.mean()).sums(distribution.entropy());
    double[] expected = blockExpectation(distribution, logProbability -> -logProbability[0]);
    assertThat(entropy)
        .as("entropy")
        .containsExactly(expected, within(summation(distribution) * largest(expected)));
  }

  @Test
  @DisplayName("has for a divergence the average log ratio of its draws, in nats")
  void divergenceIsTheAverageLogRatio() {
    Distribution distribution = distribution(manager);
    Distribution other = other(manager);
    double[] divergence = blocks(distribution.mean()).sums(distribution.divergence(other));
    double[] expected = blockExpectation(distribution, l -> l[0] - l[1], other);
    for (int i = 0; i < divergence.length; i++) {
      assertThat(divergence[i])
          .as("divergence of block %d from another", i)
          .isPositive()
          .isCloseTo(expected[i], within(summation(distribution) * largest(expected)));
    }
  }

  @Test
  @DisplayName("has the right divergence from a law that is nearly the same, and not the reverse")
  void divergenceFromWhatIsNear() {
    Distribution distribution = distribution(manager);
    Distribution near = near(manager);
    double[] divergence = blocks(distribution.mean()).sums(distribution.divergence(near));
    // r - 1 - log r adds positive numbers only, so that nothing cancels.
    double[] exact = blockExpectation(distribution, l -> excess(l[1] - l[0]), near);
    double[] reverse = blockExpectation(near, l -> excess(l[1] - l[0]), distribution);
    double unit = single(distribution) ? 1e-6 : 1e-12;
    double sharpest = 0;
    for (int i = 0; i < exact.length; i++) {
      double tolerance = 2e-3 * exact[i] + unit * (1 + Math.abs(exact[i]));
      assertThat(divergence[i])
          .as("divergence of block %d from what is near to it", i)
          .isCloseTo(exact[i], within(tolerance));
      sharpest = Math.max(sharpest, Math.abs(reverse[i] - exact[i]) / tolerance);
    }
    // In some families KL(p || q) = KL(q || p) always, and there is nothing to tell apart.
    if (isAsymmetric(distribution, other(manager))) {
      assertThat(sharpest)
          .as("KL(p || q) - KL(q || p), of p and what near(...) gives, in tolerances")
          .isGreaterThan(3);
    }
  }

  private boolean isAsymmetric(Distribution one, Distribution other) {
    double[] there = blockExpectation(one, l -> l[0] - l[1], other);
    double[] back = blockExpectation(other, l -> l[0] - l[1], one);
    return IntStream.range(0, there.length)
        .anyMatch(i -> Math.abs(there[i] - back[i]) > 1e-3 * Math.abs(there[i]));
  }

  /** e^x - 1 - x. */
  private static double excess(double x) {
    return Math.abs(x) < 1e-3 ? x * x / 2 * (1 + x / 3 * (1 + x / 4)) : Math.expm1(x) - x;
  }

  @Test
  @DisplayName("does not diverge from itself")
  void divergenceFromItselfIsZero() {
    Distribution distribution = distribution(manager);
    assertThat(doubles(distribution.divergence(distribution(manager))))
        .containsOnly(new double[] {0}, within(rounding(distribution.mean(), 0)));
  }

  @Test
  @DisplayName("refuses to compare itself with a law of another family")
  void refusesOtherFamilies() {
    Distribution distribution = distribution(manager);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> distribution.divergence(new AnotherFamily(distribution.mean())));
  }

  @Test
  @DisplayName("comes again after a period, if it is on a circle")
  void comesAgain() {
    assumeTrue(support().circle(), "not on a circle");
    Distribution distribution = distribution(manager);
    NDArray x = distribution.sample(noise("again"));
    assertAlike(
        "log probability a period on",
        x,
        doubles(distribution.logProbability(x.add(support().period()))),
        doubles(distribution.logProbability(x)));
  }

  @Test
  @DisplayName("draws the same for the same noise and something else for other noise")
  void drawsFollowTheNoise() {
    Distribution distribution = distribution(manager);
    int differences = 0;
    for (int i = 0; i < 100; i++) {
      double[] first = doubles(distribution.sample(noise("draw").at(i)));
      double[] again = doubles(distribution.sample(noise("draw").at(i)));
      double[] other = doubles(distribution.sample(noise("other draw").at(i)));
      assertThat(again).as("draw with the same noise").isEqualTo(first);
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

  @FunctionalInterface
  private interface Of {
    double value(double x);
  }

  @FunctionalInterface
  interface OfLogs {
    double value(double... logProbability);
  }

  /** Draws of each number, from one distribution asked again and again. */
  private double[][] draws(Distribution distribution) {
    int count = 4_000;
    int size = Math.toIntExact(distribution.mean().size());
    double[][] values = new double[size][count];
    for (int i = 0; i < count; i++) {
      try (NDScope scope = new NDScope()) {
        double[] row = doubles(distribution.sample(noise("draws").at(i)));
        for (int j = 0; j < size; j++) {
          values[j][i] = row[j];
        }
      }
    }
    return values;
  }

  /** Where sums and integrals are taken: x of every number, and how much it counts for. */
  private interface Visitor {
    void visit(NDArray at, double[] x, double[] weights);
  }

  /** E f(x) for each number: a sum over the outcomes, or an integral over the support. */
  private double[] expectation(Distribution distribution, Of function) {
    Blocks blocks = blocks(distribution.mean());
    int[] block = blocks.ofNumbers();
    double[] total = new double[Math.toIntExact(distribution.mean().size())];
    visit(
        distribution,
        (at, x, weights) -> {
          double[] logProbability = blocks.sums(distribution.logProbability(at));
          for (int i = 0; i < total.length; i++) {
            int of = i / block.length * blocks.count() + block[i % block.length];
            total[i] += function.value(x[i]) * Math.exp(logProbability[of]) * weights[i];
          }
        });
    return total;
  }

  /** E f(log p, log of others) for each block. */
  final double[] blockExpectation(
      Distribution distribution, OfLogs function, Distribution... others) {
    Blocks blocks = blocks(distribution.mean());
    double[] total =
        new double[Math.toIntExact(distribution.mean().size() / blocks.size()) * blocks.count()];
    visit(
        distribution,
        (at, x, weights) -> {
          double[][] logs = new double[others.length + 1][];
          logs[0] = blocks.sums(distribution.logProbability(at));
          for (int k = 0; k < others.length; k++) {
            logs[k + 1] = blocks.sums(others[k].logProbability(at));
          }
          for (int i = 0; i < total.length; i++) {
            int row = i;
            double probability = Math.exp(logs[0][i]);
            if (probability > 0) {
              double[] of = Arrays.stream(logs).mapToDouble(log -> log[row]).toArray();
              int number = i / blocks.count() * blocks.size() + blocks.start(i % blocks.count());
              total[i] += function.value(of) * probability * weights[number];
            }
          }
        });
    return total;
  }

  private void visit(Distribution distribution, Visitor visitor) {
    if (!outcomes().isEmpty()) {
      visitOutcomes(distribution.mean(), visitor);
    } else if (support().isLine()) {
      visitLine(distribution, visitor);
    } else {
      visitInterval(distribution.mean(), visitor);
    }
  }

  private void visitOutcomes(NDArray like, Visitor visitor) {
    double[] weights = new double[Math.toIntExact(like.size())];
    Arrays.fill(weights, 1);
    for (double[] outcome : outcomes()) {
      double[] x = new double[weights.length];
      Arrays.setAll(x, i -> outcome[i % outcome.length]);
      visit(like, x, weights, visitor);
    }
  }

  /**
   * The trapezoidal rule in v, x = centre + scale sinh(v): fine where the mass is, and far enough
   * out for heavy tails. It converges exponentially for smooth densities.
   */
  private void visitLine(Distribution distribution, Visitor visitor) {
    double step = 0.02;
    double[] centres = doubles(distribution.mean());
    double[] scales = scales(distribution);
    for (double v = -10; v <= 10; v += step) {
      double[] x = new double[centres.length];
      double[] weights = new double[centres.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = centres[i] + scales[i] * Math.sinh(v);
        weights[i] = scales[i] * Math.cosh(v) * step;
      }
      visit(distribution.mean(), x, weights, visitor);
    }
  }

  /** Midpoints on a circle, where they converge exponentially; else with ends drawn together. */
  private void visitInterval(NDArray like, Visitor visitor) {
    int count = 2_000;
    int size = Math.toIntExact(like.size());
    for (int k = 0; k < count; k++) {
      double u = (k + 0.5) / count;
      // 6 u^5 - 15 u^4 + 10 u^3, whose slope vanishes at the ends.
      double place = support().circle() ? u : u * u * u * (10 + u * (6 * u - 15));
      double slope = support().circle() ? 1 : 30 * u * u * (1 - u) * (1 - u);
      double[] x = new double[size];
      double[] weights = new double[size];
      Arrays.fill(x, support().low() + support().period() * place);
      Arrays.fill(weights, support().period() * slope / count);
      visit(like, x, weights, visitor);
    }
  }

  private static void visit(NDArray like, double[] x, double[] weights, Visitor visitor) {
    try (NDScope scope = new NDScope()) {
      NDArray at = like.getManager().create(x, like.getShape()).toType(like.getDataType(), false);
      visitor.visit(at, x, weights);
    }
  }

  /** How wide each density is: the median distance of its draws from the mean. */
  private double[] scales(Distribution distribution) {
    int count = 101;
    double[] centres = doubles(distribution.mean());
    double[][] distances = new double[centres.length][count];
    for (int i = 0; i < count; i++) {
      double[] x = doubles(distribution.sample(noise("scale").at(i)));
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

  /** Some values of every number, where the mass is. */
  final List<NDArray> points(Distribution distribution) {
    List<NDArray> points = new ArrayList<>();
    NDArray like = distribution.mean();
    if (!outcomes().isEmpty()) {
      visitOutcomes(like, (at, x, weights) -> points.add(kept(at, manager)));
      return points;
    }
    for (int i = 0; i < 6; i++) {
      points.add(distribution.sample(noise("points").at(i)));
    }
    return points;
  }

  private static boolean single(Distribution distribution) {
    return distribution.mean().getDataType() != DataType.FLOAT64;
  }

  /** What sums and integrals of probabilities may be off by. */
  static double summation(Distribution distribution) {
    return single(distribution) ? 1e-4 : 1e-7;
  }

  private static double largest(double[] values) {
    return 1 + Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
