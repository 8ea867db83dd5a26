package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Factor.Factorised;
import org.dpm.api.GaussianStage;
import org.dpm.api.Multipliable;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * Looks ahead for what is known of x_0, y = A x_0 + noise of variance Sigma: where x_t makes the
 * network expect something else, its belief about x_0 is moved so that it expects the right thing.
 *
 * <p>The network's own derivative says how: the covariance of x_0 given x_t is C = (s^2 / a) d
 * E[x_0 | x_t] / d x_t. With what is known, d away from what is expected, the expectation of all of
 * x_0 is larger by C A^T (A C A^T + Sigma)^-1 d. The inverse comes from a few steps of conjugate
 * gradients, each of which asks for one derivative (Rozet et al. 2024). One step is d times the
 * variance that C has in its direction, which makes this the guidance of Ho et al. 2022 and Song et
 * al. 2023 with a size that needs no choosing.
 *
 * <p>Particles are weighted with N(y; A E[x_0 | x_t], w diag(A A^T) + Sigma) on the way, w what x_t
 * alone leaves open, so that they are chosen for what is to come, and without it in the end (Wu et
 * al. 2023): it decides how well the posterior is reached, and not what it is.
 */
final class Guidance {

  /** So many numbers at a time: all that a derivative needs is kept until it is known. */
  private static final long TOGETHER = 1 << 16;

  /** Share of signal below which x_t tells nothing in single precision. */
  private static final float LEAST_SIGNAL = 1e-6f;

  private static final double LEAST = 1e-30;

  /** A network that is not well trained has derivatives that are noise, and would lead far away. */
  private static final double LARGEST_MOVE = 3;

  private final Diffusion diffusion;
  private final Derivatives derivatives;
  private final int iterations;
  private final Measurements onTheWay;
  private final Measurements inTheEnd;

  /**
   * @param foreseen factors to be guided by; none if the diffusion does not {@link #suits}
   * @param iterations of conjugate gradients
   * @param like [runs, element...]; its manager owns what is kept
   */
  Guidance(
      Diffusion diffusion,
      List<Factor> foreseen,
      Derivatives derivatives,
      int iterations,
      NDArray like) {
    this.diffusion = diffusion;
    this.derivatives = derivatives;
    this.iterations = iterations;
    onTheWay = Measurements.of(foreseen, like);
    // What is said of single elements the last step is multiplied with exactly.
    inTheEnd =
        Measurements.of(
            foreseen.stream().filter(factor -> !(factor instanceof Factorised)).toList(), like);
  }

  /** Whether the network has expectations of x_0 whose derivative is a covariance. */
  static boolean suits(Diffusion diffusion) {
    return diffusion.forward().path().isPresent() && diffusion.reverse().denoises();
  }

  /**
   * A step of the model, and where it should rather lead.
   *
   * @param step p(x_s | x_t)
   * @param moved the same for a belief with another mean
   * @param logTwist of each example, how well x_t predicts what is known
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Guided(Distribution step, Distribution moved, double[] logTwist) {}

  /** Whether anything is known that a step from x_t can be moved for. */
  boolean helps(NDArray x, int t) {
    try (NDScope scope = new NDScope()) {
      Stage stage = diffusion.stage(x, t);
      return !(stage.leadsToData() ? inTheEnd : onTheWay).isEmpty()
          && !(stage.leadsToData() && diffusion.lastStep() == LastStep.FORWARD)
          && Doubles.of(stage.signal())[0] > LEAST_SIGNAL;
    }
  }

