package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;

/**
 * The data shrink, and white noise fills the room they leave: a^2 + s^2 = 1. Sohl-Dickstein et al.
 * 2015, table App.1; an Ornstein-Uhlenbeck process.
 */
final class VariancePreserving implements GaussianPath {

  /** There is nothing to set: its rates come from the schedule. */
  record Settings() {}

  @Inject
  VariancePreserving() {}

  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    return Logistic.log(logSnr).mul(number(logSnr, 0.5));
  }

  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    return logSignalScale(logSnr.neg());
  }

  /** a. */
  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return logSignalScale(logSnr).exp();
  }
}
