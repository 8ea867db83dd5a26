package org.dpm.gaussian;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Collections;
import java.util.List;
import org.dpm.api.DataSummary;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A learned schedule may go on into noise in which single precision finds no signal at all: e^-103
 * is 0 there, and the slope of its root is infinite.
 */
@DisplayName("Deep in the noise, the Gaussian kernels")
class DeepNoiseTest extends EngineFixture {

  @ParameterizedTest(name = "from log SNR {1} to {2}, predicting {0}")
  @DisplayName("give the schedule a finite slope of the bound's step")
  @CsvSource({
    "PAPER, -240, -250",
    "PAPER, -20, -250",
    "DATA, -240, -250",
    "DATA, -20, -250",
    "VELOCITY, -240, -250",
    "VELOCITY, -20, -250",
    "PRECONDITIONED, -240, -250",
    "PRECONDITIONED, -20, -250",
    // Who divides by the signal needs its inverse, squared, in single precision.
    "NOISE, -240, -250",
  })
  void slopesAreFinite(GaussianReverseKernel.Prediction prediction, float from, float to) {
    GaussianPath path = new VariancePreserving();
    ForwardKernel forward = new GaussianForwardKernel(path);
    // The second element is the same in all examples: it has no variance.
    DataSummary summary =
        new DataSummary(new Shape(2), Collections.nCopies(2, 0.0), List.of(1.0, 0.0));
    GaussianReverseKernel reverse =
        new GaussianReverseKernel(
            new GaussianReverseKernel.Settings(prediction, GaussianReverseKernel.Variance.LEARNED),
            forward,
            path,
            time -> time.mul(-500),
            Grid.even(2),
            summary);
    NDArray ends = manager.create(new float[] {to, from}, new Shape(2, 1));
    ends.setRequiresGradient(true);
    NDArray data = manager.create(new float[] {0.7f, 0}, new Shape(1, 2));
    NDArray output = manager.create(new float[] {0.2f, -0.4f, 0.1f, 0.3f}, new Shape(1, 2, 2));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Stage stage =
          Stage.of(new double[] {1}, new double[] {0.5}, ends.get("0:1"), ends.get("1:2"));
      NDArray current = forward.marginal(data, stage).sample(Noise.of(3, "deep"));
      Distribution truth = forward.posterior(data, current, stage);
      NDArray cost = truth.divergence(reverse.transition(current, output, stage)).sum();
      assertThat(cost.getFloat()).isFinite();
      collector.backward(cost);
    }
    for (float slope : ends.getGradient().toFloatArray()) {
      assertThat(slope).isFinite();
    }
  }
}
