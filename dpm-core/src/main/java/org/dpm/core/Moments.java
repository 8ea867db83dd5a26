package org.dpm.core;

import java.util.Arrays;

/**
 * Mean and variance of each element, and the range of all, of rows that come one at a time: the
 * recurrence of Welford, over whole arrays, which is many times faster than an object per element.
 */
final class Moments {

  private final double[] mean;
  private final double[] squares;
  private long count;
  private float minimum = Float.POSITIVE_INFINITY;
  private float maximum = Float.NEGATIVE_INFINITY;

  Moments(int size) {
    mean = new double[size];
    squares = new double[size];
  }

  void add(float[] row) {
    count++;
    double share = 1.0 / count;
    for (int j = 0; j < mean.length; j++) {
      double deviation = row[j] - mean[j];
      mean[j] += deviation * share;
      squares[j] += deviation * (row[j] - mean[j]);
    }
    for (float value : row) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
    }
  }

  double[] means() {
    return mean.clone();
  }

  /** Of the rows themselves: divided by their number. */
  double[] variances() {
    return Arrays.stream(squares).map(sum -> sum / count).toArray();
  }

  double minimum() {
    return minimum;
  }

  double maximum() {
    return maximum;
  }
}
