package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;

/** The logistic function. */
final class Logistic {

  private Logistic() {}

  /** log(1 / (1 + e^-x)), exact at both ends. */
  static NDArray log(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus().neg();
  }
}
