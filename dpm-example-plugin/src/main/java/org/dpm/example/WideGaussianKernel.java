package org.dpm.example;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.OptionalInt;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Require;
import org.dpm.api.Space;
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
 * <p>At v = 1 this is the diffusion of Sohl-Dickstein et al. 2015, table App.1, left column. It has
 * no {@link #path()}: the ratio of its signal to its noise is the schedule's divided by v.
 */
final class WideGaussianKernel implements ForwardKernel {

  /** What a pipeline may set. */
  record Settings(
      @JsonProperty(defaultValue = "2.0")
          @JsonPropertyDescription("variance v of the noise that the diffusion ends in")
          double variance) {

    Settings {
      Require.positive("variance", variance);
    }
  }

  private final double variance;

  @Inject
  WideGaussianKernel(Settings settings) {
    this.variance = settings.variance();
  }

  /** Numbers, and nothing else. */
  @Override
  public OptionalInt width(Space space) {
    return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
  }

  @Override
  public boolean reparameterised() {
    return true;
  }

  /** v (1 - abar_t), the variance of the noise in x_t. */
  private NDArray noise(Stage stage) {
    return stage.noise().mul(number(stage.noise(), variance));
  }

  /** abar_t + v (1 - abar_t), the variance of x_t for data of N(0, 1). */
  NDArray total(Stage stage) {
    return stage.signal().add(noise(stage));
  }

  @Override
  public Distribution end(NDArray like, Stage stage) {
    return DiagonalGaussian.of(like.zerosLike(), total(stage));
  }

  /** Linear regression of x_0 on x_t, and what it leaves open. */
  @Override
  public DiagonalGaussian alone(NDArray current, Stage stage) {
    NDArray total = total(stage);
    NDArray mean = current.mul(stage.signal().sqrt().div(total));
    return DiagonalGaussian.of(mean, noise(stage).div(total));
  }

  @Override
  public Distribution transition(NDArray previous, Stage stage) {
    NDArray added = stage.beta().mul(number(previous, variance));
    return DiagonalGaussian.of(previous.mul(stage.kept().sqrt()), added);
  }

  @Override
  public Distribution marginal(NDArray data, Stage stage) {
    return DiagonalGaussian.of(data.mul(stage.signal().sqrt()), noise(stage));
  }

  /** Two Gaussians about x_s, one from each side, multiplied: precisions add. */
  @Override
  public Distribution posterior(NDArray data, NDArray current, Stage stage) {
    return DiagonalGaussian.of(mean(data, current, stage), left(stage));
  }

  /** What is not known of x_0 widens it. */
  @Override
  public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
    if (!(belief instanceof DiagonalGaussian about)) {
      throw new IllegalArgumentException(
          "a belief about numbers must be Gaussian, but is " + belief.getClass().getSimpleName());
    }
    NDArray doubt = ofData(stage).square().mul(about.variance());
    return DiagonalGaussian.of(mean(about.mean(), current, stage), doubt.add(left(stage)));
  }

  /** Of q(x_s | x_t, x_0). As v scales all variances alike, it does not depend on v. */
  private static NDArray mean(NDArray data, NDArray current, Stage stage) {
    NDArray ofCurrent = stage.kept().sqrt().mul(stage.previousNoise()).div(stage.noise());
    return data.mul(ofData(stage)).add(current.mul(ofCurrent));
  }

  private static NDArray ofData(Stage stage) {
    return stage.previousSignal().sqrt().mul(stage.beta()).div(stage.noise());
  }

  /** v beta (1 - abar_s) / (1 - abar_t), the variance of q(x_s | x_t, x_0). */
  private NDArray left(Stage stage) {
    NDArray fraction = stage.beta().mul(stage.previousNoise()).div(stage.noise());
    return fraction.mul(number(fraction, variance));
  }
}
