package org.dpm.api;

import ai.djl.ndarray.NDArray;

/** What training makes small. */
public interface Objective {

  /**
   * An unbiased, differentiable estimate of the loss of each example.
   *
   * @param data x_0, [B, element...]
   * @param noise everything random comes from here, so that the same noise gives the same loss, and
   *     an example's own does not depend on the rest of the batch
   * @return [B], in nats where the loss is a likelihood bound; the host weights and takes the mean
   */
  NDArray loss(NDArray data, Diffusion diffusion, Noise noise);
}
