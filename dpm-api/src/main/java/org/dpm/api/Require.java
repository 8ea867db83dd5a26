package org.dpm.api;

import java.util.List;

/** Refuses nonsense in the way that settings records do: by requirement and value. */
public final class Require {

  private Require() {}

  /**
   * Refuses what does not hold.
   *
   * @param message the requirement and the value: {@code steps must be at least 2, but is 1}
   * @throws IllegalArgumentException with the message
   */
  public static void that(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Refuses all but finite numbers above 0. */
  public static void positive(String name, double value) {
    // Written so that NaN fails.
    that(value > 0 && Double.isFinite(value), name + " must be positive, but is " + value);
  }

  /** Refuses a list in which a number is not {@link #positive}. */
  public static void allPositive(String name, List<Double> values) {
    for (double value : values) {
      positive(name, value);
    }
  }

  /** Refuses all but finite numbers from 0. */
  public static void notNegative(String name, double value) {
    that(value >= 0 && Double.isFinite(value), name + " must be 0 or more, but is " + value);
  }

  /** Refuses all but numbers from 0 and below 1. */
  public static void belowOne(String name, double value) {
    that(value >= 0 && value < 1, name + " must be at least 0 and below 1, but is " + value);
  }
}
