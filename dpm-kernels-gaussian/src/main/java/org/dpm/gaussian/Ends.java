package org.dpm.gaussian;

import ai.djl.ndarray.NDManager;
import org.dpm.api.InvalidInput;
import org.dpm.api.Schedule;

/** What a schedule leaves at time 1. */
final class Ends {

  private Ends() {}

  /**
   * Refuses a schedule of which nothing is left at time 1, for whoever divides by the signal.
   *
   * @throws InvalidInput naming both
   */
  static void requireSignal(Schedule schedule, String who) {
    // One that is learned has no parameters yet, and is finite whatever they are.
    if (!schedule.parameters().isEmpty()) {
      return;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      if (schedule.logSnr(manager.ones(new ai.djl.ndarray.types.Shape(1))).getFloat()
          == Float.NEGATIVE_INFINITY) {
        throw new InvalidInput(
            "%s needs a little signal at time 1, but %s leaves none. Choose a schedule that ends with some, such as log-snr-linear, or another prediction."
                .formatted(who, schedule.getClass().getSimpleName()));
      }
    }
  }
}
