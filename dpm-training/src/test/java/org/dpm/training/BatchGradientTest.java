package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The gradient of a batch")
class BatchGradientTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 100, heldOut: 10 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 8, depth: 1 }
      objective: { kind: variational-bound }
      training: { updates: 1 }
      """;

  private static final int EXAMPLES = 10;
  private static final Noise NOISE = Noise.of(1, "gradient");

  /** A loss, then the gradient in every weight. */
  private static float[] lossAndGradient(List<String> sets, int from, int to, Noise noise) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("roll.yaml", ROLL, sets);
      Examples examples = new Examples(Wiring.dataSource(registry, pipeline));
      try (Model model = Model.create(registry, pipeline, examples.describe(1));
          NDManager own = model.manager().newSubManager()) {
        NDArray all = Noise.of(1, "data").gaussian(own.zeros(new Shape(EXAMPLES, 2)));
        float[] data = all.get(from + ":" + to).toFloatArray();
        BatchGradient batch = new BatchGradient(model);
        float loss = batch.of(data, noise);
        List<NDArray> weights = batch.weights().get(0);
        int count = Math.toIntExact(model.weights().count());
        float[] result = new float[1 + count];
        result[0] = loss;
        int at = 1;
        for (NDArray array : weights) {
          float[] gradient = array.getGradient().toFloatArray();
          System.arraycopy(gradient, 0, result, at, gradient.length);
          at += gradient.length;
        }
        return result;
      }
    }
  }

  private static float[] sum(float[][] parts, double... shares) {
    float[] sum = new float[parts[0].length];
    for (int k = 0; k < parts.length; k++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (float) shares[k] * parts[k][i];
      }
    }
    return sum;
  }

  private static double distance(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]) / (1 + Math.abs(b[i])));
    }
    return most;
  }

  @Test
  @DisplayName("part by part is the mean over examples, where the last part is smaller too")
  void partsAddUp() {
    float[] whole = lossAndGradient(List.of("training.microBatch=4"), 0, EXAMPLES, NOISE);
    float[][] parts = {
      lossAndGradient(List.of(), 0, 4, NOISE),
      lossAndGradient(List.of(), 4, 8, NOISE.from(4)),
      lossAndGradient(List.of(), 8, 10, NOISE.from(8))
    };
    // Single precision, in another order.
    assertThat(distance(whole, sum(parts, 0.4, 0.4, 0.2))).isLessThan(1e-4);
    assertThat(distance(whole, sum(parts, 1 / 3.0, 1 / 3.0, 1 / 3.0))).isGreaterThan(1e-2);
  }

  @Test
  @DisplayName("is taken at once where a part is as large as the batch")
  void onePart() {
    float[] parts =
        lossAndGradient(List.of("training.microBatch=10"), 0, EXAMPLES, NOISE.child("x"));
    float[] whole = lossAndGradient(List.of(), 0, EXAMPLES, NOISE.child("x"));
    assertThat(parts[0]).isCloseTo(whole[0], within(1e-4f * Math.abs(whole[0])));
    assertThat(distance(parts, whole)).isLessThan(1e-4);
  }
}
