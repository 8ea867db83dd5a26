package org.dpm.report.picture;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** An interval of an axis. */
public record Range(double low, double high) {

  public Range {
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "low must be below high, both finite, but they are %s and %s".formatted(low, high));
    }
  }

  public double length() {
    return high - low;
  }

  double middle() {
    return low + length() / 2;
  }

  public boolean contains(double value) {
    return value >= low && value <= high;
  }

  /** An interval of another length about the same middle. */
  public Range ofLength(double length) {
    return new Range(middle() - length / 2, middle() + length / 2);
  }

  /** From the least to the greatest finite value; an interval of length 1 if there is only one. */
  public static Range of(DoubleStream values) {
    double[] finite = values.filter(Double::isFinite).toArray();
    if (finite.length == 0) {
      return new Range(0, 1);
    }
    double low = Arrays.stream(finite).min().orElseThrow();
    double high = Arrays.stream(finite).max().orElseThrow();
    return low < high ? new Range(low, high) : new Range(low - 0.5, low + 0.5);
  }

  /**
   * What one coordinate of the points spans, but for the outermost thousandth on each side: a
   * single point far out would otherwise make all others a dot.
   */
  public static Range ofMost(List<float[][]> clouds, int coordinate) {
    double[] values =
        clouds.stream()
            .flatMap(Arrays::stream)
            .mapToDouble(point -> point[coordinate])
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    int cut = values.length / 1000;
    return of(Arrays.stream(values, cut, values.length - cut));
  }

  /** Round numbers inside, about {@code wanted} of them: multiples of 1, 2 or 5 times 10^k. */
  public double[] ticks(int wanted) {
    double rough = length() / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        DoubleStream.of(1, 2, 5, 10)
            .map(multiple -> multiple * power)
            .filter(candidate -> candidate >= rough)
            .findFirst()
            .orElse(10 * power);
    long first = (long) Math.ceil(low / step);
    long last = (long) Math.floor(high / step);
    return LongStream.rangeClosed(first, last).mapToDouble(i -> i * step).toArray();
  }
}
