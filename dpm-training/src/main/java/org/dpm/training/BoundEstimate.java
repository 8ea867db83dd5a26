package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.VariationalBound;
import org.dpm.core.SideBySide;
import org.dpm.core.engine.GradientMode;
import org.dpm.training.MeasuredBound.TwoLooks;

/**
 * K of many examples, batch by batch, with a standard error: from every step of the trajectory, or
 * from a few for each example, spread evenly.
 */
final class BoundEstimate {

  private static final int BATCH = 250;

  /** So many pairs of an example and a step tell what chance does to the estimate. */
  private static final int TWICE = 20_000;

  /** From fewer groups of examples than this nobody can tell what they share. */
  private static final int GROUPS = 8;

  private BoundEstimate() {}

  /**
   * K in bits with its error, for which some of the examples, evenly chosen, are looked at twice.
   *
   * @param steps T of the diffusion that is worked with
   * @param data [N, element...] as the kernel sees them
   * @param timesteps as for {@link #nats}
   */
  static MeasuredBound measure(
      SideBySide work, int steps, NDArray data, int timesteps, Noise noise) {
    double[] nats = nats(work, data, timesteps, noise);
    boolean all = timesteps >= steps;
    double pairs = (double) nats.length * Math.min(timesteps, steps);
    int stride = BATCH * (int) Math.ceil(pairs / TWICE);
    // Where all steps are looked at, the examples of a batch share nothing. Where each has a few of
    // its own, they share these, which makes the error of their mean far smaller than it would be.
    int batches = (nats.length + stride - 1) / stride;
    int group = all || batches < GROUPS ? 1 : BATCH;
    int[] looks = IntStream.range(0, batches).map(i -> i * stride).toArray();
    List<double[]> seconds =
        work.each(
            batches,
            (i, diffusion) ->
                piece(
                    diffusion,
                    data,
                    looks[i],
                    timesteps,
                    noise.child("second look", looks[i]).child("batch", 0)));
    List<TwoLooks> twice = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      double[] second = seconds.get(i);
      double[] first = Arrays.copyOfRange(nats, looks[i], looks[i] + second.length);
      twice.addAll(groups(first, second, group));
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
  static double[] nats(SideBySide work, NDArray data, int timesteps, Noise noise) {
    int count = Math.toIntExact(data.getShape().get(0));
    return work
        .each(
            (count + BATCH - 1) / BATCH,
            (i, diffusion) ->
                piece(diffusion, data, i * BATCH, timesteps, noise.child("batch", i * BATCH)))
        .stream()
        .flatMapToDouble(Arrays::stream)
        .toArray();
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
