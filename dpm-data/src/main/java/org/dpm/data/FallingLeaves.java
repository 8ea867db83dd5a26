package org.dpm.data;

import org.dpm.api.Noise;

/**
 * Draws one image of dead leaves after the other.
 *
 * <p>Leaves are laid from the top down: each takes the pixels that no earlier one has, until every
 * pixel is taken. What one sees then is distributed exactly as after leaves have fallen for ever,
 * whereas a picture that leaves fall upon until it is covered would show the late ones too often.
 *
 * <p>Centres are uniform on a square that is wider than the image by the largest radius on every
 * side, so that leaves reach in from outside as often as they reach anywhere else.
 */
final class FallingLeaves {

  private static final int LEVELS = 256;

  private final int size;
  private final double minimum;
  private final double maximum;

  /** The power 1 - exponent of a radius, or its logarithm, is uniform between these. */
  private final double power;

  private final double atMinimum;
  private final double atMaximum;

  /**
   * @param size of the image, in pixels
   * @param exponent of the density of radii, proportional to r^-exponent between the two others
   */
  FallingLeaves(int size, double exponent, double minimum, double maximum) {
    this.size = size;
    this.minimum = minimum;
    this.maximum = maximum;
    power = 1 - exponent;
    atMinimum = power == 0 ? Math.log(minimum) : Math.pow(minimum, power);
    atMaximum = power == 0 ? Math.log(maximum) : Math.pow(maximum, power);
  }

  /**
   * @throws IllegalArgumentException for leaves that make no picture, or take for ever
   */
  static void check(int size, double exponent, double minimum, double maximum) {
    if (!(exponent >= 0 && exponent <= 10)) {
      throw new IllegalArgumentException("exponent must be from 0 to 10, but is " + exponent);
    }
    // Smaller disks would fall between the centres of pixels.
    if (!(minimum >= 1)) {
      throw new IllegalArgumentException("minimumRadius must be at least 1, but is " + minimum);
    }
    if (!(maximum >= minimum)) {
      throw new IllegalArgumentException(
          "maximumRadius must be at least minimumRadius, which is %s, but is %s"
              .formatted(minimum, maximum));
    }
    // Most of the leaves of a wider square miss the image.
    if (maximum > 4.0 * size) {
      throw new IllegalArgumentException(
          "maximumRadius must be at most 4 times size, which is %d, but is %s"
              .formatted(size, maximum));
    }
  }

  /** Grey levels, row by row. */
  byte[] image(Noise noise) {
    byte[] levels = new byte[size * size];
    boolean[] taken = new boolean[size * size];
    int open = size * size;
    double width = size + 2 * maximum;
    while (open > 0) {
      double x = noise.uniform() * width - maximum;
      double y = noise.uniform() * width - maximum;
      double radius = radius(noise);
      byte level = (byte) (noise.uniform() * LEVELS);
      open -= lay(x, y, radius, level, levels, taken);
    }
    return levels;
  }

  /** By inversion of the distribution function. */
  double radius(Noise noise) {
    double between = atMinimum + noise.uniform() * (atMaximum - atMinimum);
    double radius = power == 0 ? Math.exp(between) : Math.pow(between, 1 / power);
    return Math.max(minimum, Math.min(maximum, radius));
  }

  /** Gives the leaf its pixels, those whose centres it covers, and says how many they are. */
  private int lay(double x, double y, double radius, byte level, byte[] levels, boolean[] taken) {
    int count = 0;
    int bottom = (int) Math.min(size - 1, Math.floor(y + radius - 0.5));
    for (int row = (int) Math.max(0, Math.ceil(y - radius - 0.5)); row <= bottom; row++) {
      double above = row + 0.5 - y;
      double half = Math.sqrt(Math.max(0, radius * radius - above * above));
      int right = (int) Math.min(size - 1, Math.floor(x + half - 0.5));
      for (int column = (int) Math.max(0, Math.ceil(x - half - 0.5)); column <= right; column++) {
        int pixel = row * size + column;
        if (!taken[pixel]) {
          taken[pixel] = true;
          levels[pixel] = level;
          count++;
        }
      }
    }
    return count;
  }
}
