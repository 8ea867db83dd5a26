package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;
import org.dpm.api.Need;
import org.dpm.api.Needs;

/**
 * The data stay, and noise grows over them: a = 1. Song and Ermon 2019. Noise that never ends is no
 * place to begin.
 */
@Needs(Need.SIGNAL_AT_END)
final class VarianceExploding implements GaussianPath {

  /** There is nothing to set: its noise comes from the schedule. */
  record Settings() {}

  @Inject
  VarianceExploding() {}

  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    return logSnr.zerosLike();
  }

  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    return logSnr.mul(number(logSnr, -0.5));
  }

  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return logSnr.onesLike();
  }
}
