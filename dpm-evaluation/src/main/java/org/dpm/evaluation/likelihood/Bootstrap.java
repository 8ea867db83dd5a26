package org.dpm.evaluation.likelihood;

import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Noise;

/** How far the mean over examples would vary over other examples like these. */
final class Bootstrap {

  /** Gives the standard error to about two per cent of itself. */
  private static final int RESAMPLES = 1000;

  private Bootstrap() {}

  /**
   * Standard deviation of the mean over resampled examples. What each value is off by itself, such
   * as by the draws that it was estimated from, is in their spread and so in this.
   *
   * @param noise the same noise gives the same error
   * @return not a number for fewer than two values
   */
  static double standardError(double[] values, Noise noise) {
    if (values.length < 2) {
      return Double.NaN;
    }
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += values[(int) (noise.uniform() * values.length)];
      }
      means[i] = sum / values.length;
    }
    return Math.sqrt(StatUtils.variance(means));
  }
}
