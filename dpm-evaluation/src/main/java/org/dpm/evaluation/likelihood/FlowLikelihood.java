package org.dpm.evaluation.likelihood;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * The log likelihood by the probability flow, on any Gaussian path: a deterministic way from the
 * data to the noise along which densities can be followed. Song et al. 2021, section 4.3.
 *
 * <p>The flow begins at the noise level of step 1, at x = a_1 x_0, and ends at time 1, where the
 * density is taken to be that of the end of the diffusion. What it evaluates is thus the model's
 * density blurred by a Gaussian of variance (1 - abar_1) / abar_1, without drawing from it. For
 * data that vary by v in their thinnest direction this is too small by about ((1 - abar_1) / (2
 * v))^2 nats on average, in second order of the blur. The last reverse step has no part in it.
 *
 * <p>The divergence is exact up to 32 elements, and estimated with a few random signs above
 * (Hutchinson), the same ones all the way, with a standard error. Each example has steps of its own
 * ({@link DormandPrince}), which are made stricter until its answer stands still: what is found of
 * it does not depend on the others. Answers that on average still move are refused.
 */
public final class FlowLikelihood {

  /** Elements up to which the trace is exact. */
  private static final int EXACT = 32;

  /** Random signs for each example above: two at least, for a standard error. */
  private static final int PROBES = 4;

  /** Error of a step that is allowed, relative and absolute, tried in turn. */
  private static final List<Double> TOLERANCES = List.of(1e-3, 1e-4, 1e-5, 1e-6, 1e-7);

  /** How much an answer may move between the last two tolerances: bits for an example or, ... */
  private static final double STILL = 0.01;

  /** ... where that is more, bits for an element. */
  private static final double STILL_ELEMENT = 0.001;

  /** Nothing of the data is left below, where single precision is concerned. */
  private static final double LOWEST = -18;

  private static final int ROWS = 500;
  private static final int ELEMENTS = 1 << 16;

  /** Times that the network may be asked on one way. */
  private static final int EVALUATIONS = 10_000;

  private final Diffusion diffusion;
  private final GaussianPath path;
  private final List<Double> tolerances;
  private final int evaluations;

  /**
   * @param diffusion on a Gaussian path, whose network can be asked at any time
   * @throws InvalidInput if it has no path, or if its reverse kernel does not denoise
   */
  public FlowLikelihood(Diffusion diffusion) {
    this(diffusion, TOLERANCES, EVALUATIONS);
  }

  /**
   * @param tolerances at least two, decreasing
   */
  FlowLikelihood(Diffusion diffusion, List<Double> tolerances, int evaluations) {
    this(diffusion, tolerances, evaluations, name(diffusion.forward()), name(diffusion.reverse()));
  }

  private FlowLikelihood(
      Diffusion diffusion,
      List<Double> tolerances,
      int evaluations,
      String forward,
      String reverse) {
    this.diffusion = diffusion;
    this.tolerances = tolerances;
    this.evaluations = evaluations;
    path =
        diffusion
            .forward()
            .path()
            .orElseThrow(
                () ->
                    new InvalidInput(
                        ("the probability flow needs a Gaussian path, and kernel '%s' has none."
                                + " --likelihood S works for every kernel.")
                            .formatted(forward)));
    if (!diffusion.reverse().denoises()) {
      throw new InvalidInput(
          ("the probability flow asks what is believed of the data, but reverse '%s' as it is set"
                  + " predicts steps. --likelihood S works for every kernel.")
              .formatted(reverse));
    }
  }

  private static String name(Object part) {
    return part.getClass().getSimpleName();
  }

  /**
   * Of a trained model at the times of training.
   *
   * @throws InvalidInput if its kernel has no Gaussian path, if its reverse kernel does not
   *     denoise, or if its network cannot be asked between the times of training
   */
  public static FlowLikelihood of(Model model) {
    return of(model, model.pipeline().trajectory());
  }

