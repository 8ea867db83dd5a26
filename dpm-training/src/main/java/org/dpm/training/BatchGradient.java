package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.core.Replicas;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * The gradient of a batch, taken part by part: each replica of the model takes a share of the
 * parts, what a small part computes stays in the processor's cache, and its memory serves the next.
 */
final class BatchGradient {

  /** Computes with one replica, and is told how far the gradient of a part is. */
  interface Watch {

    Diffusion diffusion();

    default void partBegins() {}

    default void lossIsKnown(NDArray loss) {}

    default void gradientIsKnown() {}
  }

  private final Replicas replicas;
  private final List<Watch> watches;
  private final int size;
  private final int part;

  BatchGradient(Model model) {
    this(model, replica -> replica::trainingDiffusion);
  }

  BatchGradient(Model model, Function<Model, Watch> watch) {
    replicas = model.replicas();
    watches = replicas.models().stream().map(watch).toList();
    size = Math.toIntExact(model.layout().element().size());
    int batch = model.pipeline().training().batch();
    int share = (batch + replicas.count() - 1) / replicas.count();
    part = Math.min(share, model.pipeline().training().microBatch().orElse(share));
  }

  /**
   * Adds the gradient of the mean loss to those that the weights of the replicas hold: {@link
   * #weights}.
   *
   * @param rows x_0 as the kernel sees it, row-major
   * @return the mean loss
   */
  float of(float[] rows, Noise noise) {
    int batch = rows.length / size;
    int parts = (batch + part - 1) / part;
    List<Float> losses =
        replicas.each(
            parts,
            (i, replica) -> {
              int from = i * part;
              int to = Math.min(from + part, batch);
              float[] own = Arrays.copyOfRange(rows, from * size, to * size);
              Noise ofPart = noise.subset(IntStream.range(from, to).toArray());
              int index = i % replicas.count();
              float share = (float) (to - from) / batch;
              return backward(replica, watches.get(index), own, share, ofPart);
            });
    return (float) losses.stream().mapToDouble(Float::doubleValue).sum();
  }

  private static float backward(
      Model replica, Watch watch, float[] rows, float share, Noise noise) {
    try (GradientMode on = GradientMode.on();
        NDScope scope = new NDScope()) {
      watch.partBegins();
      NDArray data = replica.layout().batch(replica.manager(), rows);
      replica.weights().bind();
      NDArray loss = replica.parts().objective().loss(data, watch.diffusion(), noise).mean();
      watch.lossIsKnown(loss);
      NDArray slope = loss.onesLike().mul(share);
      Derivatives.backward(loss, slope);
      watch.gradientIsKnown();
      return loss.getFloat() * share;
    }
  }

  /**
   * The weights of each replica, which hold the gradient of its parts: their sum is the batch's.
   */
  List<List<NDArray>> weights() {
    return replicas.models().stream().map(model -> model.weights().arrays()).toList();
  }
}
