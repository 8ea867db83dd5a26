package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/** Logarithms of probabilities, of which 0 is one like any other; gradients stay finite there. */
final class Logarithms {

  private static final float IMPOSSIBLE = Float.NEGATIVE_INFINITY;

  private Logarithms() {}

  /** log p, without gradient where p is 0. */
  static NDArray of(NDArray p) {
    NDArray possible = p.gt(0f);
    NDArray log = NDArrays.where(possible, p, p.onesLike()).log();
    return NDArrays.where(possible, log, p.zerosLike().add(IMPOSSIBLE));
  }

  /** log(e^a + e^b). */
  static NDArray sum(NDArray a, NDArray b) {
    NDArray larger = a.maximum(b);
    NDArray gap = NDArrays.where(possible(larger), a.sub(b), larger.zerosLike());
    return larger.add(gap.abs().neg().getNDArrayInternal().softPlus());
  }

  /** x log p, where 0 log 0 = 0; of two shapes that broadcast. */
  static NDArray times(NDArray x, NDArray log) {
    NDArray zero = x.zerosLike().add(log.zerosLike());
    NDArray nothing = x.add(zero).eq(0f).logicalAnd(log.add(zero).eq(IMPOSSIBLE));
    return x.mul(NDArrays.where(nothing, zero, log));
  }

  static NDArray possible(NDArray log) {
    return log.gt(IMPOSSIBLE);
  }
}
