package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.VariationalBound;

/**
 * -K, the upper bound on the negative log likelihood: Sohl-Dickstein et al. 2015, equation 14.
 *
 * <p>Every example stands at a step of its own, and the steps of a batch are spread evenly over the
 * trajectory, which has far less variance than a step for the whole batch.
 */
final class VariationalBoundObjective implements Objective {

  /** There is nothing to set. */
  record Settings() {}

  @Inject
  VariationalBoundObjective() {}

  @Override
  public NDArray loss(NDArray data, Diffusion diffusion, Noise noise) {
    return new VariationalBound(diffusion).estimate(data, noise);
  }
}
