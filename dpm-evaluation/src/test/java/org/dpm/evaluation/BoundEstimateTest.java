package org.dpm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.engine.Devices;
import org.dpm.evaluation.MeasuredBound.TwoLooks;
import org.dpm.testkit.KnownModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * On normal data with the exact reverse steps, where K of an example is its log density: the spread
 * over examples is that of a chi-squared number, and every step's chance is a square of a normal
 * one.
 */
@DisplayName("The error of K")
class BoundEstimateTest {

  private static final int DIMENSIONS = 2;
  private static final double VARIANCE = 0.3;
  private static final double LOG_2 = Math.log(2);

  /** abar falls from 0.9999 to 0.0001. */
  private static final Schedule SCHEDULE = time -> time.mul(-18.4).add(9.2);

  /** q(x_s|x_t) of the data, which no model can better. */
  private static final ReverseKernel EXACT =
      new ReverseKernel() {
        @Override
        public int outputs() {
          return 1;
        }

        @Override
        public boolean denoises() {
          return false;
        }

        @Override
        public Distribution data(NDArray current, NDArray output, Stage stage) {
          throw new UnsupportedOperationException("steps are no belief");
        }

        @Override
        public Distribution transition(NDArray current, NDArray output, Stage stage) {
          NDArray earlier = stage.previousSignal().mul(VARIANCE).add(stage.previousNoise());
          NDArray later = stage.signal().mul(VARIANCE).add(stage.noise());
          NDArray mean = current.mul(stage.kept().sqrt().mul(earlier).div(later));
          NDArray variance = earlier.mul(stage.beta()).div(later);
          return DiagonalGaussian.of(mean, variance);
        }
      };

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Diffusion diffusion(int steps) {
    return new Diffusion(
        new Shape(DIMENSIONS),
        Grid.even(steps),
        LastStep.LEARNED,
        SCHEDULE,
        KnownModel.gaussian().diffusion(Grid.even(2), 0).forward(),
        EXACT,
        (x, time, condition) -> x.expandDims(1));
  }

  private NDArray data(int count, long seed) {
    Noise noise = Noise.of(seed, "data");
    float[] x = new float[count * DIMENSIONS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (Math.sqrt(VARIANCE) * noise.gaussian());
    }
    return manager.create(x, new Shape(count, DIMENSIONS));
  }

  private static MeasuredBound measure(
      Diffusion diffusion, NDArray data, int timesteps, Noise noise) {
    return BoundEstimate.measure(
        diffusion, Distribution::perExample, data, timesteps, noise, Progress.NONE);
  }

  private static double signal(int t, int steps) {
    return t == 0 ? 1 : 1 / (1 + Math.exp(18.4 * t / steps - 9.2));
  }

  /**
   * Variance in nats of one look at all steps of one example. The mean of q(x_{t-1}|x_t,x_0) is off
   * the model's by a number m x_0 + s z with z normal, and costs its square over twice the model's
   * variance.
   */
  private static double chance(int steps) {
    double sum = 0;
    for (int t = 1; t <= steps; t++) {
      double now = signal(t, steps);
      double before = signal(t - 1, steps);
      double beta = 1 - now / before;
      double earlier = before * VARIANCE + 1 - before;
      double later = now * VARIANCE + 1 - now;
      double ofCurrent = Math.sqrt(1 - beta) * ((1 - before) / (1 - now) - earlier / later);
      double m = Math.sqrt(before) * beta / (1 - now) + ofCurrent * Math.sqrt(now);
      double s = ofCurrent * Math.sqrt(1 - now);
      double variance = earlier * beta / later;
      sum += (2 * Math.pow(s, 4) + 4 * m * m * VARIANCE * s * s) / Math.pow(2 * variance, 2);
    }
    return DIMENSIONS * sum;
  }

  @Test
  @DisplayName("has, where every step is looked at, both parts that the closed forms give")
  void closedForms() {
    int count = 4000;
    int steps = 8;
    MeasuredBound bound = measure(diffusion(steps), data(count, 1), steps, Noise.of(1, "test"));
    double entropy = DIMENSIONS * 0.5 * Math.log(2 * Math.PI * Math.E * VARIANCE);
    assertThat(bound.bits()).isCloseTo(-entropy / LOG_2, within(4 * bound.standardError()));
    // 2,000 examples are looked at twice. A chi-squared number of two degrees has kurtosis 9: its
    // deviation is known to sqrt(8 / 4 / 2000), 3.2 per cent. The chance of the looks adds less.
    assertThat(bound.exampleError())
        .isCloseTo(Math.sqrt(DIMENSIONS / 2.0 / count) / LOG_2, withPercentage(4 * 4.2));
    // Differences of such squares have a kurtosis of less than 15: the deviation is known to
    // sqrt(14 / 4 / 2000), 4.2 per cent.
    assertThat(bound.estimateError())
        .isCloseTo(Math.sqrt(chance(steps) / count) / LOG_2, withPercentage(4 * 4.2));
  }

