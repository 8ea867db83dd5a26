package org.dpm.training;

import java.util.List;

/**
 * The mean K of a set of examples in bits, and how far off it may be, for two reasons that have
 * nothing to do with each other.
 *
 * @param bits K
 * @param estimateError standard error of {@code bits} as an estimate of K of these very examples,
 *     of which only some steps and some noise were looked at: looking at more makes it smaller
 * @param exampleError standard error of K of these examples as an estimate of K of all that there
 *     might be: only more examples make it smaller. Not a number for a single one.
 */
record MeasuredBound(double bits, double estimateError, double exampleError) {

  /**
   * K in nats of some examples by two looks that are independent, given the examples. Within one
   * look the examples may share what chance there is, such as evenly spread steps.
   */
  @SuppressWarnings("ArrayRecordComponent") // added up once, never compared
  record TwoLooks(double[] first, double[] second) {

    /** What chance adds to the square of the sum over these examples by one look. */
    double squareOfSum() {
      double difference = 0;
      for (int i = 0; i < first.length; i++) {
        difference += first[i] - second[i];
      }
      return difference * difference / 2;
    }

    /** What chance adds to the squares of single examples by one look, added up. */
    double sumOfSquares() {
      double sum = 0;
      for (int i = 0; i < first.length; i++) {
        sum += (first[i] - second[i]) * (first[i] - second[i]) / 2;
      }
      return sum;
    }
  }

  /**
   * Takes the spread of the examples apart.
   *
   * @param nats K of each example by one look
   * @param twice some of them, with the look that {@code nats} has and another; groups of them that
   *     share no chance with each other
   */
  static MeasuredBound of(double[] nats, List<TwoLooks> twice) {
    int count = nats.length;
    int looked = twice.stream().mapToInt(group -> group.first().length).sum();
    double shared = twice.stream().mapToDouble(TwoLooks::squareOfSum).sum() / looked;
    double own = twice.stream().mapToDouble(TwoLooks::sumOfSquares).sum() / looked;
    double log2 = Math.log(2);
    Bits all = Bits.ofNats(nats);
    double examples = Math.pow(all.standardError(), 2) - own / (count * log2 * log2);
    return new MeasuredBound(
        all.mean(), Math.sqrt(shared / count) / log2, Math.sqrt(Math.max(0, examples)));
  }

  /** Of {@code bits} as an estimate of K of all examples that there might be. */
  double standardError() {
    return Math.hypot(estimateError, exampleError);
  }
}
