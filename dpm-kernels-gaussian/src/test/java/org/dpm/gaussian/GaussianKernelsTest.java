package org.dpm.gaussian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gaussian data N(m, s^2), of which the Bayes reverse step, K and all entropies are known: nothing
 * here is trained, and nothing is left to chance but where a test says so.
 */
@DisplayName("The Gaussian kernels, on Gaussian data,")
class GaussianKernelsTest extends EngineFixture {

  private static final int STEPS = 40;
  private static final double MEAN = 0.3;
  private static final double DEVIATION = 0.6;

  /** What the kernel sees has m and s for moments, as a pixel's may be. */
  private static final DataSummary DATA =
      new DataSummary(new Shape(1), List.of(MEAN), List.of(DEVIATION));

  private static final double LINE = 18.4 / (STEPS - 1);

  /** logSnr from 9.2 at step 1 to -9.2 at step T, in a straight line. */
  private static final Schedule SCHEDULE =
      time -> time.mul((float) -LINE * STEPS).add((float) (9.2 + LINE));

  private final GaussianPath path = new VariancePreserving();
  private final ForwardKernel forward = new GaussianForwardKernel(path);

  private static double noiseAt(int step) {
    return step == 0 ? 0 : 1 / (1 + Math.exp(9.2 - LINE * (step - 1)));
  }

  private static double betaAt(int step) {
    return 1 - (1 - noiseAt(step)) / (1 - noiseAt(step - 1));
  }

  /** Variance of the diffused data at a step. */
  private static double varianceAt(int step) {
    return (1 - noiseAt(step)) * DEVIATION * DEVIATION + noiseAt(step);
  }

  /** Variance of q(x_{t-1} | x_t, x_0). */
  private static double posteriorVariance(int step) {
    return betaAt(step) * noiseAt(step - 1) / noiseAt(step);
  }

  /** Variance of the exact q(x_{t-1} | x_t): precisions of the two sides added. */
  private static double bayesVariance(int step) {
    return 1 / (1 / varianceAt(step - 1) + (1 - betaAt(step)) / betaAt(step));
  }

  /** Variance of the exact q(x_0 | x_t). */
  private static double beliefVariance(int step) {
    return noiseAt(step) * DEVIATION * DEVIATION / varianceAt(step);
  }

  /**
   * The network that knows: E[v | x_t] and the variance of x_0, as the reverse kernel wants them.
   */
  private static Diffusion.Answer oracle(double varianceFactor) {
    return (x, time, condition) -> {
      int step = Math.round(time.getFloat(0) * STEPS);
      double signal = Math.sqrt(1 - noiseAt(step));
      double noise = Math.sqrt(noiseAt(step));
      double gain = signal * DEVIATION * DEVIATION / varianceAt(step);
      NDArray data = x.sub((float) (signal * MEAN)).mul((float) gain).add((float) MEAN);
      NDArray velocity = x.mul((float) signal).sub(data).div((float) noise);
      double open = noiseAt(step);
      double z = Math.log(beliefVariance(step) * varianceFactor / open);
      return NDArrays.stack(new NDList(velocity, x.zerosLike().add((float) z)), 1);
    };
  }

  private Diffusion diffusion(LastStep lastStep, Diffusion.Answer network) {
    return new Diffusion(
        new Shape(1),
        Grid.even(STEPS),
        lastStep,
        SCHEDULE,
        forward,
        reverse(GaussianReverseKernel.Prediction.VELOCITY, GaussianReverseKernel.Variance.LEARNED),
        network);
  }

  private GaussianReverseKernel reverse(
      GaussianReverseKernel.Prediction prediction, GaussianReverseKernel.Variance variance) {
    return new GaussianReverseKernel(
        new GaussianReverseKernel.Settings(prediction, variance),
        forward,
        path,
        SCHEDULE,
        Grid.even(STEPS),
        DATA);
  }

  /** Data at m +- s: two points that have the mean of any quadratic function of Gaussian data. */
  private NDArray twoPoints() {
    float low = (float) (MEAN - DEVIATION);
    float high = (float) (MEAN + DEVIATION);
    return manager.create(new float[] {low, high, low, high}, new Shape(4, 1));
  }

