package org.dpm.posterior;

import java.util.Arrays;
import org.dpm.api.Doubles;

/** Log weights of the particles of one run. */
final class ParticleWeights {

  private final double[] logs;

  ParticleWeights(double[] logs) {
    this.logs = logs;
  }

  /** The logarithm of the weights' mean; minus infinity if all are zero. */
  double logMean() {
    return Doubles.logMeanExp(logs);
  }

  /** Weights that sum to 1. */
  double[] normalised() {
    double logSum = logMean() + Math.log(logs.length);
    return Arrays.stream(logs).map(log -> Math.exp(log - logSum)).toArray();
  }

  /** The share of the particles that effectively remain, (sum w)^2 / (n sum w^2), from 1/n to 1. */
  double effectiveShare() {
    return 1 / (logs.length * Arrays.stream(normalised()).map(w -> w * w).sum());
  }

  /**
   * Systematic resampling: each particle is chosen as often as its weight says, to within one.
   *
   * @param offset uniform on [0, 1)
   * @return which particle each of the new ones continues
   */
  int[] ancestors(double offset) {
    double[] weights = normalised();
    int[] ancestors = new int[logs.length];
    int from = 0;
    double sum = weights[0];
    for (int i = 0; i < ancestors.length; i++) {
      double at = (i + offset) / ancestors.length;
      // Rounding may leave the sum of all below the last position: only possible ones are taken.
      while (sum <= at && from < lastPossible(weights)) {
        from++;
        sum += weights[from];
      }
      ancestors[i] = from;
    }
    return ancestors;
  }

  private static int lastPossible(double[] weights) {
    int last = weights.length - 1;
    while (weights[last] == 0) {
      last--;
    }
    return last;
  }
}
