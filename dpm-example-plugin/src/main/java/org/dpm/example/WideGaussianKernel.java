package org.dpm.example;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Stage;

/**
 * Gaussian diffusion that ends in N(0, v) for a chosen variance v, so that data with heavy tails,
 * which reach further out than their standard deviation tells, begin the way back within reach.
 *
 * <pre>
 * q(x_t | x_s) = N(sqrt(1 - beta) x_s, v beta)
 * q(x_t | x_0) = N(sqrt(abar_t) x_0, v (1 - abar_t))
 * </pre>
 *
 * <p>At v = 1 this is the diffusion of Sohl-Dickstein et al. 2015, table App.1, left column.
 */
final class WideGaussianKernel implements ForwardKernel {

  /** What a pipeline may set. */
  record Settings(
      @JsonProperty(defaultValue = "2.0")
          @JsonPropertyDescription("variance v of the noise that the diffusion ends in")
          double variance) {

    Settings {
      if (!(variance > 0) || Double.isInfinite(variance)) {
        throw new IllegalArgumentException(
            "variance must be positive and finite, but is " + variance);
      }
    }
  }

  private final float variance;

  @Inject
  WideGaussianKernel(Settings settings) {
    this.variance = (float) settings.variance();
  }

  /** v. */
  float variance() {
    return variance;
  }

  @Override
  public Distribution stationary(NDArray like) {
    return DiagonalGaussian.of(like.zerosLike(), like.onesLike().mul(number(like, variance)));
  }

  @Override
  public Distribution transition(NDArray previous, Stage stage) {
    return DiagonalGaussian.of(
        previous.mul(stage.keptScale()), stage.beta().mul(number(previous, variance)));
  }

  @Override
  public Distribution marginal(NDArray data, Stage stage) {
    return DiagonalGaussian.of(
        data.mul(stage.signalScale()), stage.noise().mul(number(data, variance)));
  }

  /**
   * Two Gaussians about x_s, one from each side, multiplied: precisions add. As v scales all
   * variances alike, the mean does not depend on it.
   */
  @Override
  public Distribution posterior(NDArray data, NDArray current, Stage stage) {
    NDArray fromData = data.mul(stage.previousSignalScale()).mul(stage.beta());
    NDArray fromCurrent = current.mul(stage.keptScale()).mul(stage.previousNoise());
    NDArray fraction = stage.beta().mul(stage.previousNoise()).div(stage.noise());
    return DiagonalGaussian.of(
        fromData.add(fromCurrent).div(stage.noise()), fraction.mul(number(fraction, variance)));
  }
}
