package org.dpm.api;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * q, the diffusion that destroys structure: the same simple noise at every step, until nothing of
 * the data is left. Sohl-Dickstein et al. 2015, section 2.1 and table App.1.
 *
 * <p>All arrays have the shape [B, element...]; how far the diffusion has come is in the {@link
 * Stage}. A kernel has no state. The null law is what data are before anything is known of them:
 * N(0, 1) for z-scored numbers, B(r) for bits, uniform for categories.
 */
public interface ForwardKernel {

  /**
   * How many numbers of x_t one value of a variable takes: 1 for a number or a bit, K for one of K
   * categories. Empty if this kernel does not take values of this space.
   */
  OptionalInt width(Space space);

  /**
   * Whether draws carry the gradient of what they depend on, so that a schedule can be learned
   * through them; not so for discrete data.
   */
  boolean reparameterised();

  /**
   * The law of x_t when the data have the null law. At time 1 reverse trajectories begin here; at
   * time 0 its log probability is L_null.
   *
   * @param like [B, element...], for shape, type and device
   */
  Distribution end(NDArray like, Stage stage);

  /**
   * What x_t by itself says of x_0 under the null law: a {@link Multipliable} wherever the family
   * is one. As last reverse step this is the paper's T_pi(x_0 | x_1; beta_1).
   *
   * @param current x_t
   */
  Distribution alone(NDArray current, Stage stage);

  /** q(x_t | x_s), one stage on from {@code previous}. */
  Distribution transition(NDArray previous, Stage stage);

  /** q(x_t | x_0), all stages up to t in one jump. */
  Distribution marginal(NDArray data, Stage stage);

  /**
   * q(x_s | x_t, x_0), one stage back when the data are known: Bayes' rule on the two above.
   *
   * @param data x_0
   * @param current x_t
   */
  Distribution posterior(NDArray data, NDArray current, Stage stage);

  /**
   * The same averaged over a belief about x_0: sum of b(x_0) q(x_s | x_t, x_0) over x_0. Not the
   * posterior of averaged data, whose mean it has only where the posterior's is linear in x_0. At a
   * stage that leads to the data it is the belief.
   *
   * @param belief a distribution over [B, element...] of the family that {@link #alone} is of
   * @throws IllegalArgumentException if the belief is of another family
   */
  Distribution posterior(Distribution belief, NDArray current, Stage stage);

  /** The path, where the diffusion is x_t = a x_0 + s e. */
  default Optional<GaussianPath> path() {
    return Optional.empty();
  }
}
