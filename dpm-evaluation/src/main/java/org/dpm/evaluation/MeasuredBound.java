package org.dpm.evaluation;

import static java.util.Arrays.stream;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The mean K of a set of examples in bits, and how far off it may be, for two reasons that have
 * nothing to do with each other.
 *
 * @param bits K
 * @param estimateError standard error of {@code bits} as an estimate of K of these very examples,
 *     of which only some steps and some noise were looked at: looking at more makes it smaller
 * @param exampleError standard error of K of these examples as an estimate of K of all that there
 *     might be: only more examples make it smaller. Not a number for a single one.
 * @param parts what groups of elements contribute to {@code bits}
 */
record MeasuredBound(double bits, double estimateError, double exampleError, List<Double> parts) {

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
  }

  /**
   * Takes the spread of the examples apart.
   *
   * @param parts K of each example by one look, a number for each group of its elements
   * @param twice some of them, with the look that {@code parts} has and another; groups of them
   *     that share no chance with each other
   */
  static MeasuredBound of(double[][] parts, List<TwoLooks> twice) {
    double[] first = twice.stream().flatMapToDouble(group -> stream(group.first())).toArray();
    double[] second = twice.stream().flatMapToDouble(group -> stream(group.second())).toArray();
    double shared = twice.stream().mapToDouble(TwoLooks::squareOfSum).sum() / first.length;
    double error = Math.sqrt(shared / parts.length);
    double spread = Math.sqrt(common(first, second) / parts.length);
    List<Double> bits =
        IntStream.range(0, parts[0].length)
            .mapToObj(k -> Bits.ofNats(stream(parts).mapToDouble(row -> row[k]).toArray()).mean())
            .toList();
    double all = bits.stream().mapToDouble(Double::doubleValue).sum();
    return new MeasuredBound(all, error / Math.log(2), spread / Math.log(2), bits);
  }

  /** The variance over examples that both looks see, and chance does not make. */
  private static double common(double[] first, double[] second) {
    double mean = StatUtils.mean(first);
    double other = StatUtils.mean(second);
    double product = 0;
    double chance = 0;
    for (int i = 0; i < first.length; i++) {
      double difference = first[i] - mean - (second[i] - other);
      product += (first[i] - mean) * (second[i] - other);
      chance += difference * difference / 2;
    }
    int free = first.length - 1;
    // Products of pure chance have a mean of this size. A spread below it could not be seen.
    double hidden = chance / free / Math.sqrt(free);
    return Math.max(product / free, hidden);
  }

  /** Of {@code bits} as an estimate of K of all examples that there might be. */
  double standardError() {
    return Math.hypot(estimateError, exampleError);
  }
}
