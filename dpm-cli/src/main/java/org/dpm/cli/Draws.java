package org.dpm.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.dpm.cli.table.SampleWriter.Samples;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;

/** Draws from a model as plain rows. */
final class Draws {

  /** So many at a time, which bounds the memory that drawing needs. */
  private static final int ROWS = 2000;

  /** Elements that these may have together, which bounds what a network on images takes. */
  private static final int ELEMENTS = 1 << 18;

  private Draws() {}

  /** Examples in data units; the same seed gives the same. */
  static Samples of(Model model, int count, long seed) {
    float[][] rows = new float[count][];
    long size = model.data().summary().element().size();
    int batch = (int) Math.max(1, Math.min(ROWS, ELEMENTS / size));
    for (int from = 0; from < count; from += batch) {
      try (NDManager own = model.manager().newSubManager()) {
        int some = Math.min(batch, count - from);
        NDArray drawn = model.sample(own, some, seed + from / batch);
        System.arraycopy(rows(drawn), 0, rows, from, some);
      }
    }
    return described(model, rows);
  }

  /** Rows in data units with what the model knows of its data. */
  static Samples described(Model model, float[][] rows) {
    DataDescription data = model.data();
    List<Integer> element =
        Arrays.stream(data.summary().element().getShape()).mapToObj(Math::toIntExact).toList();
    return new Samples(rows, data.names(), element, data.minimum(), data.maximum());
  }

  /** [N, element...] to N rows. */
  static float[][] rows(NDArray array) {
    int count = Math.toIntExact(array.getShape().get(0));
    float[] flat = array.toFloatArray();
    int size = flat.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
    }
    return rows;
  }
}
