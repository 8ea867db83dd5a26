package org.dpm.evaluation;

/**
 * A mean over examples, in bits.
 *
 * @param mean bits per example
 * @param standardError of the mean, from the spread over the examples
 */
public record Bits(double mean, double standardError) {

  /** Of one number for each example, in nats. */
  public static Bits ofNats(double[] nats) {
    double sum = 0;
    for (double x : nats) {
      sum += x;
    }
    double mean = sum / nats.length;
    double square = 0;
    for (double x : nats) {
      square += (x - mean) * (x - mean);
    }
    double variance = nats.length > 1 ? square / (nats.length - 1) : Double.NaN;
    double log2 = Math.log(2);
    return new Bits(mean / log2, Math.sqrt(variance / nats.length) / log2);
  }
}
