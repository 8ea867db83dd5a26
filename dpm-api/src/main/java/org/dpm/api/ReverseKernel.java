package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * p, the diffusion that restores structure: what a network's outputs mean. Sohl-Dickstein et al.
 * 2015, section 2.2.
 */
public interface ReverseKernel {

  /** How many numbers the network gives for each element of the data. */
  int outputs();

  /**
   * p(x_s | x_t), one stage back.
   *
   * @param current x_t, [B, element...]
   * @param output the network's answer to it, [B, outputs, element...]
   * @return distribution over [B, element...]
   */
  Distribution transition(NDArray current, NDArray output, Stage stage);
}
