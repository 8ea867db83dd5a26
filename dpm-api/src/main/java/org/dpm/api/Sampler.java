package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.ObjIntConsumer;

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

  /**
   * The same, showing the way. A sampler that does not go through the steps of the trajectory shows
   * nothing, as here.
   *
   * @param visitor is shown x_t and t for t = T, ..., 0; the array is closed after the call
   */
  default NDArray sample(
      NDManager manager,
      long count,
      Diffusion diffusion,
      Noise noise,
      ObjIntConsumer<NDArray> visitor) {
    return sample(manager, count, diffusion, noise);
  }
}
