package org.dpm.api;

import java.util.Arrays;

/**
 * The times of a trajectory, 0 = t_0 < t_1 < ... < t_T = 1: the data stand at t_0, noise at t_T. A
 * model keeps the grid that it was trained with; {@link Diffusion#on} asks it on another.
 */
public final class Grid {

  private final double[] times;

  private Grid(double... times) {
    this.times = times;
  }

  /**
   * Times t / T for t = 0..T.
   *
   * @param steps T, at least 2
   */
  public static Grid even(int steps) {
    if (steps < 2) {
      throw new IllegalArgumentException("steps must be at least 2, but is " + steps);
    }
    double[] times = new double[steps + 1];
    Arrays.setAll(times, i -> (double) i / steps);
    return new Grid(times);
  }

  /**
   * Given times.
   *
   * @param times t_1 to t_T, increasing, the last 1; at least two
   */
  public static Grid of(double... times) {
    double[] all = new double[times.length + 1];
    System.arraycopy(times, 0, all, 1, times.length);
    if (times.length < 2 || all[times.length] != 1) {
      throw new IllegalArgumentException(
          "times must be at least 2, and the last 1, but are " + Arrays.toString(times));
    }
    for (int i = 1; i < all.length; i++) {
      if (!(all[i] > all[i - 1])) {
        throw new IllegalArgumentException(
            "times must increase from above 0, but are " + Arrays.toString(times));
      }
    }
    return new Grid(all);
  }

  /** T. */
  public int steps() {
    return times.length - 1;
  }

  /** t_i, for i = 0..T. */
  public double time(int index) {
    return times[index];
  }

  /** t_0 to t_T. */
  public double[] times() {
    return times.clone();
  }

  /** The largest i of which t_i is below {@code time}, for a time in (0, 1]: where a step leads. */
  public int before(double time) {
    int found = Arrays.binarySearch(times, time);
    return (found < 0 ? -found - 1 : found) - 1;
  }

  /** The i of which t_i is nearest to {@code time}, at least 1: a readout's. */
  public int nearest(double time) {
    int below = before(time);
    int above = Math.min(below + 1, steps());
    return Math.max(1, time - times[below] < times[above] - time ? below : above);
  }

  /** Whether every time of this grid is, to rounding, one of the other's. */
  public boolean within(Grid other) {
    return Arrays.stream(times)
        .skip(1)
        .allMatch(time -> Math.abs(other.times[other.nearest(time)] - time) < 1e-6);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grid that && Arrays.equals(times, that.times);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(times);
  }

  @Override
  public String toString() {
    return equals(even(Math.max(2, steps())))
        ? steps() + " even steps"
        : Arrays.toString(Arrays.copyOfRange(times, 1, times.length));
  }
}
