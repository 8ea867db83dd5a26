package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;

/**
 * The same amount of signal goes at every step: abar(s) = 1 - s.
 *
 * <p>With abar_t = 1 - t / T this is the paper's beta_t = 1 - abar_t / abar_{t-1} = 1 / (T - t + 1)
 * for every t of 1..T, without an offset at either end. The last step destroys all that is left:
 * beta_T = 1, and the log signal-to-noise ratio at time 1 is minus infinity. Sohl-Dickstein et al.
 * 2015, section 2.4.1.
 */
final class ConstantFractionSchedule implements ClosedForm {

  /** There is nothing to set. */
  record Settings() {}

  @Inject
  ConstantFractionSchedule() {}

  @Override
  public NDArray logSnr(NDArray time) {
    return time.neg().add(1f).log().sub(time.log());
  }

  @Override
  public double time(double logSnr) {
    return Fractions.ofLogOdds(-logSnr);
  }
}
