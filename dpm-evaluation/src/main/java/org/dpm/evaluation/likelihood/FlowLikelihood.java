package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MathIllegalNumberException;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.ode.nonstiff.DormandPrince54Integrator;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * The log likelihood by the probability flow, for Gaussian kernels: a deterministic way from the
 * data to the noise along which densities can be followed. Song et al. 2021, section 4.3.
 *
 * <p>The flow begins at the noise level of step 1, at x = sqrt(abar_1) x_0, and ends at that of
 * step T, where the density is taken to be the stationary one. What it evaluates is thus the
 * model's density blurred by a Gaussian of variance (1 - abar_1) / abar_1, without drawing from it.
 * For data that vary by v in their thinnest direction this is too small by about ((1 - abar_1) / (2
 * v))^2 nats on average, in second order of the blur. The last reverse step has no part in it.
 *
 * <p>The divergence is exact up to 32 elements, and estimated with a few random signs above
 * (Hutchinson), the same ones all the way, with a standard error. The step is adapted (Dormand and
 * Prince's pair of orders 5 and 4), and made stricter until the answer stands still; one that still
 * moves is refused.
 */
public final class FlowLikelihood {

  /** Elements up to which the trace is exact. */
  private static final int EXACT = 32;

  /** Random signs for each example above: two at least, for a standard error. */
  private static final int PROBES = 4;

  /** Error of a step that is allowed, relative and absolute, tried in turn. */
  private static final List<Double> TOLERANCES = List.of(1e-3, 1e-4, 1e-5, 1e-6, 1e-7);

  /** How much the mean may move between the last two tolerances: bits for an example or, ... */
  private static final double STILL = 0.01;

  /** ... where that is more, bits for an element. */
  private static final double STILL_ELEMENT = 0.001;

  private static final int ROWS = 500;
  private static final int ELEMENTS = 1 << 16;

  /** Times that the network may be asked on one way. */
  private static final int EVALUATIONS = 10_000;

  private final Diffusion diffusion;
  private final List<Double> tolerances;
  private final int evaluations;

  /**
   * @param diffusion of Gaussian kernels, whose network can be asked at any time
   */
  public FlowLikelihood(Diffusion diffusion) {
    this(diffusion, TOLERANCES, EVALUATIONS);
  }

  /**
   * @param tolerances at least two, decreasing
   */
  FlowLikelihood(Diffusion diffusion, List<Double> tolerances, int evaluations) {
    this.diffusion = diffusion;
    this.tolerances = tolerances;
    this.evaluations = evaluations;
  }

  /**
   * Of a trained model at the steps of training.
   *
   * @throws InvalidInput if its kernel is not Gaussian, or if its network cannot be asked between
   *     the steps of training
   */
  public static FlowLikelihood of(Model model) {
    return of(model, model.pipeline().steps());
  }

  /** The same, with the ends that a trajectory of T steps has. */
  static FlowLikelihood of(Model model, int steps) {
    try (NDScope scope = new NDScope()) {
      NDArray like = model.manager().zeros(new Shape(1).addAll(model.data().summary().element()));
      GaussianFlow.gaussian(model.parts().forward().stationary(like), "pi");
    }
    if (!model.parts().network().anyTime()) {
      throw new InvalidInput(
          ("the probability flow asks the network between the steps that it was trained at, but"
                  + " network '%s' as it is set has a readout for each of its %d steps."
                  + " --likelihood S needs no other times.")
              .formatted(model.pipeline().network().kind(), model.pipeline().steps()));
    }
    // The engine refuses views of the weights from before, made while nothing was recorded.
    try (GradientMode on = GradientMode.on()) {
      model.weights().bind();
    }
    return new FlowLikelihood(model.diffusion(steps));
  }

  /** The same, for whoever does not wait for it. */
  public List<FlowEstimate> of(NDArray data, Noise noise) {
    return of(data, noise, done -> {});
  }

  /**
   * Estimates for each example.
   *
   * @param data [N, element...] as the kernel sees them
   * @param noise where the probes come from, if there are any
   * @param progress is told the fraction that is done
   * @throws InvalidInput if the kernels are not Gaussian, or if the answer does not stand still
   */
  public List<FlowEstimate> of(NDArray data, Noise noise, DoubleConsumer progress) {
    int count = Math.toIntExact(data.getShape().get(0));
    long size = diffusion.element().size();
    int batch = (int) Math.max(1, Math.min(Math.min(ROWS, count), ELEMENTS / size));
    List<FlowEstimate> estimates = new ArrayList<>(count);
    for (int from = 0; from < count; from += batch) {
      int to = Math.min(from + batch, count);
      int start = from;
      DoubleConsumer within = done -> progress.accept((start + done * (to - start)) / count);
      try (GradientMode off = GradientMode.off();
          NDManager own = data.getManager().newSubManager();
          Derivatives derivatives = new Derivatives(own)) {
        NDArray examples = data.get(new NDIndex(from + ":" + to));
        examples.attach(own);
        Batch run = new Batch(examples, derivatives, noise.child("batch", from), within);
        estimates.addAll(run.refined());
      }
    }
    requireStill(estimates);
    return estimates;
  }

  /** Standard deviation of the Gaussian that the density is blurred with. */
  double blur(NDArray like) {
    return Math.exp(-new NoiseLevels(diffusion, like).first() / 2);
  }

  private double stillNats() {
    double bits = Math.max(STILL, STILL_ELEMENT * diffusion.element().size());
    return bits * Math.log(2);
  }

  private void requireStill(List<FlowEstimate> estimates) {
    double moved = meanMove(estimates);
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

  private static double meanMove(List<FlowEstimate> estimates) {
    return estimates.stream().mapToDouble(FlowEstimate::refinement).average().orElse(0);
  }

  /** Examples that fit into memory together. */
  private final class Batch {

    private final NDArray examples;
    private final NoiseLevels levels;
    private final List<NDArray> probes;
    private final boolean exact;
    private final Derivatives derivatives;
    private final DoubleConsumer progress;
    private final int count;

    Batch(NDArray examples, Derivatives derivatives, Noise noise, DoubleConsumer progress) {
      this.examples = examples;
      this.derivatives = derivatives;
      this.progress = progress;
      levels = new NoiseLevels(diffusion, examples);
      int size = Math.toIntExact(diffusion.element().size());
      exact = size <= EXACT;
      probes =
          exact
              ? IntStream.range(0, size).mapToObj(this::unit).toList()
              : IntStream.range(0, PROBES).mapToObj(i -> signs(noise)).toList();
      count = Math.toIntExact(examples.getShape().get(0));
    }

    /** The i-th direction, for every example. */
    private NDArray unit(int direction) {
      double[] values = new double[Math.toIntExact(examples.getShape().size())];
      int size = Math.toIntExact(diffusion.element().size());
      for (int i = direction; i < values.length; i += size) {
        values[i] = 1;
      }
      return Doubles.array(examples, values, examples.getShape());
    }

    private NDArray signs(Noise noise) {
      try (NDScope scope = new NDScope()) {
        NDArray heads = noise.uniform(examples).lt(0.5f);
        NDArray signs = heads.toType(examples.getDataType(), false).mul(2f).sub(1f);
        NDScope.unregister(signs);
        return signs;
      }
    }

    /** The answer of the first tolerance at which it stands still, or else of the last one. */
    List<FlowEstimate> refined() {
      double[][] before = solve(0);
      List<FlowEstimate> estimates = List.of();
      for (int level = 1; level < tolerances.size(); level++) {
        double[][] now = solve(level);
        estimates = estimates(before, now);
        if (meanMove(estimates) <= stillNats()) {
          break;
        }
        before = now;
      }
      progress.accept(1);
      return estimates;
    }

    private List<FlowEstimate> estimates(double[][] before, double[][] now) {
      List<FlowEstimate> estimates = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        double value = StatUtils.mean(now[i]);
        double error = exact ? 0 : Math.sqrt(StatUtils.variance(now[i]) / now[i].length);
        double moved = Math.abs(value - StatUtils.mean(before[i]));
        estimates.add(new FlowEstimate(value, error, moved));
      }
      return estimates;
    }

    /** log p of each example at one tolerance: one number, or one for each random probe. */
    private double[][] solve(int level) {
      double first = levels.first();
      double last = levels.last();
      double[] furthest = {first};
      GaussianFlow flow =
          new GaussianFlow(
              diffusion,
              levels,
              derivatives,
              examples,
              probes,
              logSnr -> {
                furthest[0] = Math.min(furthest[0], logSnr);
                double done = (first - furthest[0]) / (first - last);
                progress.accept((level + done) / tolerances.size());
              });
      double[] state = start(flow);
      double tolerance = tolerances.get(level);
      double range = first - last;
      DormandPrince54Integrator integrator =
          new DormandPrince54Integrator(1e-7 * range, range, tolerance, tolerance);
      // Its own guess divides by the velocity, which is zero where the data are Gaussian.
      integrator.setInitialStepSize(0.01 * range);
      integrator.setMaxEvaluations(evaluations);
      try {
        integrator.integrate(flow, first, state, last, state);
      } catch (MathIllegalNumberException | MathIllegalStateException e) {
        throw new InvalidInput(
            ("the probability flow got stuck at a log signal-to-noise ratio of %.3f, on its way"
                    + " from %.3f to %.3f, with tolerance %s: the network's answers are too rough"
                    + " for it. --likelihood S does not depend on that.")
                .formatted(furthest[0], first, last, tolerance),
            e);
      }
      return logLikelihood(flow, state);
    }

    /** x at step 1, with no divergence so far. */
    private double[] start(GaussianFlow flow) {
      double[] state = new double[flow.getDimension()];
      try (NDScope scope = new NDScope()) {
        double signal = Doubles.of(levels.stage(examples, levels.first()).signal())[0];
        double[] x = Doubles.of(examples.mul((float) Math.sqrt(signal)));
        System.arraycopy(x, 0, state, 0, x.length);
      }
      return state;
    }

    /** log pi(x_T) and what the flow has stretched; and both changes of scale, at its ends. */
    private double[][] logLikelihood(GaussianFlow flow, double[] state) {
      int size = Math.toIntExact(diffusion.element().size());
      double[] end;
      double scale;
      double signal;
      try (NDScope scope = new NDScope()) {
        scale = flow.scale(levels.stage(examples, levels.last()));
        signal = Doubles.of(levels.stage(examples, levels.first()).signal())[0];
        NDArray x = flow.x(state).div((float) scale);
        Distribution stationary = diffusion.forward().stationary(x);
        end = Doubles.of(Distribution.perExample(stationary.logProbability(x)));
      }
      double[][] result = new double[count][exact ? 1 : probes.size()];
      for (int i = 0; i < count; i++) {
        double shared = end[i] + size * (Math.log(signal) / 2 - Math.log(scale));
        Arrays.fill(result[i], shared);
        for (int j = 0; j < probes.size(); j++) {
          result[i][exact ? 0 : j] += state[count * size + j * count + i];
        }
      }
      return result;
    }
  }
}
