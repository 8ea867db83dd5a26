package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dpm.core.OptimizerSettings;
import org.dpm.engine.Derivatives;
import org.dpm.engine.Devices;
import org.dpm.engine.GradientMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Adam on flat arrays")
class FlatAdamTest {

  private NDManager manager;
  private NDArray weights;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
    weights = manager.create(new float[] {1, -2, 3});
    weights.setRequiresGradient(true);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static OptimizerSettings settings(
      OptimizerSettings.Kind kind, double weightDecay, double clip) {
    return new OptimizerSettings(
        kind, 0.1, 0.1, 0.9, 0.99, 1e-8, weightDecay, 0, OptimizerSettings.Decay.NONE, clip);
  }

  /** The gradient of sum(g x) is g. */
  private void backward(float... gradient) {
    try (GradientMode on = GradientMode.on()) {
      NDArray loss = weights.mul(manager.create(gradient)).sum();
      Derivatives.backward(loss, loss.onesLike());
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes the steps of the published algorithm")
  void steps(OptimizerSettings.Kind kind) {
    double decay = 0.3;
    double[] expected = {1, -2, 3};
    double[] m = new double[3];
    double[] v = new double[3];
    float[][] gradients = {{1, 0.5f, -2}, {0.1f, -3, 1}, {0, 0, 0.01f}};
    try (FlatAdam adam =
        new FlatAdam(settings(kind, decay, 0), manager, List.of(List.of(weights)))) {
      for (int t = 1; t <= gradients.length; t++) {
        backward(gradients[t - 1]);
        adam.update(new float[] {0.1f}, 1);
        for (int i = 0; i < 3; i++) {
          double g = gradients[t - 1][i];
          if (kind == OptimizerSettings.Kind.ADAM) {
            g += decay * expected[i];
          } else {
            expected[i] -= 0.1 * decay * expected[i];
          }
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.99 * v[i] + 0.01 * g * g;
          double first = m[i] / (1 - Math.pow(0.9, t));
          double second = v[i] / (1 - Math.pow(0.99, t));
          expected[i] -= 0.1 * first / (Math.sqrt(second) + 1e-8);
          assertThat(weights.getFloat(i)).isCloseTo((float) expected[i], within(1e-5f));
        }
      }
    }
  }

  @Test
  @DisplayName("shortens a gradient that is too long, whichever way it points, and no other")
  void clips() {
    try (FlatAdam adam =
        new FlatAdam(
            settings(OptimizerSettings.Kind.ADAM, 0, 5), manager, List.of(List.of(weights)))) {
      backward(0, -30, 40);
      assertThat(adam.update(new float[] {0}, 1)).isCloseTo(50f, within(1e-4f));
      backward(0, -0.3f, 0.4f);
      assertThat(adam.update(new float[] {0.1f}, 1)).isCloseTo(0.5f, within(1e-5f));
      // m = 0.9 * 0.1 * (0, -3, 4) + 0.1 * (0, -0.3, 0.4), corrected: the first was cut to norm 5.
      double m = (0.09 * 4 + 0.1 * 0.4) / (1 - 0.81);
      double v = (0.99 * 0.01 * 16 + 0.01 * 0.16) / (1 - 0.9801);
      assertThat(weights.getFloat(2))
          .isCloseTo((float) (3 - 0.1 * m / Math.sqrt(v)), within(1e-5f));
    }
  }

  @Test
  @DisplayName("skips a gradient that is not finite, and goes on with the next")
  void skips() {
    try (FlatAdam adam =
        new FlatAdam(
            settings(OptimizerSettings.Kind.ADAM, 0, 0), manager, List.of(List.of(weights)))) {
      backward(1, Float.NaN, 1);
      assertThat(adam.update(new float[] {0.1f}, 1)).isNaN();
      assertThat(weights.toFloatArray()).containsExactly(1, -2, 3);
      backward(1, 1, 1);
      assertThat(adam.update(new float[] {0.1f}, 1)).isFinite();
      assertThat(weights.getFloat(1)).isCloseTo(-2.1f, within(1e-5f));
    }
  }

  @Test
  @DisplayName("averages the weights by the share it is told")
  void averages() {
    try (FlatAdam adam =
        new FlatAdam(
            settings(OptimizerSettings.Kind.ADAM, 0, 0), manager, List.of(List.of(weights)))) {
      backward(1, 1, 1);
      adam.update(new float[] {0.1f}, 0.25);
      float now = weights.getFloat(0);
      assertThat(adam.averages().get(0).getFloat(0))
          .isCloseTo(0.75f * 1 + 0.25f * now, within(1e-6f));
    }
  }
}
