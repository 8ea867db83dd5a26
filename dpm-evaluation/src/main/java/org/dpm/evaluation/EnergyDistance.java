package org.dpm.evaluation;

import java.util.Random;

/**
 * Are two samples from one distribution? The energy distance (Szekely and Rizzo 2013), 2 E|X - Y| -
 * E|X - X'| - E|Y - Y'|, zero only if they are, and how often chance alone makes it as large, by
 * permutation.
 *
 * @param distance in the samples' own unit
 * @param probability p-value: small where the samples differ
 */
public record EnergyDistance(double distance, double probability) {

  private static final int PERMUTATIONS = 199;

  /**
   * Compares two samples.
   *
   * @param x n rows of d numbers
   * @param y m rows of d numbers
   */
  public static EnergyDistance of(float[][] x, float[][] y, long seed) {
    int n = x.length;
    int all = n + y.length;
    float[][] distances = new float[all][all];
    for (int i = 0; i < all; i++) {
      float[] a = i < n ? x[i] : y[i - n];
      for (int j = 0; j < i; j++) {
        float[] b = j < n ? x[j] : y[j - n];
        double square = 0;
        for (int k = 0; k < a.length; k++) {
          square += (a[k] - b[k]) * (double) (a[k] - b[k]);
        }
        distances[i][j] = (float) Math.sqrt(square);
        distances[j][i] = distances[i][j];
      }
    }
    boolean[] first = new boolean[all];
    for (int i = 0; i < n; i++) {
      first[i] = true;
    }
    double observed = distance(distances, first, n);
    Random random = new Random(seed);
    int larger = 1;
    for (int p = 0; p < PERMUTATIONS; p++) {
      for (int i = all - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        boolean swap = first[i];
        first[i] = first[j];
        first[j] = swap;
      }
      if (distance(distances, first, n) >= observed) {
        larger++;
      }
    }
    return new EnergyDistance(observed, (double) larger / (PERMUTATIONS + 1));
  }

  private static double distance(float[][] distances, boolean[] first, int n) {
    double within = 0;
    double between = 0;
    double others = 0;
    for (int i = 0; i < first.length; i++) {
      for (int j = 0; j < i; j++) {
        if (first[i] != first[j]) {
          between += distances[i][j];
        } else if (first[i]) {
          within += distances[i][j];
        } else {
          others += distances[i][j];
        }
      }
    }
    double m = first.length - n;
    return 2 * between / (n * m) - 2 * within / ((double) n * n) - 2 * others / (m * m);
  }
}
