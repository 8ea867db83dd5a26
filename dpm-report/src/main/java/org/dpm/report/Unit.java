package org.dpm.report;

/**
 * What figures in bits are told in: bits per example, or per element where there are many.
 *
 * @param size elements that share a figure
 * @param name of the unit
 */
public record Unit(double size, String name) {

  /** Elements of an example from which on figures are told for each element. */
  private static final long MANY = 50;

  /** The unit for examples of so many elements. */
  public static Unit of(long dimensions) {
    return dimensions > MANY ? new Unit(dimensions, "bits/dimension") : new Unit(1, "bits/example");
  }

  /** Bits per example in this unit. */
  double of(double bits) {
    return bits / size;
  }
}
