package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;

/** Straight from each example to its noise: a + s = 1. Lipman et al. 2023; rectified flow. */
final class ConditionalOptimalTransport implements GaussianPath {

  /** There is nothing to set: its course comes from the schedule. */
  record Settings() {}

  @Inject
  ConditionalOptimalTransport() {}

  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    return Logistic.log(logSnr.mul(number(logSnr, 0.5)));
  }

  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    return logSignalScale(logSnr.neg());
  }

  /** v = e - x_0. */
  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return logSnr.onesLike();
  }
}
