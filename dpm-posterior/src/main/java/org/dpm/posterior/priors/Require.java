package org.dpm.posterior.priors;

import java.util.List;

/** Refuses nonsense in settings by requirement and value. */
final class Require {

  private Require() {}

  static void that(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  static void allPositive(String name, List<Double> values) {
    for (double value : values) {
      positive(name, value);
    }
  }

  static void positive(String name, double value) {
    // Written so that NaN fails.
    that(value > 0 && Double.isFinite(value), name + " must be positive, but is " + value);
  }
}
