package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Between the engine's arrays, in whichever type it computes, and doubles. */
public final class Doubles {

  private Doubles() {}

  /** The numbers of a float32 or float64 array, row-major. */
  public static double[] of(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** In the type and on the device of {@code like}. */
  public static NDArray array(NDArray like, double[] values, Shape shape) {
    if (like.getDataType() == DataType.FLOAT64) {
      return like.getManager().create(values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return like.getManager().create(floats, shape);
  }

  /** The logarithm of the mean of what these are logarithms of; minus infinity if all are zero. */
  public static double logMeanExp(double[] logs) {
    double largest = Arrays.stream(logs).max().orElseThrow();
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = Arrays.stream(logs).map(log -> Math.exp(log - largest)).sum();
    return largest + Math.log(sum / logs.length);
  }
}
