package org.dpm.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.VariationalBound;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.MeasuredBound.TwoLooks;

/**
 * K of many examples, batch by batch, with a standard error: from every step of the trajectory, or
 * from a few for each example, spread evenly.
 */
public final class BoundEstimate {

  private static final int BATCH = 250;

  /** So many pairs of an example and a step tell what chance does to the estimate. */
  private static final int TWICE = 20_000;

  /** From fewer groups of examples than this nobody can tell what they share. */
  private static final int GROUPS = 8;

  private BoundEstimate() {}

  /**
   * K in bits with its error, for which some of the examples, evenly chosen, are looked at twice.
   *
   * @param data [N, element...] as the kernel sees them
   * @param timesteps as for {@link #nats}
   * @param progress is told the fraction that is done
   */
  static MeasuredBound measure(
      Diffusion diffusion, NDArray data, int timesteps, Noise noise, DoubleConsumer progress) {
    boolean all = timesteps >= diffusion.steps();
    long count = data.getShape().get(0);
    double pairs = (double) count * Math.min(timesteps, diffusion.steps());
    int stride = BATCH * (int) Math.ceil(pairs / TWICE);
    double once = 1 / (1 + (double) BATCH / stride);
    double[] nats = nats(diffusion, data, timesteps, noise, done -> progress.accept(once * done));
    // Where all steps are looked at, the examples of a batch share nothing. Where each has a few of
    // its own, they share these, which makes the error of their mean far smaller than it would be.
    int batches = (nats.length + stride - 1) / stride;
    int group = all || batches < GROUPS ? 1 : BATCH;
    List<TwoLooks> twice = new ArrayList<>();
    for (int from = 0; from < nats.length; from += stride) {
      Noise again = noise.child("second look", from).child("batch", 0);
      double[] second = piece(diffusion, data, from, timesteps, again);
      double[] first = Arrays.copyOfRange(nats, from, from + second.length);
      twice.addAll(groups(first, second, group));
      progress.accept(once + (1 - once) * Math.min(from + stride, count) / count);
    }
    return MeasuredBound.of(nats, twice);
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

  /**
   * K in nats of each example.
   *
   * @param data [N, element...] as the kernel sees them
   * @param timesteps how many steps of the trajectory to look at for each example; T or more for
   *     all
   */
  public static double[] nats(Diffusion diffusion, NDArray data, int timesteps, Noise noise) {
    return nats(diffusion, data, timesteps, noise, done -> {});
  }

  private static double[] nats(
      Diffusion diffusion, NDArray data, int timesteps, Noise noise, DoubleConsumer progress) {
    double[] nats = new double[Math.toIntExact(data.getShape().get(0))];
    for (int from = 0; from < nats.length; from += BATCH) {
      double[] some = piece(diffusion, data, from, timesteps, noise.child("batch", from));
      System.arraycopy(some, 0, nats, from, some.length);
      progress.accept((double) (from + some.length) / nats.length);
    }
    return nats;
  }

  private static double[] piece(
      Diffusion diffusion, NDArray data, int from, int timesteps, Noise noise) {
    int to = (int) Math.min(from + BATCH, data.getShape().get(0));
    try (GradientMode off = GradientMode.off();
        NDManager own = data.getManager().newSubManager();
        NDScope scope = new NDScope()) {
      NDArray batch = data.get(new NDIndex(from + ":" + to));
      batch.attach(own);
      float[] costs = batch(diffusion, batch, timesteps, noise);
      return IntStream.range(0, costs.length).mapToDouble(k -> -costs[k]).toArray();
    }
  }

  private static float[] batch(Diffusion diffusion, NDArray batch, int timesteps, Noise noise) {
    VariationalBound bound = new VariationalBound(diffusion);
    if (timesteps >= diffusion.steps()) {
      return bound.total(batch, noise).toFloatArray();
    }
    double offset = noise.uniform();
    float[] sum = new float[Math.toIntExact(batch.getShape().get(0))];
    for (int pass = 0; pass < timesteps; pass++) {
      try (NDScope scope = new NDScope()) {
        float[] costs = bound.estimate(batch, (offset + pass) / timesteps, noise).toFloatArray();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += costs[i] / timesteps;
        }
      }
    }
    return sum;
  }
}
