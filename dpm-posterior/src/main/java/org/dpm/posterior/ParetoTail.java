package org.dpm.posterior;

import java.util.Arrays;

/**
 * How heavy the tail of weights is: the shape k of the generalised Pareto distribution that fits
 * the largest of them. ParticleWeights have a finite variance below 1/2 and a finite mean below 1;
 * above 0.7 the mean of any number that can be drawn says little (Vehtari et al. 2024).
 *
 * <p>The fit is that of Zhang and Stephens 2009: an average over candidates for the scale, each
 * weighted by its profile likelihood, drawn a little towards 1/2 where there are few weights.
 */
final class ParetoTail {

  /** Fewer have no tail to speak of. */
  private static final int FEWEST = 25;

  private ParetoTail() {}

  /**
   * k; NaN for fewer than 25 weights.
   *
   * @param logWeights not all minus infinity
   */
  static double shape(double[] logWeights) {
    if (logWeights.length < FEWEST) {
      return Double.NaN;
    }
    double[] sorted = logWeights.clone();
    Arrays.sort(sorted);
    int count = (int) Math.min(sorted.length / 5.0, 3 * Math.sqrt(sorted.length));
    double largest = sorted[sorted.length - 1];
    double threshold = Math.exp(sorted[sorted.length - count - 1] - largest);
    double[] excess = new double[count];
    for (int i = 0; i < count; i++) {
      excess[i] = Math.exp(sorted[sorted.length - count + i] - largest) - threshold;
    }
    // ParticleWeights that are all the same have no tail.
    return excess[count / 4] > 0 ? fit(excess) : Double.NEGATIVE_INFINITY;
  }

  /** For ascending values above 0. */
  private static double fit(double[] excess) {
    int count = excess.length;
    int candidates = 30 + (int) Math.sqrt(count);
    double quartile = excess[(int) (count / 4.0 + 0.5) - 1];
    double[] rates = new double[candidates];
    double[] logs = new double[candidates];
    for (int i = 0; i < candidates; i++) {
      rates[i] =
          1 / excess[count - 1]
              + (1 - Math.sqrt(candidates / (i + 0.5))) / (3 * Math.max(quartile, 1e-300));
      double shape = shape(rates[i], excess);
      logs[i] = count * (Math.log(-rates[i] / shape) - shape - 1);
    }
    double[] weights = new ParticleWeights(logs).normalised();
    double rate = 0;
    for (int i = 0; i < candidates; i++) {
      rate += weights[i] * rates[i];
    }
    return (count * shape(rate, excess) + 5) / (count + 10.0);
  }

  private static double shape(double rate, double[] excess) {
    return Arrays.stream(excess).map(y -> Math.log1p(-rate * y)).average().orElseThrow();
  }
}
