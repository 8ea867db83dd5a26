package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Draws from a trained model. */
public interface Sampler {

  /**
   * Independent draws.
   *
   * @param owner owns the result; everything else that is made on the way is closed before return
   * @param start how many, and where they begin
   * @param noise everything random comes from here: the same noise gives the same draws, and row i
   *     does not depend on how many rows there are
   * @param progress is told how far it is; a sampler that goes through states of the trajectory
   *     shows them, {@link Progress#state}
   * @return [count, element...] as the kernel sees data (z-scored)
   */
  NDArray sample(NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress);
}
