package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import jakarta.inject.Inject;
import org.dpm.api.AncestralSampling;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Start;

/** {@link AncestralSampling}, by name. */
final class AncestralSampler implements Sampler {

  /** There is nothing to set. */
  record Settings() {}

  private final Sampler sampling = new AncestralSampling();

  @Inject
  AncestralSampler() {}

  @Override
  public NDArray sample(
      NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
    return sampling.sample(owner, start, diffusion, noise, progress);
  }
}
