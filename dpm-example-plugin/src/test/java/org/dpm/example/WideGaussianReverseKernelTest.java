package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wide Gaussian reverse kernel")
final class WideGaussianReverseKernelTest {

  private static final double V = 2.5;

  /** From 9 (hardly any noise) to -9 (hardly any signal). */
  private static final Schedule SCHEDULE = time -> time.mul(-18).add(9);

  private final WideGaussianKernel forward =
      new WideGaussianKernel(new WideGaussianKernel.Settings(V));
  private final WideGaussianReverseKernel reverse = new WideGaussianReverseKernel(forward);

  private NDManager manager;

  @BeforeAll
  static void keepTheEngineQuiet() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Stage stage(double logSnr, double previousLogSnr) {
    return Stage.of(column(0.5), column(logSnr), column(previousLogSnr));
  }

  private NDArray column(double value) {
    return manager.create(new double[] {value}, new Shape(1, 1));
  }

  @Test
  @DisplayName("with zeros for an answer is Bayes' own mean for standard normal data")
  void zeroIsBayesForNormalData() {
    Stage stage = stage(0.3, 0.9);
    NDArray current = manager.create(new double[] {1.7, -0.4}, new Shape(1, 2));
    NDArray zero = manager.zeros(new Shape(1, 2, 2), DataType.FLOAT64);

    NDArray mean = reverse.transition(current, zero, stage).mean();

    // x_s ~ N(0, m), m = abar_s + v (1 - abar_s), and x_t | x_s ~ N(sqrt(kept) x_s, v beta): the
    // posterior mean of x_s is sqrt(kept) m / (kept m + v beta) x_t.
    double kept = stage.kept().getDouble();
    double before = stage.previousSignal().getDouble() + V * stage.previousNoise().getDouble();
    double gain = Math.sqrt(kept) * before / (kept * before + V * stage.beta().getDouble());
    assertThat(mean.toDoubleArray())
        .containsExactly(new double[] {1.7 * gain, -0.4 * gain}, within(1e-6));
  }

  @Test
  @DisplayName("with zeros for an answer has the variance of the forward step")
  void zeroIsForwardVariance() {
    Stage stage = stage(-1, 2);
    NDArray current = manager.ones(new Shape(1, 2), DataType.FLOAT64);
    NDArray zero = manager.zeros(new Shape(1, 2, 2), DataType.FLOAT64);
    Distribution step = reverse.transition(current, zero, stage);
    assertThat(step.entropy().toDoubleArray())
        .containsExactly(
            forward.transition(current, stage).entropy().toDoubleArray(), within(1e-6));
  }

  @Test
  @DisplayName("gives the network's answer a use at every stage, also where beta is 1")
  void answerMatters() {
    for (Stage stage : new Stage[] {stage(3, 4), stage(Double.NEGATIVE_INFINITY, -2)}) {
      NDArray current = manager.create(new double[] {0.5, -1}, new Shape(1, 2));
      NDArray answer = manager.zeros(new Shape(1, 2, 2), DataType.FLOAT64);
      answer.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Distribution step = reverse.transition(current, answer, stage);
        collector.backward(step.mean().add(step.entropy()).sum());
      }
      double[] gradient = answer.getGradient().toDoubleArray();
      assertThat(gradient).doesNotContain(Double.NaN);
      assertThat(gradient[0]).isNotZero();
    }
  }

  @Test
  @DisplayName("has the bound that can be worked out for standard normal data")
  void boundIsTheOneInClosedForm() {
    int steps = 50;
    Diffusion diffusion =
        new Diffusion(
            new Shape(1),
            steps,
            Diffusion.LastStep.LEARNED,
            SCHEDULE,
            forward,
            reverse,
            (x, time) -> x.getManager().zeros(new Shape(x.getShape().get(0), 2, 1)));
    NDArray data = Noise.of(3, "data", 0).gaussian(manager.zeros(new Shape(4000, 1)));

    float[] costs =
        new VariationalBound(diffusion).total(data, Noise.of(3, "test", 0)).toFloatArray();

    double mean = IntStream.range(0, costs.length).mapToDouble(i -> costs[i]).average().orElse(0);
    double variance =
        IntStream.range(0, costs.length)
            .mapToDouble(i -> (costs[i] - mean) * (costs[i] - mean))
            .average()
            .orElse(0);
    // Five standard errors.
    assertThat(mean).isCloseTo(expectedCost(steps), within(5 * Math.sqrt(variance / costs.length)));
  }

  /** E[-K] in nats for x_0 ~ N(0, 1) and an answer of zeros, by hand: all is Gaussian. */
  private static double expectedCost(int steps) {
    double end = abar(steps, steps);
    double cost = 0.5 * (-end - Math.log(1 - end) + end / V);
    for (int t = 1; t <= steps; t++) {
      double now = abar(t, steps);
      double before = t == 1 ? 1 : abar(t - 1, steps);
      double beta = 1 - now / before;
      // Var(x_0 | x_t), and how far x_0 moves the mean of q(x_s | x_t, x_0).
      double unknown = V * (1 - now) / (now + V * (1 - now));
      double weight = Math.sqrt(before) * beta / (1 - now);
      double error = weight * weight * unknown / (V * beta);
      double ratio = (1 - before) / (1 - now);
      cost +=
          t == 1
              ? 0.5 * (Math.log(2 * Math.PI * V * beta) + error)
              : 0.5 * (ratio - 1 - Math.log(ratio) + error);
    }
    return cost;
  }

  private static double abar(int step, int steps) {
    return 1 / (1 + Math.exp(18.0 * step / steps - 9));
  }

  @Test
  @DisplayName("refuses a forward kernel of another kind, and says what to write")
  void refusesOtherKernels() {
    ForwardKernel other = new OtherKernel();
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new WideGaussianReverseKernel(other))
        .withMessageContaining("kernel: { kind: example/wide-gaussian }");
  }

  /** Somebody else's kernel: it stands still. */
  private static final class OtherKernel implements ForwardKernel {

    private final ForwardKernel still = new WideGaussianKernel(new WideGaussianKernel.Settings(1));

    @Override
    public Distribution stationary(NDArray like) {
      return still.stationary(like);
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return still.transition(previous, stage);
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return still.marginal(data, stage);
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      return still.posterior(data, current, stage);
    }
  }
}
