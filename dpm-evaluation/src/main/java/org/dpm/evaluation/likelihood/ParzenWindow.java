package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Progress;
import org.dpm.engine.GradientMode;

/**
 * A kernel density estimate: the mean of normal densities of one width about samples. It is known
 * to say little of high-dimensional models, and here because published figures use it.
 */
public final class ParzenWindow {

  /** Test points whose distances to all samples are held at once. */
  private static final int ROWS = 100;

  /** Of the widths that are tried, neighbours differ by this factor. */
  private static final double FACTOR = 1.2;

  private static final double NARROWEST = 0.005;
  private static final double WIDEST = 2;

  private final NDArray samples;
  private final NDArray squares;
  private final double dimensions;

  /**
   * @param samples [N, element...]; the estimate lives as long as they do
   */
  public ParzenWindow(NDArray samples) {
    try (GradientMode off = GradientMode.off();
        NDScope scope = new NDScope()) {
      this.samples = flat(samples).add(0.0);
      squares = this.samples.square().sum(new int[] {1}).reshape(1, -1);
      NDScope.unregister(this.samples, squares);
    }
    dimensions = this.samples.getShape().get(1);
  }

  private static NDArray flat(NDArray x) {
    // Squared distances are differences of large numbers: single precision would lose the near
    // ones.
    return x.reshape(x.getShape().get(0), -1).toType(DataType.FLOAT64, false);
  }

  /** The widths that are tried, for data of variance near one. */
  static double[] bandwidths() {
    int count = (int) Math.ceil(Math.log(WIDEST / NARROWEST) / Math.log(FACTOR)) + 1;
    double[] bandwidths = new double[count];
    Arrays.setAll(bandwidths, i -> NARROWEST * Math.pow(FACTOR, i));
    return bandwidths;
  }

  /**
   * The width under which validation examples are most probable.
   *
   * @param validation [N, element...], of none of the samples and none of the test examples
   */
  public double bandwidth(NDArray validation, Progress progress) {
    double[] bandwidths = bandwidths();
    double[][] logDensities = logDensities(validation, progress, bandwidths);
    int best = 0;
    for (int i = 1; i < bandwidths.length; i++) {
      if (StatUtils.mean(logDensities[i]) > StatUtils.mean(logDensities[best])) {
        best = i;
      }
    }
    return bandwidths[best];
  }

  /**
   * log density in nats of each example.
   *
   * @param data [N, element...]
   */
  public double[] logDensity(NDArray data, double bandwidth, Progress progress) {
    return logDensities(data, progress, bandwidth)[0];
  }

  /** A row for each width. */
  private double[][] logDensities(NDArray data, Progress progress, double... bandwidths) {
    int count = Math.toIntExact(data.getShape().get(0));
    double[][] result = new double[bandwidths.length][count];
    for (int from = 0; from < count; from += ROWS) {
      int to = Math.min(from + ROWS, count);
      try (GradientMode off = GradientMode.off();
          NDManager own = data.getManager().newSubManager();
          NDScope scope = new NDScope()) {
        NDArray x = flat(data.get(new NDIndex(from + ":" + to)));
        x.attach(own);
        NDArray distances = distances(x);
        for (int i = 0; i < bandwidths.length; i++) {
          double[] values = logMeanKernel(distances, bandwidths[i]);
          System.arraycopy(values, 0, result[i], from, values.length);
        }
      }
      progress.report((double) to / count);
    }
    return result;
  }

  /** Squared, [examples, samples]. */
  private NDArray distances(NDArray x) {
    NDArray own = x.square().sum(new int[] {1}, true);
    return x.matMul(samples.transpose()).mul(-2.0).add(own).add(squares);
  }

  private double[] logMeanKernel(NDArray distances, double bandwidth) {
    try (NDScope scope = new NDScope()) {
      NDArray exponent = distances.mul(-0.5 / (bandwidth * bandwidth));
      NDArray largest = exponent.max(new int[] {1}, true);
      NDArray sum = exponent.sub(largest).exp().mean(new int[] {1}).log();
      double[] logMeans = sum.add(largest.squeeze(1)).toDoubleArray();
      double scale = dimensions * (0.5 * Math.log(2 * Math.PI) + Math.log(bandwidth));
      return Arrays.stream(logMeans).map(value -> value - scale).toArray();
    }
  }
}
