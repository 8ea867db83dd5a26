package org.dpm.binomial;

/** The formulas of single bits in 64 bits, written as in the textbook, for one number at a time. */
final class ExactBits {

  private ExactBits() {}

  static double logOdds(double probability) {
    return Math.log(probability) - Math.log1p(-probability);
  }

  static double entropy(double p) {
    return -p * Math.log(p) - (1 - p) * Math.log1p(-p);
  }

  /** KL in nats, from the log odds of both. */
  static double divergence(double here, double there) {
    double one = 1 / (1 + Math.exp(-here));
    double zero = 1 / (1 + Math.exp(here));
    return one * (logSigmoid(here) - logSigmoid(there))
        + zero * (logSigmoid(-here) - logSigmoid(-there));
  }

  private static double logSigmoid(double z) {
    return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
  }

  /** Probability that a bit that was x is 1, after being replaced with probability {@code lost}. */
  static double replaced(double x, double lost, double rate) {
    return x * (1 - lost) + rate * lost;
  }

  /**
   * Log odds of x_s by summing q(x_s | x_0) q(x_t | x_s) over x_0 and Bayes' rule.
   *
   * @param data probability that x_0 = 1 where x_t is known
   * @param before 1 - abar_s
   * @param beta of the step
   */
  static double posterior(double data, int current, double before, double beta, double rate) {
    double one = 0;
    double zero = 0;
    for (int x0 = 0; x0 <= 1; x0++) {
      double ifOne = replaced(x0, before, rate) * seen(current, 1, beta, rate);
      double ifZero = (1 - replaced(x0, before, rate)) * seen(current, 0, beta, rate);
      double weight = x0 == 1 ? data : 1 - data;
      one += weight * ifOne / (ifOne + ifZero);
      zero += weight * ifZero / (ifOne + ifZero);
    }
    return Math.log(one) - Math.log(zero);
  }

  private static double seen(int current, int previous, double beta, double rate) {
    double one = replaced(previous, beta, rate);
    return current == 1 ? one : 1 - one;
  }
}