  @Test
  @DisplayName("is, where each example has a few steps, that of repeating the estimate")
  void repetitions() {
    int count = 2500;
    int repetitions = 40;
    Diffusion diffusion = diffusion(120);
    NDArray data = data(count, 2);
    List<MeasuredBound> bounds =
        IntStream.range(0, repetitions)
            .mapToObj(i -> measure(diffusion, data, 2, Noise.of(i, "again")))
            .toList();
    double[] bits = bounds.stream().mapToDouble(MeasuredBound::bits).toArray();
    double[] told = bounds.stream().mapToDouble(MeasuredBound::estimateError).toArray();
    double error = Math.sqrt(StatUtils.sumSq(told) / repetitions);
    // The deviation of 40 numbers is known to 1 / sqrt(80); what was told, from 10 batches each
    // time, to 1 / sqrt(800).
    assertThat(error)
        .isCloseTo(new StandardDeviation().evaluate(bits), withPercentage(4 * 100 * 0.117));
    double[] nats = BoundEstimate.nats(diffusion, data, 2, Noise.of(0, "again"));
    double ofExamples = Math.sqrt(DIMENSIONS / 2.0 / count) / LOG_2;
    double naive = Bits.ofNats(nats).standardError();
    assertThat(Math.sqrt(naive * naive - ofExamples * ofExamples))
        .as("what it would be if the examples did not share their steps evenly")
        .isGreaterThan(2 * error);
  }

  @Test
  @DisplayName(
      "of the examples is the spread that both looks see, of the estimate that of one look")
  void parts() {
    double[][] nats = {{1}, {2}, {4}, {9}};
    List<TwoLooks> each =
        List.of(
            new TwoLooks(new double[] {1}, new double[] {1.5}),
            new TwoLooks(new double[] {4}, new double[] {3}));
    MeasuredBound bound = MeasuredBound.of(nats, each);
    assertThat(bound.bits()).isCloseTo(4 / LOG_2, within(1e-12));
    // Half the mean square of the differences, and the covariance, both over four examples.
    assertThat(bound.estimateError())
        .isCloseTo(Math.sqrt((0.25 + 1) / 2 / 2 / 4) / LOG_2, within(1e-12));
    assertThat(bound.exampleError())
        .isCloseTo(Math.sqrt(1.5 * 0.75 * 2 / 4) / LOG_2, within(1e-12));
    assertThat(bound.standardError())
        .isCloseTo(Math.sqrt((0.3125 + 2.25) / 4) / LOG_2, within(1e-12));
  }

  @Test
  @DisplayName("forgets what cancels within a group, and has no spread of a single example")
  void cancels() {
    double[][] nats = {{1}, {2}, {4}, {9}};
    TwoLooks group = new TwoLooks(new double[] {1, 2, 4, 9}, new double[] {2, 1, 3, 10});
    assertThat(MeasuredBound.of(nats, List.of(group)).estimateError()).isZero();
    MeasuredBound single =
        MeasuredBound.of(
            new double[][] {{3}}, List.of(new TwoLooks(new double[] {3}, new double[] {5})));
    assertThat(single.estimateError()).isCloseTo(Math.sqrt(2) / LOG_2, within(1e-12));
    assertThat(single.exampleError()).isNaN();
  }

  @Test
  @DisplayName("of the examples is no less than what chance could hide")
  void hidden() {
    double[] one = {1, -1, 1, -1, 1, -1, 1, -1, 0};
    double[] other = {1, 1, -1, -1, 1, 1, -1, -1, 0};
    double[][] nats = Arrays.stream(one).mapToObj(x -> new double[] {x}).toArray(double[][]::new);
    MeasuredBound bound = MeasuredBound.of(nats, List.of(new TwoLooks(one, other)));
    // The looks have nothing in common. Chance has a variance of one, known from eight.
    assertThat(bound.exampleError())
        .isCloseTo(Math.sqrt(1 / Math.sqrt(8) / 9) / LOG_2, within(1e-9));
  }

  @Test
  @DisplayName(
      "belongs to K of each example, whatever batch that is in: ten of thirty are the first")
  void firstTen() {
    NDArray data = data(30, 3);
    NDArray ten = data.get("0:10");
    for (int timesteps : new int[] {3, 8}) {
      // With few steps, some of the thirty are looked at step 1, which takes another formula.
      double[] all = BoundEstimate.nats(diffusion(8), data, timesteps, Noise.of(1, "test"));
      assertThat(BoundEstimate.nats(diffusion(8), ten, timesteps, Noise.of(1, "test")))
          .containsExactly(Arrays.copyOf(all, 10), within(1e-4));
    }
    // Some of these look at step 1 alone, some never.
    for (int seed = 1; seed <= 6; seed++) {
      Noise noise = Noise.of(seed, "alone");
      double all = BoundEstimate.nats(diffusion(8), ten, 3, noise)[0];
      assertThat(BoundEstimate.nats(diffusion(8), data.get("0:1"), 3, noise))
          .containsExactly(new double[] {all}, within(1e-4));
    }
    double[] many = BoundEstimate.nats(diffusion(8), data(600, 4), 3, Noise.of(1, "test"));
    double[] some =
        BoundEstimate.nats(diffusion(8), data(600, 4).get("0:260"), 3, Noise.of(1, "test"));
    assertThat(some).containsExactly(Arrays.copyOf(many, 260), within(1e-4));
  }

  @Test
  @DisplayName("is that of the sum, where K is told of each element")
  void elements() {
    NDArray data = data(300, 5);
    for (int timesteps : new int[] {3, 8}) {
      Noise noise = Noise.of(1, "test");
      MeasuredBound whole = measure(diffusion(8), data, timesteps, noise);
      MeasuredBound parts =
          BoundEstimate.measure(diffusion(8), x -> x, data, timesteps, noise, Progress.NONE);
      assertThat(whole.parts()).containsExactly(whole.bits());
      assertThat(parts.parts()).hasSize(DIMENSIONS);
      assertThat(parts.parts().get(0) + parts.parts().get(1)).isCloseTo(whole.bits(), within(1e-4));
      assertThat(parts.standardError()).isCloseTo(whole.standardError(), within(1e-4));
    }
  }
}
