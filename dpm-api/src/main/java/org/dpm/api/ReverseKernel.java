package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * p, the diffusion that restores structure: what a network's outputs mean. Sohl-Dickstein et al.
 * 2015, section 2.2. A model is a denoiser: its answer is a belief about x_0, from which each step
 * back follows.
 */
public interface ReverseKernel {

  /** How many numbers the network gives for each element of the data. */
  int outputs();

  /**
   * Whether the network's answer is a belief about x_0. A kernel that predicts the step itself says
   * no: it can be trained, drawn from step by step, and evaluated by K and by trajectories, and
   * whatever needs {@link #data} refuses it by name.
   */
  default boolean denoises() {
    return true;
  }

  /** What the network is shown of x_t: scaled to unit variance, for instance. */
  default NDArray input(NDArray current, Stage stage) {
    return current;
  }

  /**
   * What the network's answer says of x_0: a belief, which depends on x_t and t and not on s.
   *
   * @param current x_t, [B, element...]
   * @param output the network's answer to it, [B, outputs, element...]
   * @return distribution over [B, element...]
   */
  Distribution data(NDArray current, NDArray output, Stage stage);

  /**
   * p(x_s | x_t), one stage back: q(x_s | x_t, x_0) averaged over the belief, {@link
   * ForwardKernel#posterior(Distribution, NDArray, Stage)}.
   *
   * @return distribution over [B, element...]
   */
  Distribution transition(NDArray current, NDArray output, Stage stage);
}
