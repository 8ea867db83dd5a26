package org.dpm.example;

import static ai.djl.nn.Activation.softPlus;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;

/** A quarter of a superellipse from the data to noise: a^4 + s^4 = 1. */
final class SuperellipsePath implements GaussianPath {

  record Settings() {}

  @Inject
  SuperellipsePath() {}

  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    return softPlus(logSnr.mul(number(logSnr, -2))).mul(number(logSnr, -0.25));
  }

  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    return logSignalScale(logSnr.neg());
  }

  /** a^3. */
  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return logSignalScale(logSnr).mul(number(logSnr, 3)).exp();
  }
}
