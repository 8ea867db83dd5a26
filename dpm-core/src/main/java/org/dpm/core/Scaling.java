package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DataSummary;

/**
 * Between data units and what the kernel sees: z-scores by the training data's centre and scale, or
 * the data as they are for kernels that want them so.
 */
public final class Scaling {

  private final Shape element;
  private final float[] centre;
  private final float[] scale;

  /**
   * @param standardise whether the kernel wants z-scores
   */
  public Scaling(DataSummary summary, boolean standardise) {
    int size = Math.toIntExact(summary.element().size());
    element = summary.element();
    centre = new float[size];
    scale = new float[size];
    for (int i = 0; i < size; i++) {
      centre[i] = standardise ? summary.centre().get(i).floatValue() : 0;
      scale[i] = standardise ? summary.scale().get(i).floatValue() : 1;
    }
  }

  /** One element's value as the kernel sees it. */
  public double toModel(int index, double value) {
    return (value - centre[index]) / scale[index];
  }

  /** What one unit of the kernel is in data units, for one element. */
  public double scale(int index) {
    return scale[index];
  }

  /** Examples in data units, row-major, to what the kernel sees: [B, element...]. */
  public NDArray toModel(NDManager manager, float[] rows) {
    float[] scaled = rows.clone();
    scale(scaled);
    return batch(manager, scaled);
  }

  /** The same in place, without making an array of the engine's: any thread may. */
  public void scale(float[] rows) {
    for (int from = 0; from < rows.length; from += centre.length) {
      for (int j = 0; j < centre.length; j++) {
        rows[from + j] = (rows[from + j] - centre[j]) / scale[j];
      }
    }
  }

  /** What {@link #scale} made, as [B, element...]. */
  public NDArray batch(NDManager manager, float[] scaled) {
    Shape batch = new Shape(scaled.length / centre.length);
    return manager.create(scaled, batch.addAll(element));
  }

  /** What the kernel sees, [B, element...], to data units in the same shape. */
  public NDArray toData(NDArray x) {
    NDManager manager = x.getManager();
    Shape one = new Shape(1).addAll(element);
    return x.mul(manager.create(scale, one)).add(manager.create(centre, one));
  }

  /**
   * log |d data / d model| of one example, in nats: subtract it from a log density that the model
   * gives for the log density in data units.
   */
  public double logVolume() {
    double sum = 0;
    for (float d : scale) {
      sum += Math.log(d);
    }
    return sum;
  }
}
