package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.engine.GradientMode;

/**
 * The log likelihood by averaging over forward trajectories, which is annealed importance sampling,
 * or Jarzynski's equality: Sohl-Dickstein et al. 2015, equation 9. For every kernel.
 *
 * <pre>
 * p(x_0) = E_q w,  w = p(x_T) p(x_{T-1}|x_T) ... p(x_0|x_1) / q(x_1, ..., x_T|x_0)
 * </pre>
 *
 * <p>A trajectory is drawn from its far end, x_T from q(x_T|x_0) and then x_{t-1} from
 * q(x_{t-1}|x_t, x_0): the same joint law as step by step from the data, and the same w. But every
 * factor is then a ratio of two densities of one variable, p(x_{t-1}|x_t) / q(x_{t-1}|x_t, x_0),
 * that nearly agree: their logarithms lose no digits when thousands of them are added.
 *
 * <p>Memory depends neither on the number of trajectories nor on T.
 */
public final class TrajectoryLikelihood {

  /** Trajectories that are followed at once. */
  private static final int ROWS = 4000;

  /** Elements that these may have together, which bounds what a network on images takes. */
  private static final int ELEMENTS = 1 << 18;

  private final Diffusion diffusion;
  private final int trajectories;

  /**
   * @param trajectories S, for each example; at least 1
   */
  public TrajectoryLikelihood(Diffusion diffusion, int trajectories) {
    if (trajectories < 1) {
      throw new IllegalArgumentException("trajectories must be at least 1, but is " + trajectories);
    }
    this.diffusion = diffusion;
    this.trajectories = trajectories;
  }

  /**
   * Estimates for each example.
   *
   * @param data [N, element...] as the kernel sees them; where the diffusion is given conditions,
   *     each is for N / n successive ones
   * @param noise the same noise gives the same estimates; row i of the data is its example i
   */
  public List<TrajectoryEstimate> of(NDArray data, Noise noise, Progress progress) {
    int count = Math.toIntExact(data.getShape().get(0));
    long size = diffusion.element().size();
    int rows = (int) Math.max(1, Math.min(ROWS, ELEMENTS / size));
    int batch = Math.min(count, rows);
    List<TrajectoryEstimate> estimates = new ArrayList<>(count);
    for (int from = 0; from < count; from += batch) {
      int to = Math.min(from + batch, count);
      Progress part = progress.part((double) from / count, (double) to / count);
      estimates.addAll(batch(data, from, to, rows / (to - from), noise, part));
    }
    return estimates;
  }

  /**
   * Estimates for examples that fit into memory together.
   *
   * @param copies how many trajectories of each to follow at once
   */
  private List<TrajectoryEstimate> batch(
      NDArray data, int from, int to, int copies, Noise noise, Progress progress) {
    LogWeights[] weights = new LogWeights[to - from];
    Arrays.setAll(weights, i -> new LogWeights());
    for (int first = 0; first < trajectories; first += copies) {
      int last = Math.min(first + copies, trajectories);
      Progress part = progress.part((double) first / trajectories, (double) last / trajectories);
      double[] logWeights = piece(data, from, to, first, last, noise, part);
      for (int i = 0; i < logWeights.length; i++) {
        weights[i / (last - first)].add(logWeights[i]);
      }
    }
    return Arrays.stream(weights).map(LogWeights::estimate).toList();
  }

  /** log w of some trajectories of some examples, those of an example one after another. */
  private double[] piece(
      NDArray data, int from, int to, int first, int last, Noise noise, Progress progress) {
    int copies = last - first;
    int[] examples = IntStream.range(0, (to - from) * copies).map(i -> from + i / copies).toArray();
    long[] each = new long[examples.length];
    // Trajectory s of example n has a number that neither batches nor pieces change.
    Arrays.setAll(each, i -> ((long) (first + i % copies) << 32) + examples[i]);
    try (GradientMode off = GradientMode.off();
        NDManager own = data.getManager().newSubManager();
        NDScope scope = new NDScope()) {
      NDArray some = data.get(new NDIndex(from + ":" + to));
      NDArray repeated = copies == 1 ? some : some.repeat(0, copies);
      repeated.attach(own);
      Diffusion rows = diffusion.rows(Math.toIntExact(data.getShape().get(0)), examples);
      return logWeights(rows, repeated, noise.rows(each), progress);
    }
  }

  /** log w of one trajectory from each row. */
  private static double[] logWeights(
      Diffusion diffusion, NDArray data, Noise noise, Progress progress) {
    // In double precision and outside of the engine: the sum of thousands of terms.
    double[] sum = new double[Math.toIntExact(data.getShape().get(0))];
    int steps = diffusion.steps();
    NDArray x;
    try (NDScope scope = new NDScope()) {
      Distribution end = diffusion.forward().marginal(data, diffusion.stage(data, steps));
      x = end.sample(noise.at(steps));
      add(sum, diffusion.end(data), end, x);
      NDScope.unregister(x);
    }
    for (int t = steps; t > 1; t--) {
      NDArray next;
      try (NDScope scope = new NDScope()) {
        Stage stage = diffusion.stage(x, t);
        Distribution truth = diffusion.forward().posterior(data, x, stage);
        next = truth.sample(noise.at(t - 1));
        add(sum, diffusion.back(x, stage), truth, next);
        NDScope.unregister(next);
      }
      x.close();
      x = next;
      progress.report((steps - t + 1) / (double) steps);
    }
    try (NDScope scope = new NDScope()) {
      Distribution last = diffusion.back(x, diffusion.stage(x, 1));
      add(sum, Distribution.perExample(last.logProbability(data)));
    }
    x.close();
    progress.report(1);
    return sum;
  }

  private static void add(double[] sum, Distribution model, Distribution truth, NDArray x) {
    NDArray ratio = model.logProbability(x).sub(truth.logProbability(x));
    add(sum, Distribution.perExample(ratio));
  }

  private static void add(double[] sum, NDArray terms) {
    double[] values = Doubles.of(terms);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }
}
