package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;
import org.dpm.api.Schedule;

/** The data stay, and noise grows over them: a = 1. Song and Ermon 2019. */
final class VarianceExploding implements GaussianPath {

  /** There is nothing to set: its noise comes from the schedule. */
  record Settings() {}

  /** Noise that never ends is no place to begin. */
  @Inject
  VarianceExploding(Schedule schedule) {
    Ends.requireSignal(schedule, "GaussianPath 'variance-exploding'");
  }

  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    return logSnr.zerosLike();
  }

  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    return logSnr.mul(number(logSnr, -0.5));
  }

  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return logSnr.onesLike();
  }
}