  private NDArray signs() {
    return manager.create(new float[] {-1, -1, 1, 1}, new Shape(4, 1));
  }

  @Test
  @DisplayName("have K's divergence of every step in closed form, to 1e-4 bits in the sum")
  void divergences() {
    Diffusion diffusion = diffusion(LastStep.FORWARD, oracle(1));
    double computed = 0;
    double expected = 0;
    for (int t = 2; t <= STEPS; t++) {
      Stage stage = diffusion.stage(twoPoints(), t);
      DiagonalGaussian marginal = (DiagonalGaussian) forward.marginal(twoPoints(), stage);
      NDArray current = marginal.mean().add(marginal.variance().sqrt().mul(signs()));
      double divergence =
          forward
              .posterior(twoPoints(), current, stage)
              .divergence(diffusion.back(current, stage))
              .mean()
              .getFloat();
      double exact = 0.5 * Math.log(bayesVariance(t) / posteriorVariance(t));
      assertThat(divergence).as("step %d", t).isCloseTo(exact, within(2e-5));
      computed += divergence;
      expected += exact;
    }
    assertThat(computed / Math.log(2)).isCloseTo(expected / Math.log(2), within(1e-4));
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("give the bound K of the exact model within its standard error")
  void bound(LastStep lastStep) {
    int count = 20_000;
    NDArray like = manager.zeros(new Shape(count, 1));
    NDArray data = Noise.of(3, "data").gaussian(like).mul((float) DEVIATION).add((float) MEAN);
    NDArray cost =
        new VariationalBound(diffusion(lastStep, oracle(1))).total(data, Noise.of(3, "bound"));
    double[] costs = doubles(cost);
    double mean = DoubleStream.of(costs).average().orElseThrow();
    double variance = DoubleStream.of(costs).map(c -> (c - mean) * (c - mean)).sum() / (count - 1);
    assertThat(mean).isCloseTo(expectedCost(lastStep), within(4 * Math.sqrt(variance / count)));
  }

  /** -K in nats of the model that has every reverse step right but, perhaps, the last. */
  private static double expectedCost(LastStep lastStep) {
    double end = noiseAt(STEPS);
    double secondMoment = (1 - end) * (DEVIATION * DEVIATION + MEAN * MEAN);
    double cost = 0.5 * (end + secondMoment - 1 - Math.log(end));
    for (int t = 2; t <= STEPS; t++) {
      cost += 0.5 * Math.log(bayesVariance(t) / posteriorVariance(t));
    }
    if (lastStep == LastStep.LEARNED) {
      return cost + 0.5 * Math.log(2 * Math.PI * Math.E * bayesVariance(1));
    }
    double beta = noiseAt(1);
    double square = DEVIATION * DEVIATION + MEAN * MEAN;
    return cost + 0.5 * (Math.log(2 * Math.PI * beta) + 1 - beta + beta * square);
  }

  @Test
  @DisplayName("show in K that a reverse variance is wrong")
  void wrongVarianceShows() {
    NDArray data = twoPoints();
    Noise noise = Noise.of(3, "bound");
    float right =
        new VariationalBound(diffusion(LastStep.FORWARD, oracle(1)))
            .total(data, noise)
            .mean()
            .getFloat();
    float wrong =
        new VariationalBound(diffusion(LastStep.FORWARD, oracle(5)))
            .total(data, noise)
            .mean()
            .getFloat();
    assertThat(wrong).isGreaterThan(right + 0.1f);
  }

  @Test
  @DisplayName("reach the marginal step by step: mean and variance compose exactly")
  void compose() {
    Diffusion diffusion = diffusion(LastStep.FORWARD, oracle(1));
    NDArray data = twoPoints();
    NDArray mean = data;
    NDArray variance = data.zerosLike();
    for (int t = 1; t <= STEPS; t++) {
      Stage stage = diffusion.stage(data, t);
      DiagonalGaussian marginal = (DiagonalGaussian) forward.marginal(data, stage);
      DiagonalGaussian step = (DiagonalGaussian) forward.transition(mean, stage);
      mean = step.mean();
      variance = variance.mul(stage.kept()).add(step.variance());
      assertThat(mean.sub(marginal.mean()).abs().max().getFloat()).as("mean").isLessThan(1e-5f);
      assertThat(variance.div(marginal.variance()).sub(1f).abs().max().getFloat())
          .as("variance at %d", t)
          .isLessThan(1e-4f);
    }
  }

  @Test
  @DisplayName("predict the same mean whichever quantity the network gives")
  void meansAgree() {
    Diffusion diffusion = diffusion(LastStep.FORWARD, oracle(1));
    NDArray data = twoPoints();
    for (int t : new int[] {2, 15, 30}) {
      Stage stage = diffusion.stage(data, t);
      NDArray signal = stage.signal().sqrt();
      NDArray noise = stage.noise().sqrt();
      NDArray e = manager.create(new float[] {0.4f, -1f, 0f, 2f}, new Shape(4, 1));
      NDArray current = data.mul(signal).add(e.mul(noise));
      NDArray expected = forward.posterior(data, current, stage).mean();
      NDArray velocity = e.mul(signal).sub(data.mul(noise));
      assertMean(GaussianReverseKernel.Prediction.DATA, data, current, stage, expected);
      assertMean(GaussianReverseKernel.Prediction.NOISE, e, current, stage, expected);
      assertMean(GaussianReverseKernel.Prediction.VELOCITY, velocity, current, stage, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 15, 30, 40})
  @DisplayName(
      "need no network to be right about the mean when preconditioned by the data's moments")
  void preconditioned(int t) {
    Stage stage = diffusion(LastStep.FORWARD, oracle(1)).stage(twoPoints(), t);
    NDArray current = manager.create(new float[] {-1, 0, 0.5f, 2}, new Shape(4, 1));
    NDArray output = manager.zeros(new Shape(4, 1, 1));
    NDArray mean =
        reverse(
                GaussianReverseKernel.Prediction.PRECONDITIONED,
                GaussianReverseKernel.Variance.FORWARD)
            .transition(current, output, stage)
            .mean();
    // The exact E[x_{t-1} | x_t] of Gaussian data: precisions from both sides.
    double kept = 1 - betaAt(t);
    double prior = Math.sqrt(1 - noiseAt(t - 1)) * MEAN;
    for (int i = 0; i < 4; i++) {
      double x = current.getFloat(i, 0);
      double expected =
          bayesVariance(t) * (prior / varianceAt(t - 1) + x * Math.sqrt(kept) / betaAt(t));
      assertThat(mean.getFloat(i, 0)).isCloseTo((float) expected, within(2e-5f));
    }
  }

  private void assertMean(
      GaussianReverseKernel.Prediction prediction,
      NDArray answer,
      NDArray current,
      Stage stage,
      NDArray expected) {
    Distribution step =
        reverse(prediction, GaussianReverseKernel.Variance.FORWARD)
            .transition(current, answer.expandDims(1), stage);
    assertThat(step.mean().sub(expected).abs().max().getFloat())
        .as("%s", prediction)
        .isLessThan(3e-5f);
  }

  @Test
  @DisplayName("follow the paper's formula: mu = (x - z)(1 - Sigma) + z, Sigma about beta")
  void paperFormula() {
    Stage stage = diffusion(LastStep.FORWARD, oracle(1)).stage(twoPoints(), 20);
    NDArray current = twoPoints();
    NDArray output = manager.create(new float[] {0.5f, 0, 0.5f, 1, 0.5f, -1, 0.5f, 2});
    DiagonalGaussian step =
        (DiagonalGaussian)
            reverse(GaussianReverseKernel.Prediction.PAPER, GaussianReverseKernel.Variance.LEARNED)
                .transition(current, output.reshape(4, 2, 1), stage);
    double beta = betaAt(20);
    for (int i = 0; i < 4; i++) {
      double z = output.getFloat(2L * i + 1);
      double variance = 1 / (1 + Math.exp(-z) * (1 - beta) / beta);
      double x = current.getFloat(i, 0);
      assertThat(step.variance().getFloat(i, 0)).isCloseTo((float) variance, within(1e-5f));
      assertThat(step.mean().getFloat(i, 0))
          .isCloseTo((float) ((x - 0.5) * (1 - variance) + 0.5), within(1e-5f));
    }
  }

  @Test
  @DisplayName("draw samples that have the data's mean and variance")
  void samples() {
    int count = 20_000;
    Diffusion diffusion = diffusion(LastStep.LEARNED, oracle(1));
    double[] drawn = doubles(draw(diffusion, count));
    double mean = DoubleStream.of(drawn).average().orElseThrow();
    double variance = DoubleStream.of(drawn).map(x -> (x - mean) * (x - mean)).sum() / count;
    double error = DEVIATION / Math.sqrt(count);
    // pi is not quite q(x_T): the signal left there moves the mean by less than 1e-2 * m.
    assertThat(mean).isCloseTo(MEAN, within(4 * error + 0.01 * MEAN));
    assertThat(Math.sqrt(variance)).isCloseTo(DEVIATION, within(4 * error));
  }

  private NDArray draw(Diffusion diffusion, int count) {
    NDArray x = diffusion.end(manager.zeros(new Shape(count, 1))).sample(Noise.of(5, "start"));
    for (int t = diffusion.steps(); t >= 1; t--) {
      x = diffusion.back(x, diffusion.stage(x, t)).sample(Noise.of(5, "samples").at(t));
    }
    return x;
  }

  @Test
  @DisplayName(
      "lose nothing in noise regression when the noise is known, and unit variance when not")
  void noiseRegression() {
    NoiseRegression objective = new NoiseRegression(path);
    NDArray data = manager.zeros(new Shape(4000, 1)).add((float) MEAN);
    Diffusion.Answer known =
        (x, time, condition) -> {
          NDArray step = time.reshape(-1, 1);
          NDArray logSnr = SCHEDULE.logSnr(step);
          NDArray signal = logSnr.getNDArrayInternal().sigmoid().sqrt();
          NDArray noise = logSnr.neg().getNDArrayInternal().sigmoid().sqrt();
          return x.sub(signal.mul((float) MEAN)).div(noise).expandDims(1);
        };
    assertThat(loss(objective, data, known)).isLessThan(1e-3);
    Diffusion.Answer nothing = (x, time, condition) -> x.zerosLike().expandDims(1);
    // Mean square of 4000 standard normal numbers: standard error sqrt(2 / 4000).
    assertThat(loss(objective, data, nothing)).isCloseTo(1, within(4 * Math.sqrt(2 / 4000.0)));
  }

  private double loss(NoiseRegression objective, NDArray data, Diffusion.Answer network) {
    Diffusion diffusion =
        new Diffusion(
            new Shape(1),
            Grid.even(STEPS),
            LastStep.FORWARD,
            SCHEDULE,
            forward,
            reverse(GaussianReverseKernel.Prediction.NOISE, GaussianReverseKernel.Variance.FORWARD),
            network);
    return objective.loss(data, diffusion, Noise.of(1, "loss")).mean().getFloat();
  }

  @Test
  @DisplayName("stay finite where beta is 1")
  void fullNoiseAtTheEnd() {
    Stage stage =
        Stage.of(
            new double[] {1},
            new double[] {0.975},
            manager.create(new float[] {Float.NEGATIVE_INFINITY}, new Shape(1, 1)),
            manager.create(new float[] {-3}, new Shape(1, 1)));
    NDArray data = twoPoints();
    NDArray output = manager.zeros(new Shape(4, 2, 1));
    Stream.of(
            GaussianReverseKernel.Prediction.PAPER,
            GaussianReverseKernel.Prediction.DATA,
            GaussianReverseKernel.Prediction.VELOCITY)
        .forEach(
            prediction -> {
              Distribution p =
                  reverse(prediction, GaussianReverseKernel.Variance.LEARNED)
                      .transition(signs(), output, stage);
              NDArray divergence = forward.posterior(data, signs(), stage).divergence(p);
              assertThat(Float.isFinite(divergence.sum().getFloat())).as("%s", prediction).isTrue();
            });
    assertThat(stage.beta().getFloat()).isEqualTo(1f);
  }

  private static double[] doubles(NDArray array) {
    float[] values = array.toFloatArray();
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