  /** The step from each x_t. */
  Guided from(NDArray x, int t) {
    int batch = Math.toIntExact(x.getShape().get(0));
    int rows = (int) Math.max(1, TOGETHER / diffusion.element().size());
    double[] logTwist = new double[batch];
    try (NDList answers = new NDList();
        NDList shifts = new NDList()) {
      for (int first = 0; first < batch; first += rows) {
        int end = Math.min(batch, first + rows);
        try (NDScope scope = new NDScope();
            GradientMode on = GradientMode.on()) {
          int[] indices = IntStream.range(first, end).toArray();
          Measurements known = t == 1 ? inTheEnd : onTheWay;
          Part part =
              part(
                  diffusion.rows(batch, indices),
                  x.get(first + ":" + end),
                  known.rows(batch, first, end),
                  t);
          double[] logs = Doubles.of(part.logTwist());
          System.arraycopy(logs, 0, logTwist, first, logs.length);
          answers.add(part.answer());
          shifts.add(part.shift());
          NDScope.unregister(part.answer(), part.shift());
        }
      }
      Stage stage = diffusion.stage(x, t);
      ReverseKernel reverse = diffusion.reverse();
      Multipliable step = (Multipliable) reverse.transition(x, NDArrays.concat(answers), stage);
      NDArray share =
          diffusion
              .forward()
              .path()
              .map(path -> GaussianStage.of(path, stage).ofData())
              .orElseThrow();
      // That of the moved belief, whose mean alone is another.
      Multipliable moved = step.affine(x.onesLike(), NDArrays.concat(shifts).mul(share));
      return new Guided(step, moved, logTwist);
    }
  }

  private record Part(NDArray answer, NDArray shift, NDArray logTwist) {}

  private Part part(Diffusion diffusion, NDArray x, Measurements known, int t) {
    NDArray variable = Derivatives.variable(x);
    // The stage keeps arrays that it computes: each use with or without gradient has its own.
    Stage stage = diffusion.stage(variable, t);
    NDArray answer = diffusion.output(variable, stage);
    NDArray expected = diffusion.reverse().data(variable, answer, stage).mean();
    NDArray missed = known.missed(expected.stopGradient());
    NDArray perDerivative =
        diffusion
            .forward()
            .path()
            .map(path -> GaussianStage.of(path, stage))
            .map(at -> at.noiseVariance().div(at.signal()))
            .orElseThrow();
    UnaryOperator<NDArray> covariance =
        v -> derivatives.product(expected, variable, v).stopGradient().mul(perDerivative);
    NDArray open = stage.noise();
    NDArray shift = bounded(solved(covariance, missed, known, open), known.typical(missed));
    NDArray variance = known.squares().mul(open.reshape(-1, 1)).add(known.variances());
    NDArray twist = missed.square().div(variance).sum(new int[] {1}).mul(number(x, -0.5));
    return new Part(answer.stopGradient(), shift, twist);
  }

  /**
   * C A^T (A C A^T + Sigma)^-1 d by conjugate gradients. A network's derivative need not be a
   * covariance: no direction is taken to have less variance than {@code open}.
   */
  private NDArray solved(
      UnaryOperator<NDArray> covariance, NDArray missed, Measurements known, NDArray open) {
    NDArray moved = known.transposed(missed).zerosLike();
    NDArray rest = missed;
    NDArray direction = missed;
    NDArray size = dot(rest, rest);
    NDArray least = number(missed, LEAST);
    for (int i = 0; i < iterations; i++) {
      NDArray back = known.transposed(direction);
      NDArray along = covariance.apply(back);
      NDArray noise = direction.mul(known.variances());
      NDArray seen = known.apply(along).add(noise);
      NDArray floor = dot(back, back).mul(open.reshape(-1, 1)).add(dot(direction, noise));
      NDArray length = size.div(NDArrays.maximum(dot(direction, seen), floor).maximum(least));
      moved = moved.add(along.mul(broadcast(length, along)));
      rest = rest.sub(seen.mul(length));
      NDArray left = dot(rest, rest);
      direction = rest.add(direction.mul(left.div(size.maximum(least))));
      size = left;
    }
    return moved;
  }

  /** No more than so many times what was missed, root mean square by root mean square. */
  private NDArray bounded(NDArray moved, NDArray allowed) {
    NDArray taken = dot(moved, moved).div(number(moved, (double) diffusion.element().size()));
    NDArray ratio = allowed.div(taken.maximum(number(taken, LEAST))).sqrt();
    NDArray factor = ratio.mul(number(ratio, LARGEST_MOVE)).minimum(number(ratio, 1));
    return moved.mul(broadcast(factor, moved));
  }

  /** Of each example, [B, 1]. */
  private static NDArray dot(NDArray a, NDArray b) {
    return Distribution.perExample(a.mul(b)).expandDims(1);
  }

  private static NDArray broadcast(NDArray column, NDArray like) {
    long[] ones = new long[like.getShape().dimension()];
    Arrays.fill(ones, 1);
    ones[0] = column.getShape().get(0);
    return column.reshape(ones);
  }
}
