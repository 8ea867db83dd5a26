package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/** A family that no other knows. */
record AnotherFamily(NDArray mean) implements Distribution {

  @Override
  public NDArray sample(Noise noise) {
    return mean;
  }

  @Override
  public NDArray logProbability(NDArray x) {
    return mean;
  }

  @Override
  public NDArray entropy() {
    return mean;
  }

  @Override
  public NDArray divergence(Distribution other) {
    return mean;
  }
}
