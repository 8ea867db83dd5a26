package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.dpm.api.Schedule;

/** A schedule whose inverse is a formula. */
interface ClosedForm extends Schedule {

  /**
   * The time at which the log signal-to-noise ratio has a value.
   *
   * @param logSnr may be infinite
   * @return at most 0 or at least 1 for what is reached beyond these times only
   */
  double time(double logSnr);

  @Override
  default double[] times(NDArray like, double[] logSnr, double first) {
    return Arrays.stream(logSnr).map(l -> Math.min(1, Math.max(first, time(l)))).toArray();
  }
}
