package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
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

  /** The same, for whoever does not wait for it. */
  public List<TrajectoryEstimate> of(NDArray data, Noise noise) {
    return of(data, noise, done -> {});
  }

  /**
   * Estimates for each example.
   *
   * @param data [N, element...] as the kernel sees them
   * @param noise the same noise gives the same estimates
   * @param progress is told the fraction that is done
   */
  public List<TrajectoryEstimate> of(NDArray data, Noise noise, DoubleConsumer progress) {
    int count = Math.toIntExact(data.getShape().get(0));
    long size = diffusion.element().size();
    int rows = (int) Math.max(1, Math.min(ROWS, ELEMENTS / size));
    int batch = Math.min(count, rows);
    List<TrajectoryEstimate> estimates = new ArrayList<>(count);
    for (int from = 0; from < count; from += batch) {
      int to = Math.min(from + batch, count);
      int start = from;
      DoubleConsumer within = done -> progress.accept((start + done * (to - start)) / count);
      try (GradientMode off = GradientMode.off();
          NDManager own = data.getManager().newSubManager()) {
        NDArray examples = data.get(new NDIndex(from + ":" + to));
        examples.attach(own);
        estimates.addAll(batch(examples, rows / (to - from), noise.child("batch", from), within));
      }
    }
    return estimates;
  }

  /**
   * Estimates for examples that fit into memory together.
   *
   * @param copies how many trajectories of each to follow at once
   */
  private List<TrajectoryEstimate> batch(
      NDArray examples, int copies, Noise noise, DoubleConsumer progress) {
    LogWeights[] weights = new LogWeights[Math.toIntExact(examples.getShape().get(0))];
    Arrays.setAll(weights, i -> new LogWeights());
    for (int first = 0; first < trajectories; first += copies) {
      int now = Math.min(copies, trajectories - first);
      int before = first;
      DoubleConsumer within = done -> progress.accept((before + done * now) / trajectories);
      double[] logWeights;
      try (NDManager own = examples.getManager().newSubManager()) {
        NDArray repeated = now == 1 ? examples : examples.repeat(0, now);
        if (now > 1) {
          repeated.attach(own);
        }
        logWeights = logWeights(repeated, noise.child("trajectories", first), within);
      }
      for (int i = 0; i < logWeights.length; i++) {
        weights[i / now].add(logWeights[i]);
      }
    }
    return Arrays.stream(weights).map(LogWeights::estimate).toList();
  }

  /** log w of one trajectory from each row. */
  private double[] logWeights(NDArray data, Noise noise, DoubleConsumer progress) {
    // In double precision and outside of the engine: the sum of thousands of terms.
    double[] sum = new double[Math.toIntExact(data.getShape().get(0))];
    int steps = diffusion.steps();
    NDArray x;
    try (NDScope scope = new NDScope()) {
      Distribution end = diffusion.forward().marginal(data, diffusion.stage(data, steps));
      x = end.sample(noise);
      add(sum, diffusion.forward().stationary(data), end, x);
      NDScope.unregister(x);
    }
    for (int t = steps; t > 1; t--) {
      NDArray next;
      try (NDScope scope = new NDScope()) {
        Stage stage = diffusion.stage(x, t);
        Distribution truth = diffusion.forward().posterior(data, x, stage);
        next = truth.sample(noise);
        add(sum, diffusion.step(x, stage), truth, next);
        NDScope.unregister(next);
      }
      x.close();
      x = next;
      progress.accept((steps - t + 1) / (double) steps);
    }
    try (NDScope scope = new NDScope()) {
      add(sum, Distribution.perExample(diffusion.last(x).logProbability(data)));
    }
    x.close();
    progress.accept(1);
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