  /** Of a trained model, with the ends that a trajectory through these times has. */
  static FlowLikelihood of(Model model, Grid grid) {
    Pipeline pipeline = model.pipeline();
    FlowLikelihood flow =
        new FlowLikelihood(
            model.diffusion(grid),
            TOLERANCES,
            EVALUATIONS,
            pipeline.kernel().kind(),
            pipeline.reverse().kind());
    if (!model.parts().network().anyTime()) {
      throw new InvalidInput(
          ("the probability flow asks the network between the steps that it was trained at, but"
                  + " network '%s' as it is set has a readout for each of its %d steps."
                  + " --likelihood S needs no other times.")
              .formatted(pipeline.network().kind(), pipeline.trajectory().steps()));
    }
    // The engine refuses views of the weights from before, made while nothing was recorded.
    try (GradientMode on = GradientMode.on()) {
      model.weights().bind();
    }
    return flow;
  }

  /**
   * Estimates for each example.
   *
   * @param data [N, element...] as the kernel sees them; where the diffusion is given conditions,
   *     each is for N / n successive ones
   * @param noise where the probes come from, if there are any; row i of the data is its example i
   * @throws InvalidInput if the answer does not stand still
   */
  public List<FlowEstimate> of(NDArray data, Noise noise, Progress progress) {
    int count = Math.toIntExact(data.getShape().get(0));
    long size = diffusion.element().size();
    int batch = (int) Math.max(1, Math.min(Math.min(ROWS, count), ELEMENTS / size));
    List<FlowEstimate> estimates = new ArrayList<>(count);
    for (int from = 0; from < count; from += batch) {
      int to = Math.min(from + batch, count);
      try (GradientMode off = GradientMode.off();
          NDManager own = data.getManager().newSubManager();
          Derivatives derivatives = new Derivatives(own);
          NDScope scope = new NDScope()) {
        NDArray examples = data.get(new NDIndex(from + ":" + to));
        examples.attach(own);
        Diffusion rows = diffusion.rows(count, IntStream.range(from, to).toArray());
        Progress part = progress.part((double) from / count, (double) to / count);
        Batch run = new Batch(rows, examples, derivatives, noise.from(from), part);
        estimates.addAll(run.refined());
      }
    }
    requireStill(estimates);
    return estimates;
  }

  /** Standard deviation of the Gaussian that the density is blurred with. */
  double blur(NDArray like) {
    try (NDScope scope = new NDScope()) {
      return Math.exp(-logSnr(diffusion.stage(like, 1)) / 2);
    }
  }

  private static double logSnr(Stage stage) {
    return Doubles.of(stage.logSnr())[0];
  }

  private double stillNats() {
    double bits = Math.max(STILL, STILL_ELEMENT * diffusion.element().size());
    return bits * Math.log(2);
  }

  private void requireStill(List<FlowEstimate> estimates) {
    double moved = estimates.stream().mapToDouble(FlowEstimate::refinement).average().orElse(0);
    if (!(moved <= stillNats())) {
      throw new InvalidInput(
          ("the probability flow has not converged: from tolerance %s to %s log p still moves by"
                  + " %.3g bits an example, and %.3g are allowed. The network's answers are too"
                  + " rough for it; --likelihood S does not depend on that.")
              .formatted(
                  tolerances.get(tolerances.size() - 2),
                  tolerances.get(tolerances.size() - 1),
                  moved / Math.log(2),
                  stillNats() / Math.log(2)));
    }
  }

  /** Examples that fit into memory together. */
  private final class Batch {

    private final NDArray examples;
    private final GaussianFlow flow;
    private final int probes;
    private final boolean exact;
    private final Progress progress;
    private final int size;

    /** l where the flow begins and ends. */
    private final double first;

    private final double last;

    /** sqrt(abar) where it begins, and sqrt(a^2 + s^2) at time 1: both changes of scale. */
    private final double signal;

    private final double scale;

    Batch(
        Diffusion rows, NDArray examples, Derivatives derivatives, Noise noise, Progress progress) {
      this.examples = examples;
      this.progress = progress;
      size = Math.toIntExact(rows.element().size());
      exact = size <= EXACT;
      List<NDArray> directions =
          exact
              ? IntStream.range(0, size).mapToObj(this::unit).toList()
              : IntStream.range(0, PROBES).mapToObj(i -> signs(noise)).toList();
      probes = directions.size();
      flow = new GaussianFlow(rows, path, derivatives, examples, directions);
      Stage begin = rows.stage(examples, 1);
      Stage end = rows.stage(examples, rows.steps());
      first = logSnr(begin);
      last = Math.max(LOWEST, logSnr(end));
      signal = Math.sqrt(Doubles.of(begin.signal())[0]);
      scale = Math.sqrt(Doubles.of(GaussianStage.of(path, end).total())[0]);
    }

