package org.dpm.training.likelihood;

import ai.djl.ndarray.NDManager;
import java.util.function.DoubleConsumer;
import org.dpm.api.Noise;
import org.dpm.core.Model;

/** Draws from a model in data units, so many at a time, which bounds what drawing needs. */
final class ModelDraws {

  private static final int BATCH = 2000;

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
    for (int from = 0; from < count; from += BATCH) {
      long seed = (long) (noise.child("batch", from).uniform() * Long.MAX_VALUE);
      try (NDManager own = model.manager().newSubManager()) {
        int now = Math.min(BATCH, count - from);
        float[] some = model.sample(own, now, seed).toFloatArray();
        System.arraycopy(some, 0, drawn, from * size, some.length);
      }
      progress.accept((double) Math.min(count, from + BATCH) / count);
    }
    return drawn;
  }
}
