package org.dpm.categorical;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One cell in 64 bits, by matrices and sums over all classes as in the textbook: row k of a matrix
 * is the law of a later class where the earlier one is k.
 */
final class ExactCategories {

  private ExactCategories() {}

  /** I kept + 1 pi' (1 - kept), with pi uniform, or all on the last of labels + 1 classes. */
  static double[][] matrix(int labels, boolean absorbing, double kept) {
    int width = labels + (absorbing ? 1 : 0);
    double[][] q = new double[width][width];
    for (int k = 0; k < width; k++) {
      for (int j = 0; j < width; j++) {
        double noise = absorbing ? (j == labels ? 1 : 0) : 1.0 / labels;
        q[k][j] = (k == j ? kept : 0) + (1 - kept) * noise;
      }
    }
    return q;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  static double[] normalised(double... weights) {
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  /** q(x_s | x_t, x_0). */
  static double[] posterior(double[][] before, double[][] step, int data, int current) {
    return normalised(
        IntStream.range(0, step.length)
            .mapToDouble(i -> before[data][i] * step[i][current])
            .toArray());
  }

  /** The same averaged over those x_0 that the belief holds possible. */
  static double[] average(double[] belief, double[][] before, double[][] step, int current) {
    double[] mean = new double[belief.length];
    for (int k = 0; k < belief.length; k++) {
      if (belief[k] > 0) {
        double[] given = posterior(before, step, k, current);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += belief[k] * given[i];
        }
      }
    }
    return mean;
  }

  /** What x_t says of x_0 where all labels were alike. */
  static double[] alone(int labels, double[][] marginal, int current) {
    return normalised(
        IntStream.range(0, marginal.length)
            .mapToDouble(k -> k < labels ? marginal[k][current] : 0)
            .toArray());
  }

  static double entropy(double... p) {
    return -Arrays.stream(p).filter(v -> v > 0).map(v -> v * Math.log(v)).sum();
  }

  static double divergence(double[] p, double[] q) {
    return IntStream.range(0, p.length)
        .filter(k -> p[k] > 0)
        .mapToDouble(k -> p[k] * (Math.log(p[k]) - Math.log(q[k])))
        .sum();
  }
}
