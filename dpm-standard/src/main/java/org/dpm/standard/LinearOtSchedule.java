package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;

/**
 * That of conditional optimal transport and rectified flow: on their path a = 1 - t and s = t, each
 * point moves on a straight line at constant speed, so that lambda = 2 log((1 - t) / t). Lipman et
 * al. 2023, section 4.1; Liu et al. 2023. No signal is left at time 1: minus infinity.
 */
final class LinearOtSchedule implements ClosedForm {

  /** There is nothing to set. */
  record Settings() {}

  @Inject
  LinearOtSchedule() {}

  @Override
  public NDArray logSnr(NDArray time) {
    return time.neg().add(1f).log().sub(time.log()).mul(number(time, 2));
  }

  @Override
  public double time(double logSnr) {
    return Fractions.ofLogOdds(-logSnr / 2);
  }
}
