package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Stage;

/**
 * Variance-preserving Gaussian diffusion. Sohl-Dickstein et al. 2015, table App.1, left column. The
 * data should have variance near one.
 */
final class GaussianForwardKernel implements ForwardKernel {

  /** {@code kind: gaussian} has nothing to set: its rates come from the schedule. */
  record Settings() {}

  @Inject
  GaussianForwardKernel() {}

  /** pi = N(0, I). */
  @Override
  public Distribution stationary(NDArray like) {
    return DiagonalGaussian.ofLogVariance(like.zerosLike(), number(like, 0));
  }

  /** N(x_{t-1} sqrt(1 - beta_t), beta_t I). */
  @Override
  public Distribution transition(NDArray previous, Stage stage) {
    return DiagonalGaussian.of(previous.mul(stage.keptScale()), stage.beta());
  }

  /** N(x_0 sqrt(abar_t), (1 - abar_t) I). */
  @Override
  public Distribution marginal(NDArray data, Stage stage) {
    return DiagonalGaussian.of(data.mul(stage.signalScale()), stage.noise());
  }

  /** Two Gaussians about x_{t-1}, one from each side, multiplied: precisions add. */
  @Override
  public Distribution posterior(NDArray data, NDArray current, Stage stage) {
    NDArray noise = stage.noise();
    NDArray fromData = stage.previousSignalScale().mul(stage.beta()).div(noise);
    NDArray fromCurrent = stage.keptScale().mul(stage.previousNoise()).div(noise);
    NDArray variance = stage.beta().mul(stage.previousNoise()).div(noise);
    return DiagonalGaussian.of(data.mul(fromData).add(current.mul(fromCurrent)), variance);
  }
}
