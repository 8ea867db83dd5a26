package org.dpm.standard;

/** What the settings of several schedules ask of a share of signal or noise. */
final class Fractions {

  private Fractions() {}

  static void requireOpen(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + " must be greater than 0 and less than 1, but is " + value);
    }
  }

  /** log(fraction / (1 - fraction)). */
  static double logOdds(double fraction) {
    return Math.log(fraction) - Math.log1p(-fraction);
  }

  /** The fraction of which {@link #logOdds} are these. */
  static double ofLogOdds(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
