package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.core.engine.GradientMode;

/**
 * The gradient of a batch, which may be taken part by part: what a small part computes stays in the
 * processor's cache, and its memory serves the next.
 */
final class BatchGradient {

  /** Is told how far the gradient of a part is. */
  interface Watch {

    void lossIsKnown(NDArray loss);

    void gradientIsKnown();
  }

  private static final Watch NOBODY =
      new Watch() {
        @Override
        public void lossIsKnown(NDArray loss) {}

        @Override
        public void gradientIsKnown() {}
      };

  private final Model model;
  private final Diffusion diffusion;
  private final int part;
  private final Watch watch;

  BatchGradient(Model model, Diffusion diffusion) {
    this(model, diffusion, NOBODY);
  }

  BatchGradient(Model model, Diffusion diffusion, Watch watch) {
    this.model = model;
    this.diffusion = diffusion;
    this.watch = watch;
    part = model.pipeline().training().microBatch().orElse(Integer.MAX_VALUE);
  }

  /**
   * Adds the gradient of the mean loss to those that the weights hold.
   *
   * @param data x_0, [B, element...]
   * @return the mean loss
   */
  float of(NDArray data, Noise noise) {
    int batch = Math.toIntExact(data.getShape().get(0));
    if (batch <= part) {
      return backward(data, 1, noise);
    }
    float sum = 0;
    for (int from = 0; from < batch; from += part) {
      int to = Math.min(from + part, batch);
      float share = (float) (to - from) / batch;
      try (NDScope scope = new NDScope()) {
        sum += backward(data.get(new NDIndex(from + ":" + to)), share, noise.child("part", from));
      }
    }
    return sum;
  }

  private float backward(NDArray data, float share, Noise noise) {
    try (GradientMode on = GradientMode.on()) {
      model.weights().bind();
      NDArray loss = model.parts().objective().loss(data, diffusion, noise);
      watch.lossIsKnown(loss);
      NDArray slope = loss.onesLike().mul(share);
      JniUtils.backward((PtNDArray) loss, (PtNDArray) slope, false, false);
      watch.gradientIsKnown();
      return loss.getFloat() * share;
    }
  }
}