    /** The i-th direction, for every example. */
    private NDArray unit(int direction) {
      double[] values = new double[Math.toIntExact(examples.getShape().size())];
      for (int i = direction; i < values.length; i += size) {
        values[i] = 1;
      }
      return Doubles.array(examples, values, examples.getShape());
    }

    private NDArray signs(Noise noise) {
      NDArray heads = noise.uniform(examples).lt(0.5f);
      return heads.toType(examples.getDataType(), false).mul(2f).sub(1f);
    }

    /**
     * Of each example the answer of the first tolerance at which it stands still, or else of the
     * last one at which it arrives.
     */
    List<FlowEstimate> refined() {
      FlowEstimate[] estimates = new FlowEstimate[Math.toIntExact(examples.getShape().get(0))];
      double[][] answers = new double[estimates.length][];
      int[] rows = IntStream.range(0, estimates.length).toArray();
      for (int level = 0; level < tolerances.size() && rows.length > 0; level++) {
        double[][] now = solve(level, rows);
        List<Integer> moving = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
          int row = rows[i];
          if (now[i].length == 0) {
            continue;
          }
          boolean still = false;
          if (level > 0) {
            estimates[row] = estimate(answers[row], now[i]);
            still = estimates[row].refinement() <= stillNats();
          }
          answers[row] = now[i];
          if (!still) {
            moving.add(row);
          }
        }
        rows = moving.stream().mapToInt(Integer::intValue).toArray();
      }
      progress.report(1);
      return List.of(estimates);
    }

    private FlowEstimate estimate(double[] before, double[] now) {
      double value = StatUtils.mean(now);
      double error = exact ? 0 : Math.sqrt(StatUtils.variance(now) / now.length);
      return new FlowEstimate(value, error, Math.abs(value - StatUtils.mean(before)));
    }

    /**
     * log p of some examples at one tolerance: one number, or one for each random probe; none for
     * an example that got stuck at a tolerance that only refines.
     */
    private double[][] solve(int level, int[] rows) {
      double tolerance = tolerances.get(level);
      DormandPrince way =
          new DormandPrince(
              (active, at, states) ->
                  flow.slopes(Arrays.stream(active).map(i -> rows[i]).toArray(), at, states),
              first,
              last,
              tolerance,
              start(rows));
      way.integrate(evaluations, share -> progress.report((level + share) / tolerances.size()));
      double[][] states = way.states();
      double[][] answers = logLikelihood(states);
      for (int i = 0; i < rows.length; i++) {
        if (way.stuck(i) && level > 1) {
          answers[i] = new double[0];
        } else if (way.stuck(i)) {
          throw new InvalidInput(
              ("the probability flow got stuck at a log signal-to-noise ratio of %.3f, on its way"
                      + " from %.3f to %.3f, with tolerance %s: the network's answers are too rough"
                      + " for it. --likelihood S does not depend on that.")
                  .formatted(way.at(i), first, last, tolerance));
        }
      }
      return answers;
    }

    /** u at step 1, with no divergence so far. */
    private double[][] start(int... rows) {
      double[] data = Doubles.of(examples);
      double[][] states = new double[rows.length][size + probes];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < size; j++) {
          states[i][j] = signal * data[rows[i] * size + j];
        }
      }
      return states;
    }

    /** log p(x_T) and what the flow has stretched; and both changes of scale, at its ends. */
    private double[][] logLikelihood(double[][] states) {
      double[] end;
      try (NDScope scope = new NDScope()) {
        NDArray u = flow.points(states);
        NDArray x = u.mul(number(u, scale));
        end = Doubles.of(Distribution.perExample(diffusion.end(x).logProbability(x)));
      }
      double[][] result = new double[states.length][exact ? 1 : probes];
      for (int i = 0; i < states.length; i++) {
        Arrays.fill(result[i], end[i] + size * Math.log(signal * scale));
        for (int k = 0; k < probes; k++) {
          result[i][exact ? 0 : k] += states[i][size + k];
        }
      }
      return result;
    }
  }
}
