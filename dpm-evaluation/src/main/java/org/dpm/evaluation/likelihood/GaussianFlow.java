package org.dpm.evaluation.likelihood;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.InvalidInput;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * The probability flow of a batch as an ordinary differential equation in the log signal-to-noise
 * ratio l. Song et al. 2021, section 4.3, for the variance-preserving path, to which every Gaussian
 * path x_t = a x_0 + s e is brought by x = x_t sqrt(abar) / a:
 *
 * <pre>
 * dx/dl = sqrt(abar) / 2 (E[x_0|x] - sqrt(abar) x)
 * </pre>
 *
 * <p>E[x_0|x] is read off the reverse step: its mean is what q(x_{t-1}|x_t, x_0), linear in both,
 * makes of it.
 *
 * <p>The state is x of every example, and after it, for every probe v and example, the integral of
 * v^T (d/dx dx/dl) v.
 */
final class GaussianFlow implements FirstOrderDifferentialEquations {

  private static final double LINEARITY = 1e-3;

  private final Diffusion diffusion;
  private final NoiseLevels levels;
  private final Derivatives derivatives;
  private final NDManager manager;
  private final NDArray like;
  private final List<NDArray> probes;
  private final DoubleConsumer reached;
  private final Shape shape;
  private final int elements;
  private final int batch;

  /**
   * @param like [B, element...], of which type, shape and device are taken
   * @param probes each of the shape of {@code like}
   * @param reached is told every l that is looked at
   */
  GaussianFlow(
      Diffusion diffusion,
      NoiseLevels levels,
      Derivatives derivatives,
      NDArray like,
      List<NDArray> probes,
      DoubleConsumer reached) {
    this.diffusion = diffusion;
    this.levels = levels;
    this.derivatives = derivatives;
    this.manager = like.getManager();
    this.like = like;
    this.probes = probes;
    this.reached = reached;
    shape = like.getShape();
    elements = Math.toIntExact(shape.size());
    batch = Math.toIntExact(shape.get(0));
  }

  @Override
  public int getDimension() {
    return elements + batch * probes.size();
  }

  @Override
  public void computeDerivatives(double logSnr, double[] state, double[] slope) {
    reached.accept(logSnr);
    try (NDScope scope = new NDScope();
        GradientMode on = GradientMode.on()) {
      Stage stage = levels.stage(like, logSnr);
      NDArray x = Derivatives.variable(x(state));
      NDArray root = stage.signal().sqrt();
      NDArray velocity = data(x, stage).sub(x.mul(root)).mul(root).mul(number(x, 0.5));
      System.arraycopy(Doubles.of(velocity.stopGradient()), 0, slope, 0, elements);
      for (int i = 0; i < probes.size(); i++) {
        NDArray probe = probes.get(i);
        NDArray product = derivatives.product(velocity, x, probe).stopGradient().mul(probe);
        double[] traces = Doubles.of(Distribution.perExample(product));
        System.arraycopy(traces, 0, slope, elements + i * batch, batch);
      }
    }
  }

  /** The points of a state, [B, element...]. */
  NDArray x(double[] state) {
    return Doubles.array(like, Arrays.copyOf(state, elements), shape);
  }

  /**
   * By what x of this path is multiplied to have the variance-preserving one.
   *
   * @throws InvalidInput if q(x_t|x_0) is not N(a x_0, s^2 I) with the stage's signal-to-noise
   *     ratio
   */
  double scale(Stage stage) {
    NDArray none = manager.zeros(new Shape(1).addAll(diffusion.element()), like.getDataType());
    NDArray ends = NDArrays.concat(new NDList(none, none.add(1f)));
    DiagonalGaussian marginal =
        gaussian(diffusion.forward().marginal(ends, stage), "the forward kernel's marginal");
    double[] mean = Doubles.of(marginal.mean());
    double[] variance = Doubles.of(marginal.variance());
    double signal = Math.sqrt(Doubles.of(stage.signal())[0]);
    double scale = signal / mean[mean.length - 1];
    double noise = Doubles.of(stage.noise())[0];
    for (int i = 0; i < mean.length; i++) {
      double expected = i < mean.length / 2 ? 0 : signal;
      if (!(Math.abs(mean[i] * scale - expected) <= LINEARITY)
          || !(Math.abs(variance[i] * scale * scale / noise - 1) <= LINEARITY)) {
        throw new InvalidInput(
            "the probability flow needs a forward kernel of which q(x_t|x_0) is N(a x_0, s^2 I)"
                + " with a^2 / s^2 the schedule's ratio; this one's is not.");
      }
    }
    return scale;
  }

  /** E[x_0|x], from the mean of the reverse step. */
  private NDArray data(NDArray x, Stage stage) {
    NDArray current = x.div(number(x, scale(stage)));
    NDArray mean = gaussian(diffusion.step(current, stage), "the reverse kernel's step").mean();
    NDList parts = posterior(stage);
    NDArray constant = parts.get(0);
    NDArray ofCurrent = parts.get(2);
    return mean.sub(constant).sub(current.mul(ofCurrent)).div(parts.get(1));
  }

  /**
   * The mean of q(x_{t-1}|x_t, x_0) as constant + a x_0 + b x_t: the three, [1, element...].
   *
   * @throws InvalidInput if it is not so
   */
  private NDList posterior(Stage stage) {
    NDArray none = manager.zeros(new Shape(1).addAll(diffusion.element()), like.getDataType());
    NDArray one = none.add(1f);
    NDArray data = NDArrays.concat(new NDList(none, one, none, one.mul(-2f)));
    NDArray current = NDArrays.concat(new NDList(none, none, one, one.mul(3f)));
    Distribution posterior = diffusion.forward().posterior(data, current, stage);
    NDList means = gaussian(posterior, "the forward kernel's posterior").mean().split(4);
    NDArray constant = means.get(0);
    NDArray ofData = means.get(1).sub(constant);
    NDArray ofCurrent = means.get(2).sub(constant);
    NDArray expected = constant.sub(ofData.mul(2f)).add(ofCurrent.mul(3f));
    double off = Doubles.of(means.get(3).sub(expected).abs().max())[0];
    if (!(off <= LINEARITY)) {
      throw new InvalidInput(
          "the probability flow needs a forward kernel of which the mean of q(x_{t-1}|x_t, x_0) is"
              + " linear in x_0 and x_t; this one's is off by "
              + off
              + ".");
    }
    return new NDList(constant, ofData, ofCurrent);
  }

  static DiagonalGaussian gaussian(Distribution distribution, String what) {
    if (distribution instanceof DiagonalGaussian gaussian) {
      return gaussian;
    }
    throw new InvalidInput(
        "the probability flow needs Gaussian steps, but %s is a %s. --likelihood S works for every kernel."
            .formatted(what, distribution.getClass().getSimpleName()));
  }
}
