package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * Looks ahead for elements that are known: where x_t makes the network expect something else of
 * them than what they are, the step is moved so that it will expect the right thing.
 *
 * <p>The network's own derivative says how: the covariance of x_0 given x_t is C = (s^2 / a) d
 * E[x_0 | x_t] / d x_t, for x_t of mean a x_0 and variance s^2. With what is known, d away from
 * what is expected, the expectation of all of x_0 is larger by C A^T (A C A^T)^-1 d, A picking what
 * is known. The inverse comes from a few steps of conjugate gradients, each of which asks for one
 * derivative (Rozet et al. 2024). One step is d times the variance that C has in its direction,
 * which makes this the guidance of Ho et al. 2022 and Song et al. 2023 with a size that needs no
 * choosing.
 *
 * <p>Particles are weighted with N(known; E[x_0 | x_t], s^2 / (a^2 + s^2)) on the way, so that they
 * are chosen for what is to come, and without it in the end (Wu et al. 2023): it decides how well
 * the posterior is reached, and not what it is.
 */
final class Guidance {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** So many numbers at a time: all that a derivative needs is kept until it is known. */
  private static final long TOGETHER = 1 << 16;

  /** Share of signal below which x_t tells nothing in single precision. */
  private static final float LEAST_GAIN = 1e-3f;

  private static final float LEAST = 1e-30f;

  /** A network that is not well trained has derivatives that are noise, and would lead far away. */
  private static final float LARGEST_MOVE = 3;

  private final Diffusion diffusion;
  private final KnownPath path;
  private final Derivatives derivatives;
  private final int iterations;

  /**
   * @param iterations of conjugate gradients
   */
  Guidance(Diffusion diffusion, KnownPath path, Derivatives derivatives, int iterations) {
    this.diffusion = diffusion;
    this.path = path;
    this.derivatives = derivatives;
    this.iterations = iterations;
  }

  /**
   * A step of the model, and where it should rather lead.
   *
   * @param step p(x_s | x_t)
   * @param moved the same with another mean
   * @param logTwist of each example, how well x_t predicts what is known
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Guided(Distribution step, Distribution moved, double[] logTwist) {}

  /** Whether anything is known that a step from x_t can be moved for. */
  boolean helps(NDArray x, int t) {
    if (path.isEmpty() || iterations == 0) {
      return false;
    }
    if (t == 1 && diffusion.lastStep() == LastStep.FORWARD) {
      return false;
    }
    try (NDScope scope = new NDScope()) {
      NDArray one = x.get("0:1").onesLike();
      Distribution marginal = diffusion.forward().marginal(one, diffusion.stage(one, t));
      return marginal instanceof DiagonalGaussian
          && marginal.mean().reshape(-1).toFloatArray()[0] > LEAST_GAIN;
    }
  }

  /** The step from each x_t. */
  Guided from(NDArray x, int t) {
    long batch = x.getShape().get(0);
    long rows = Math.max(1, TOGETHER / diffusion.element().size());
    NDList means = new NDList();
    NDList shifts = new NDList();
    NDList logVariances = new NDList();
    double[] logTwist = new double[Math.toIntExact(batch)];
    for (long first = 0; first < batch; first += rows) {
      long end = Math.min(batch, first + rows);
      try (NDScope scope = new NDScope()) {
        String slice = first + ":" + end;
        Part part =
            part(x.get(slice), path.particleValues().get(slice), path.particleMask().get(slice), t);
        double[] logs = Doubles.of(part.logTwist());
        System.arraycopy(logs, 0, logTwist, (int) first, logs.length);
        means.add(part.mean());
        shifts.add(part.shift());
        logVariances.add(part.logVariance());
        part.keep();
      }
    }
    try (means;
        shifts;
        logVariances) {
      NDArray mean = NDArrays.concat(means);
      NDArray logVariance = NDArrays.concat(logVariances);
      return new Guided(
          DiagonalGaussian.ofLogVariance(mean, logVariance),
          DiagonalGaussian.ofLogVariance(mean.add(NDArrays.concat(shifts)), logVariance),
          logTwist);
    }
  }

