package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Draws from a trained model. */
public interface Sampler {

  /**
   * Independent draws.
   *
   * @param manager owns the result; everything else that is made on the way is closed before return
   * @param count how many
   * @param noise everything random comes from here: the same noise gives the same draws
   * @return [count, element...] as the kernel sees data (z-scored)
   */
  NDArray sample(NDManager manager, long count, Diffusion diffusion, Noise noise);
}
