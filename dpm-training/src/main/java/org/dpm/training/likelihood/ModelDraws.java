package org.dpm.training.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.ObjIntConsumer;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Sampler;
import org.dpm.core.Model;
import org.dpm.core.engine.GradientMode;

/** Draws from a model in data units, so many at a time, which bounds what drawing needs. */
final class ModelDraws {

  private static final int ROWS = 2000;

  /** Elements that these may have together, which bounds what a network on images takes. */
  private static final int ELEMENTS = 1 << 17;

  private ModelDraws() {}

  /**
   * Rows one after the other.
   *
   * @param noise the same noise gives the same draws
   * @param progress is told the fraction that is done
   */
  static float[] of(Model model, int count, Noise noise, DoubleConsumer progress) {
    int size = Math.toIntExact(model.data().summary().element().size());
    float[] drawn = new float[Math.multiplyExact(count, size)];
    int batch = Math.max(1, Math.min(ROWS, ELEMENTS / size));
    double steps = model.diffusion().steps();
    for (int from = 0; from < count; from += batch) {
      int first = from;
      int now = Math.min(batch, count - from);
      ObjIntConsumer<NDArray> visitor =
          (x, t) -> progress.accept((first + now * (1 - t / steps)) / count);
      float[] some = some(model, now, noise.child("batch", from), visitor);
      System.arraycopy(some, 0, drawn, from * size, some.length);
      progress.accept((double) (from + now) / count);
    }
    return drawn;
  }

  private static float[] some(
      Model model, int count, Noise noise, ObjIntConsumer<NDArray> visitor) {
    Diffusion diffusion = model.diffusion();
    Optional<Sampler> sampler = model.parts().sampler();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      NDArray x =
          sampler.isPresent()
              ? sampler.get().sample(own, count, diffusion, noise, visitor)
              : diffusion.sample(own, count, noise, visitor);
      try (NDScope scope = new NDScope()) {
        return model.scaling().toData(x).toFloatArray();
      }
    }
  }
}
