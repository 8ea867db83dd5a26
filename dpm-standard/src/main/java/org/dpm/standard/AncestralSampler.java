package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import jakarta.inject.Inject;
import java.util.function.ObjIntConsumer;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Sampler;

/**
 * Draws exactly as the model is defined: from pi, then through every reverse step in turn.
 * Sohl-Dickstein et al. 2015, section 2.2.
 */
final class AncestralSampler implements Sampler {

  /** There is nothing to set. */
  record Settings() {}

  @Inject
  AncestralSampler() {}

  @Override
  public NDArray sample(NDManager manager, long count, Diffusion diffusion, Noise noise) {
    return diffusion.sample(manager, count, noise);
  }

  @Override
  public NDArray sample(
      NDManager manager,
      long count,
      Diffusion diffusion,
      Noise noise,
      ObjIntConsumer<NDArray> visitor) {
    return diffusion.sample(manager, count, noise, visitor);
  }
}
