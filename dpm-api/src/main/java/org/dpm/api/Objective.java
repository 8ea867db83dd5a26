package org.dpm.api;

import ai.djl.ndarray.NDArray;

/** What training makes small. */
public interface Objective {

  /**
   * An unbiased, differentiable estimate of the loss.
   *
   * @param data x_0, [B, element...]
   * @param noise everything random comes from here, so that the same noise gives the same loss
   * @return a scalar, in nats per example where the loss is a likelihood bound
   */
  NDArray loss(NDArray data, Diffusion diffusion, Noise noise);
}
