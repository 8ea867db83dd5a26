package org.dpm.training.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Numbers that leave the engine for double precision, and come back in the type it computes in. */
final class Doubles {

  private Doubles() {}

  static double[] of(NDArray array) {
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
  static NDArray array(NDArray like, double[] values, Shape shape) {
    if (like.getDataType() == DataType.FLOAT64) {
      return like.getManager().create(values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return like.getManager().create(floats, shape);
  }
}
