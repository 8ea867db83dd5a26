package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor.Known;
import org.dpm.api.Noise;

/**
 * Elements that are known, diffused: one forward trajectory for each run, which all of its
 * particles share, drawn backwards by q(x_s | x_t, x_0). At every step the known elements carry
 * just the noise that the step expects, and end at their values.
 *
 * <p>Given such a path the particles are weighted by how well they predict it, p(x_s | x_t) of the
 * known elements. The product of mean weights over q of the path is an unbiased estimate of the
 * density of what is known. Trippe et al. 2023 is this with a particle filter, and Lugmayr et al.
 * 2022 with one particle and repeated steps.
 */
final class KnownPath {

  private final Diffusion diffusion;
  private final boolean nothing;
  private final NDArray values;
  private final NDArray mask;
  private final int particles;
  private final Noise noise;
  private final double[] logProbability;
  private NDArray current;
  private NDArray previous;

  /**
   * @param known [n, element...] where n divides the number of runs
   * @param like [runs, element...]; its manager owns the path
   * @param noise for a batch of runs
   */
  KnownPath(Diffusion diffusion, List<Known> known, NDArray like, int particles, Noise noise) {
    this.diffusion = diffusion;
    this.particles = particles;
    this.nothing = known.isEmpty();
    this.noise = noise;
    long runs = like.getShape().get(0);
    logProbability = new double[Math.toIntExact(runs)];
    NDArray all = like.zerosLike();
    NDArray any = like.zerosLike().gt(0f);
    for (Known one : known) {
      NDArray here = Rows.repeated(one.mask(), runs).gt(0f);
      all = NDArrays.where(here, Rows.repeated(one.values(), runs), all);
      any = any.logicalOr(here);
    }
    values = all;
    mask = any;
    current = all.duplicate();
    previous = all.duplicate();
  }

  /** Goes on to x_t. */
  void moveTo(int t) {
    if (nothing) {
      return;
    }
    NDArray next;
    try (NDScope scope = new NDScope()) {
      if (t == 0) {
        next = values.duplicate();
      } else {
        Distribution q =
            t == diffusion.steps()
                ? diffusion.forward().marginal(values, diffusion.stage(values, t))
                : diffusion.forward().posterior(values, current, diffusion.stage(values, t + 1));
        next = NDArrays.where(mask, q.sample(noise.at(t)), values);
        NDArray log = q.logProbability(next);
        double[] logs =
            Doubles.of(Distribution.perExample(NDArrays.where(mask, log, log.zerosLike())));
        for (int i = 0; i < logs.length; i++) {
          logProbability[i] += logs[i];
        }
      }
      NDScope.unregister(next);
    }
    next.attach(values.getManager());
    previous.close();
    previous = current;
    current = next;
  }

  /** log q of each run's path so far. */
  double[] logProbability() {
    return logProbability;
  }

  /** The draws with the known elements on the path. */
  NDArray into(NDArray drawn) {
    return into(drawn, current);
  }

  /** The draws with the known elements where the path was one step before. */
  NDArray intoPrevious(NDArray drawn) {
    return into(drawn, previous);
  }

  private NDArray into(NDArray drawn, NDArray path) {
    return nothing ? drawn : NDArrays.where(each(mask), each(path), drawn);
  }

  /** Only what is said of elements that are not known. */
  NDArray unknown(NDArray elementwise) {
    return nothing ? elementwise : NDArrays.where(each(mask), elementwise.zerosLike(), elementwise);
  }

  /** For each particle. */
  private NDArray each(NDArray ofRuns) {
    return Rows.repeated(ofRuns, values.getShape().get(0) * particles);
  }
}