  private record Part(NDArray mean, NDArray shift, NDArray logVariance, NDArray logTwist) {

    /** Survives the scope that is open. */
    void keep() {
      NDScope.unregister(mean, shift, logVariance);
    }
  }

  private Part part(NDArray x, NDArray values, NDArray mask, int t) {
    try (GradientMode on = GradientMode.on()) {
      NDArray variable = Derivatives.variable(x);
      // The stage keeps arrays that it computes: each use with or without gradient has its own.
      Stage stage = diffusion.stage(variable, t);
      DiagonalGaussian step =
          (DiagonalGaussian) (t == 1 ? diffusion.last(variable) : diffusion.step(variable, stage));
      NDArray zero = diffusion.forward().posterior(x.zerosLike(), variable, stage).mean();
      NDArray one = diffusion.forward().posterior(x.onesLike(), x, stage).mean();
      NDArray share = one.sub(zero).stopGradient();
      NDArray expected = step.mean().sub(zero).div(share);
      NDArray missed = NDArrays.where(mask, values.sub(expected), x.zerosLike()).stopGradient();
      DiagonalGaussian seen = (DiagonalGaussian) diffusion.forward().marginal(x.onesLike(), stage);
      NDArray variance = seen.variance().div(seen.variance().add(seen.mean().square()));
      NDArray perDerivative = seen.variance().div(seen.mean()).stopGradient();
      UnaryOperator<NDArray> covariance =
          v -> derivatives.product(expected, variable, v).stopGradient().mul(perDerivative);
      NDArray moved =
          bounded(solved(covariance, missed, mask, variance.stopGradient()), missed, mask);
      NDArray log =
          missed
              .square()
              .div(variance)
              .add(variance.log())
              .add((float) LOG_TWO_PI)
              .mul(number(missed, -0.5));
      NDArray twist = Distribution.perExample(NDArrays.where(mask, log, x.zerosLike()));
      return new Part(
          step.mean().stopGradient(),
          moved.mul(share),
          step.logVariance().stopGradient(),
          twist.stopGradient());
    }
  }

  /**
   * C A^T (A C A^T)^-1 d by conjugate gradients. A network's derivative need not be a covariance:
   * no direction is taken to have less variance than {@code variance}.
   */
  private NDArray solved(
      UnaryOperator<NDArray> covariance, NDArray missed, NDArray mask, NDArray variance) {
    NDArray moved = missed.zerosLike();
    NDArray rest = missed;
    NDArray direction = missed;
    NDArray size = dot(rest, rest);
    for (int i = 0; i < iterations; i++) {
      NDArray along = covariance.apply(direction);
      NDArray seen = NDArrays.where(mask, along, along.zerosLike());
      NDArray least = dot(direction, direction.mul(variance)).maximum(LEAST);
      NDArray length = size.div(NDArrays.maximum(dot(direction, seen), least));
      moved = moved.add(along.mul(length));
      rest = rest.sub(seen.mul(length));
      NDArray left = dot(rest, rest);
      direction = rest.add(direction.mul(left.div(size.maximum(LEAST))));
      size = left;
    }
    return moved;
  }

  /** No more than so many times what was missed, root mean square by root mean square. */
  private NDArray bounded(NDArray moved, NDArray missed, NDArray mask) {
    NDArray known = dot(mask.toType(moved.getDataType(), false), missed.onesLike());
    NDArray allowed = dot(missed, missed).div(known.maximum(1f));
    NDArray taken = dot(moved, moved).div((float) diffusion.element().size());
    NDArray ratio = allowed.div(taken.maximum(LEAST)).sqrt().mul(LARGEST_MOVE);
    return moved.mul(ratio.minimum(1f));
  }

  /** Of each example, to broadcast against it. */
  private static NDArray dot(NDArray a, NDArray b) {
    long[] ones = new long[a.getShape().dimension()];
    Arrays.fill(ones, 1);
    ones[0] = a.getShape().get(0);
    return Distribution.perExample(a.mul(b)).reshape(ones);
  }
}
