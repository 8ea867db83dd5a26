package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalInt;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wide Gaussian reverse kernel")
final class WideGaussianReverseKernelTest extends EngineFixture {

  private static final double V = 2.5;

  /** From 9 (hardly any noise) to -3, where there still is signal. */
  private static final Schedule SCHEDULE = time -> time.mul(-12).add(9);

  private final WideGaussianKernel forward =
      new WideGaussianKernel(new WideGaussianKernel.Settings(V));
  private final WideGaussianReverseKernel reverse = new WideGaussianReverseKernel(forward);

  private Stage stage(double logSnr, double previousLogSnr) {
    return Stage.of(
        new double[] {0.5}, new double[] {0.25}, column(logSnr), column(previousLogSnr));
  }

  private NDArray column(double value) {
    return manager.create(new double[] {value}, new Shape(1, 1));
  }

  @Test
  @DisplayName("with zeros for an answer is Bayes' own step for standard normal data")
  void zeroIsBayesForNormalData() {
    Stage stage = stage(0.3, 0.9);
    NDArray current = manager.create(new double[] {1.7, -0.4}, new Shape(1, 2));
    NDArray zero = manager.zeros(new Shape(1, 2, 2), DataType.FLOAT64);

    DiagonalGaussian step = (DiagonalGaussian) reverse.transition(current, zero, stage);

    // x_s ~ N(0, m), m = abar_s + v (1 - abar_s), and x_t | x_s ~ N(sqrt(kept) x_s, v beta).
    double kept = stage.kept().getDouble();
    double added = V * stage.beta().getDouble();
    double before = stage.previousSignal().getDouble() + V * stage.previousNoise().getDouble();
    double gain = Math.sqrt(kept) * before / (kept * before + added);
    assertThat(step.mean().toDoubleArray())
        .containsExactly(new double[] {1.7 * gain, -0.4 * gain}, within(1e-9));
    assertThat(step.variance().getDouble(0, 0))
        .isCloseTo(before * added / (kept * before + added), within(1e-9));
  }

  @Test
  @DisplayName("with zeros for an answer has the entropy of standard normal data for its bound")
  void boundIsTheEntropy() {
    Diffusion diffusion =
        new Diffusion(
            new Shape(1),
            Grid.even(20),
            Diffusion.LastStep.LEARNED,
            SCHEDULE,
            forward,
            reverse,
            (x, time, condition) -> x.expandDims(1).zerosLike().repeat(1, 2));
    NDArray like = manager.zeros(new Shape(4000, 1), DataType.FLOAT64);
    NDArray data = Noise.of(3, "data").gaussian(like);

    NDArray costs = new VariationalBound(diffusion).total(data, Noise.of(3, "test"));

    double mean = costs.mean().getDouble();
    double variance = costs.sub(mean).square().mean().getDouble();
    // The model is exact, its end included: -K is the entropy. Five standard errors.
    assertThat(mean)
        .isCloseTo(0.5 * Math.log(2 * Math.PI * Math.E), within(5 * Math.sqrt(variance / 4000)));
  }

  @Test
  @DisplayName("refuses a forward kernel of another kind, and says what to write")
  void refusesOtherKernels() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new WideGaussianReverseKernel(new OtherKernel()))
        .withMessageContaining("kernel: { kind: example/wide-gaussian }");
  }

  /** Somebody else's kernel, of which nothing is asked. */
  private static final class OtherKernel implements ForwardKernel {

    @Override
    public OptionalInt width(Space space) {
      return OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return false;
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }
  }
}
