package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DataSummary;

/**
 * Between data units and what the kernel sees: z-scores by the training data's mean and standard
 * deviation, or the data as they are for kernels that want them so.
 */
public final class Scaling {

  private final Shape element;
  private final float[] mean;
  private final float[] deviation;

  Scaling(DataSummary summary, boolean standardise) {
    int size = Math.toIntExact(summary.element().size());
    element = summary.element();
    mean = new float[size];
    deviation = new float[size];
    for (int i = 0; i < size; i++) {
      mean[i] = standardise ? summary.mean().get(i).floatValue() : 0;
      deviation[i] = standardise ? summary.standardDeviation().get(i).floatValue() : 1;
    }
  }

  /** Examples in data units, row-major, to what the kernel sees: [B, element...]. */
  public NDArray toModel(NDManager manager, float[] rows) {
    float[] scaled = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int j = i % mean.length;
      scaled[i] = (rows[i] - mean[j]) / deviation[j];
    }
    Shape batch = new Shape(rows.length / mean.length);
    return manager.create(scaled, batch.addAll(element));
  }

  /** What the kernel sees, [B, element...], to data units in the same shape. */
  public NDArray toData(NDArray x) {
    NDManager manager = x.getManager();
    Shape one = new Shape(1).addAll(element);
    return x.mul(manager.create(deviation, one)).add(manager.create(mean, one));
  }

  /**
   * log |d data / d model| of one example, in nats: subtract it from a log density that the model
   * gives for the log density in data units.
   */
  public double logVolume() {
    double sum = 0;
    for (float d : deviation) {
      sum += Math.log(d);
    }
    return sum;
  }
}
