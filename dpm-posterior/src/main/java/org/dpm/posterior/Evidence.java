package org.dpm.posterior;

import java.util.Arrays;

/**
 * log Z from the estimates of several runs, and how far it can be believed.
 *
 * <p>Z is the mean of the estimates. Its logarithm is too small on average, by about half the
 * square of its error: that is put right, and the error found, by leaving out one run after the
 * other (the jackknife).
 *
 * @param logZ in nats
 * @param standardError of it; NaN for a single run
 * @param effectiveRuns how many of equal weight would say as much
 * @param tail shape of the tail of all weights in the end, {@link ParetoTail}; NaN for too few
 * @param runs how many there were
 */
record Evidence(double logZ, double standardError, double effectiveRuns, double tail, int runs) {

  /** Above it means of weights say little, however many there are. */
  private static final double HEAVY = 0.7;

  static Evidence of(double[] logEvidence, double tail) {
    ParticleWeights weights = new ParticleWeights(logEvidence);
    int runs = logEvidence.length;
    double all = weights.logMean();
    double effective = runs * weights.effectiveShare();
    if (runs == 1) {
      return new Evidence(all, Double.NaN, effective, tail, runs);
    }
    double[] without = new double[runs];
    for (int i = 0; i < runs; i++) {
      double[] rest = new double[runs - 1];
      System.arraycopy(logEvidence, 0, rest, 0, i);
      System.arraycopy(logEvidence, i + 1, rest, i, runs - 1 - i);
      without[i] = new ParticleWeights(rest).logMean();
    }
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = Arrays.stream(without).map(log -> Math.pow(log - mean, 2)).sum();
    return new Evidence(
        all + (runs - 1) * (all - mean),
        Math.sqrt(squares * (runs - 1) / runs),
        effective,
        tail,
        runs);
  }

  /** Whether no few draws or runs decide alone. */
  boolean reliable() {
    return !(tail > HEAVY) && 2 * effectiveRuns >= runs;
  }
}
