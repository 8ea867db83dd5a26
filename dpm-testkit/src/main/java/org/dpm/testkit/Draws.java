package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/** Many independent draws of one number, and what may be said of their expectation. */
final class Draws {

  /** How often a right implementation may fail a whole test. */
  private static final double FALSE_ALARMS = 1e-6;

  private final double[] values;
  private final double mean;
  private final double variance;
  private final double range;

  Draws(double... values) {
    SummaryStatistics statistics = new SummaryStatistics();
    for (double value : values) {
      statistics.addValue(value);
    }
    this.values = values;
    mean = statistics.getMean();
    variance = statistics.getVariance();
    range = statistics.getMax() - statistics.getMin();
  }

  double mean() {
    return mean;
  }

  double[] values() {
    return values.clone();
  }

  double deviation() {
    return Math.sqrt(variance);
  }

  double standardError() {
    return Math.sqrt(variance / values.length);
  }

  /**
   * How far the mean of single draws may be from its expectation: the empirical Bernstein bound
   * (Maurer and Pontil 2009, theorem 4). For many draws it is 5.5 to 6.5 standard errors; its
   * second term takes care of events so rare that few have been seen.
   *
   * @param comparisons how many such comparisons one test makes
   */
  double tolerance(int comparisons) {
    double trust = Math.log(4 * comparisons / FALSE_ALARMS);
    return Math.sqrt(2 * trust) * standardError() + 7 * range * trust / (3 * (values.length - 1.0));
  }

  /**
   * The same for draws that are averages themselves and so nearly normal: Student's quantile. A
   * hundredth of the false alarms leaves room for what skewness is left.
   */
  double toleranceOfAverages() {
    return averagesQuantile(values.length) * standardError();
  }

  private static double averagesQuantile(int count) {
    return new TDistribution(count - 1).inverseCumulativeProbability(1 - FALSE_ALARMS / 200);
  }

  /**
   * @param rounding what the computation of the expectation may be off by
   */
  void assertExpectation(String what, double expected, int comparisons, double rounding) {
    assertThat(mean)
        .as("%s, over %d draws", what, values.length)
        .isCloseTo(expected, within(tolerance(comparisons) + rounding));
  }

  /**
   * That two samples come from one distribution: Kolmogorov and Smirnov's two-sample test, with
   * Massart's bound in place of its limit. Ties only make it more lenient.
   */
  void assertLike(String what, Draws other, int comparisons) {
    double statistic = new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(values, other.values);
    double harmonic =
        (double) values.length * other.values.length / (values.length + other.values.length);
    double limit = Math.sqrt(Math.log(4 * comparisons / FALSE_ALARMS) / (2 * harmonic));
    assertThat(statistic)
        .as("%s: greatest distance of the cumulative frequencies of two samples", what)
        .isLessThan(limit);
  }
}
