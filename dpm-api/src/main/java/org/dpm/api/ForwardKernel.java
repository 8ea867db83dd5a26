package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * q, the diffusion that destroys structure: the same simple noise at every step, until nothing but
 * the stationary distribution pi is left. Sohl-Dickstein et al. 2015, section 2.1 and table App.1.
 *
 * <p>All arrays have the shape [B, element...]; how far the diffusion has come is in the {@link
 * Stage}. A kernel has no state.
 */
public interface ForwardKernel {

  /** pi(x), where the diffusion ends, for a batch of the shape, type and device of {@code like}. */
  Distribution stationary(NDArray like);

  /** q(x_t | x_s), one stage on from {@code previous}. */
  Distribution transition(NDArray previous, Stage stage);

  /** q(x_t | x_0), all stages up to t in one jump. */
  Distribution marginal(NDArray data, Stage stage);

  /**
   * q(x_s | x_t, x_0), one stage back when the data are known: Bayes' rule on the two above.
   *
   * @param data x_0, or a prediction of it
   * @param current x_t
   */
  Distribution posterior(NDArray data, NDArray current, Stage stage);

  /**
   * Whether the host z-scores data before this kernel sees them; so for kernels on the real line.
   */
  default boolean standardises() {
    return true;
  }

  /**
   * Whether {@code value}, as the kernel sees it, can be an element of x_0. The host refuses other
   * data and says where they stand.
   */
  default boolean supports(double value) {
    return Double.isFinite(value);
  }
}
