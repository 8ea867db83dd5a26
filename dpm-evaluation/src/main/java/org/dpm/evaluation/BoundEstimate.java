package org.dpm.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.VariationalBound;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.MeasuredBound.TwoLooks;

/**
 * K of many examples, batch by batch, with a standard error: from every step of the trajectory, or
 * from a few for each example, spread evenly. What is found of an example depends on its number and
 * not on how many others there are.
 */
public final class BoundEstimate {

  private static final int BATCH = 250;

  /** So many pairs of an example and a step tell what chance does to the estimate. */
  private static final int TWICE = 20_000;

  /** From fewer groups of examples than this nobody can tell what they share. */
  private static final int GROUPS = 8;

  private final Diffusion diffusion;
  private final UnaryOperator<NDArray> reduction;
  private final NDArray data;
  private final int count;
  private final int timesteps;

  private BoundEstimate(
      Diffusion diffusion, UnaryOperator<NDArray> reduction, NDArray data, int timesteps) {
    this.diffusion = diffusion;
    this.reduction = reduction;
    this.data = data;
    this.count = Math.toIntExact(data.getShape().get(0));
    this.timesteps = timesteps;
  }

  /**
   * K in nats of each example.
   *
   * @param data [N, element...] as the kernel sees them; where the diffusion is given conditions,
   *     each is for N / n successive ones
   * @param timesteps how many steps of the trajectory to look at for each example; T or more for
   *     all
   * @param noise row i of the data is its example i
   */
  public static double[] nats(Diffusion diffusion, NDArray data, int timesteps, Noise noise) {
    return sums(
        new BoundEstimate(diffusion, Distribution::perExample, data, timesteps)
            .look(noise, Progress.NONE));
  }

  /**
   * K in bits with its error, for which some of the examples, evenly chosen, are looked at twice.
   *
   * @param reduction as for {@link VariationalBound}: groups of elements to tell apart
   * @param data [N, element...] as the kernel sees them
   * @param timesteps as for {@link #nats}
   */
  static MeasuredBound measure(
      Diffusion diffusion,
      UnaryOperator<NDArray> reduction,
      NDArray data,
      int timesteps,
      Noise noise,
      Progress progress) {
    return new BoundEstimate(diffusion, reduction, data, timesteps).measure(noise, progress);
  }

  private MeasuredBound measure(Noise noise, Progress progress) {
    double pairs = (double) count * Math.min(timesteps, diffusion.steps());
    int stride = BATCH * (int) Math.ceil(pairs / TWICE);
    double once = 1 / (1 + (double) BATCH / stride);
    double[][] parts = look(noise, progress.part(0, once));
    double[] nats = sums(parts);
    // Where all steps are looked at, the examples of a batch share nothing. Where each has a few of
    // its own, they share these, which makes the error of their mean far smaller than it would be.
    int batches = (count + stride - 1) / stride;
    int group = timesteps >= diffusion.steps() || batches < GROUPS ? 1 : BATCH;
    Noise again = noise.child("second look");
    List<TwoLooks> twice = new ArrayList<>();
    for (int from = 0; from < count; from += stride) {
      double[] second = sums(piece(from, again));
      double[] first = Arrays.copyOfRange(nats, from, from + second.length);
      twice.addAll(groups(first, second, group));
      progress.report(once + (1 - once) * Math.min(from + stride, count) / count);
    }
    return MeasuredBound.of(parts, twice);
  }

  private static List<TwoLooks> groups(double[] first, double[] second, int size) {
    return IntStream.iterate(0, from -> from < first.length, from -> from + size)
        .mapToObj(
            from -> {
              int to = Math.min(from + size, first.length);
              return new TwoLooks(
                  Arrays.copyOfRange(first, from, to), Arrays.copyOfRange(second, from, to));
            })
        .toList();
  }

  /** In nats, a row for each example and a number for each group of its elements. */
  private double[][] look(Noise noise, Progress progress) {
    double[][] nats = new double[count][];
    for (int from = 0; from < count; from += BATCH) {
      double[][] some = piece(from, noise);
      System.arraycopy(some, 0, nats, from, some.length);
      progress.report((double) (from + some.length) / count);
    }
    return nats;
  }

  private double[][] piece(int from, Noise noise) {
    int to = Math.min(from + BATCH, count);
    try (GradientMode off = GradientMode.off();
        NDManager own = data.getManager().newSubManager();
        NDScope scope = new NDScope()) {
      NDArray batch = data.get(new NDIndex(from + ":" + to));
      batch.attach(own);
      Diffusion rows = diffusion.rows(count, IntStream.range(from, to).toArray());
      double[] costs = costs(rows, batch, noise.from(from));
      int groups = costs.length / (to - from);
      double[][] nats = new double[to - from][groups];
      for (int i = 0; i < costs.length; i++) {
        nats[i / groups][i % groups] = -costs[i];
      }
      return nats;
    }
  }

  private double[] costs(Diffusion rows, NDArray batch, Noise noise) {
    VariationalBound bound = new VariationalBound(rows, reduction);
    if (timesteps >= rows.steps()) {
      return Doubles.of(bound.total(batch, noise));
    }
    double[] spread = noise.spread(Math.toIntExact(batch.getShape().get(0)));
    double[] sum = {};
    for (int pass = 0; pass < timesteps; pass++) {
      try (NDScope scope = new NDScope()) {
        int stratum = pass;
        double[] uniform = Arrays.stream(spread).map(u -> (u + stratum) / timesteps).toArray();
        int[] steps = rows.steps(bound.firstStep(), uniform);
        double[] costs = Doubles.of(bound.estimate(batch, steps, noise.at(pass)));
        sum = pass == 0 ? new double[costs.length] : sum;
        for (int i = 0; i < sum.length; i++) {
          sum[i] += costs[i] / timesteps;
        }
      }
    }
    return sum;
  }

  private static double[] sums(double[][] parts) {
    return Arrays.stream(parts).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
  }
}
