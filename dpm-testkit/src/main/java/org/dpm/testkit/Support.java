package org.dpm.testkit;

/**
 * Where a continuous law has its density.
 *
 * @param low minus infinity for the line
 * @param high infinity for the line
 * @param circle whether the law comes again where the support ends
 */
public record Support(double low, double high, boolean circle) {

  /** The real line. */
  public static Support line() {
    return new Support(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
  }

  /** From one number to another, both finite. */
  public static Support interval(double low, double high) {
    return new Support(low, high, false);
  }

  /** A circle: numbers from {@code low}, a period long. */
  public static Support circle(double low, double period) {
    return new Support(low, low + period, true);
  }

  public Support {
    boolean line = low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY;
    if (!(low < high) || (line ? circle : Double.isInfinite(high - low))) {
      throw new IllegalArgumentException(
          "a support must be the line, or from one finite number to a larger, but is from %s to %s"
              .formatted(low, high));
    }
  }

  boolean isLine() {
    return low == Double.NEGATIVE_INFINITY;
  }

  double period() {
    return high - low;
  }
}
