package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.Diffusion;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Need;
import org.dpm.api.Needs;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Stage;

/**
 * {@code simple}: the squared error of the predicted noise, all steps alike (Ho et al. 2020,
 * equation 14), as a mean over elements. It favours what the eye sees over the likelihood, and says
 * nothing about a learned variance.
 */
@Needs({Need.GAUSSIAN_PATH, Need.DENOISER})
final class NoiseRegression implements Objective {

  /** There is nothing to set. */
  record Settings() {}

  private final GaussianPath path;

  @Inject
  NoiseRegression(GaussianPath path) {
    this.path = path;
  }

  @Override
  public NDArray loss(NDArray data, Diffusion diffusion, Noise noise) {
    int batch = Math.toIntExact(data.getShape().get(0));
    Stage stage = diffusion.stage(data, diffusion.steps(1, noise.spread(batch)));
    GaussianStage at = GaussianStage.of(path, stage);
    NDArray e = noise.gaussian(data);
    NDArray current = data.mul(at.signal()).add(e.mul(at.noise()));
    // Every prediction stands for a noise: e = (x_t - a D) / s.
    NDArray expected = diffusion.data(current, stage).mean();
    NDArray predicted = current.sub(expected.mul(at.signal())).div(at.noise());
    return predicted.sub(e).square().reshape(batch, -1).mean(new int[] {1});
  }
}
