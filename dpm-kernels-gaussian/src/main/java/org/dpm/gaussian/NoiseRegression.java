package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Stage;

/**
 * {@code simple}: the squared error of the predicted noise, all steps alike (Ho et al. 2020,
 * equation 14), as a mean over elements. It favours what the eye sees over the likelihood, and says
 * nothing about a learned variance.
 */
final class NoiseRegression implements Objective {

  record Settings() {}

  @Inject
  NoiseRegression() {}

  @Override
  public NDArray loss(NDArray data, Diffusion diffusion, Noise noise) {
    int batch = Math.toIntExact(data.getShape().get(0));
    Stage stage = diffusion.stage(data, diffusion.spread(1, batch, noise.uniform()));
    NDArray e = noise.gaussian(data);
    NDArray current = data.mul(stage.signalScale()).add(e.mul(stage.noiseScale()));
    NDArray mean = diffusion.step(current, stage).mean();
    // Every parametrisation of the mean stands for a noise: mu = (x - e beta / s) / sqrt(1 - beta).
    NDArray predicted =
        current.sub(mean.mul(stage.keptScale())).mul(stage.noiseScale()).div(stage.beta());
    return predicted.sub(e).square().mean();
  }
}
