package org.dpm.core;

/** Refuses nonsense in the way that settings records do: by requirement and value. */
final class Require {

  private Require() {}

  static void that(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  static void positive(String name, double value) {
    // Written so that NaN fails.
    that(value > 0 && Double.isFinite(value), name + " must be positive, but is " + value);
  }

  static void notNegative(String name, double value) {
    that(value >= 0 && Double.isFinite(value), name + " must be 0 or more, but is " + value);
  }

  static void belowOne(String name, double value) {
    that(value >= 0 && value < 1, name + " must be at least 0 and below 1, but is " + value);
  }
}
