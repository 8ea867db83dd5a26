package org.dpm.report;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.data.table.SampleWriter.Samples;

/** Draws from a model as plain rows. */
public final class Draws {

  private Draws() {}

  /**
   * Examples in data units; the same seed gives the same.
   *
   * @param progress is told the fraction that is done
   */
  public static Samples of(Model model, int count, long seed, Progress progress) {
    return described(
        model,
        rows(
            model.draw(count, model.pipeline().trajectory(), Noise.of(seed, "samples"), progress),
            count));
  }

  /** Rows in data units with what the model knows of its data. */
  public static Samples described(Model model, float[][] rows) {
    DataDescription data = model.data();
    return new Samples(
        rows, new Variables(model.layout().modelled()), data.minimum(), data.maximum());
  }

  /** [N, element...] to N rows. */
  static float[][] rows(NDArray array) {
    return rows(array.toFloatArray(), Math.toIntExact(array.getShape().get(0)));
  }

  private static float[][] rows(float[] flat, int count) {
    int size = flat.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
    }
    return rows;
  }
}
