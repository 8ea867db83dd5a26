package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalInt;
import org.dpm.api.Component;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/**
 * Gaussian diffusion x_t = a x_0 + s e on any path. Sohl-Dickstein et al. 2015, table App.1, left
 * column, is the variance-preserving one. The data should have variance near one.
 */
final class GaussianForwardKernel implements ForwardKernel {

  record Settings(
      @JsonProperty(defaultValue = "variance-preserving")
          @JsonPropertyDescription("how signal and noise share the signal-to-noise ratio")
          Component<GaussianPath> path) {}

  private final GaussianPath path;

  @Inject
  GaussianForwardKernel(Settings settings, Factory factory) {
    this(factory.create(settings.path()));
  }

  GaussianForwardKernel(GaussianPath path) {
    this.path = path;
  }

  @Override
  public OptionalInt width(Space space) {
    return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
  }

  @Override
  public boolean reparameterised() {
    return true;
  }

  @Override
  public Optional<GaussianPath> path() {
    return Optional.of(path);
  }

  /** N(0, a^2 + s^2). */
  @Override
  public Distribution end(NDArray like, Stage stage) {
    return DiagonalGaussian.of(like.zerosLike(), on(stage).total());
  }

  /** N(a x / (a^2 + s^2), s^2 / (a^2 + s^2)). */
  @Override
  public Distribution alone(NDArray current, Stage stage) {
    GaussianStage at = on(stage);
    return DiagonalGaussian.of(current.mul(at.signal().div(at.total())), at.open());
  }

  /** N((a_t / a_s) x_s, s_t^2 (1 - e^d)). */
  @Override
  public Distribution transition(NDArray previous, Stage stage) {
    return DiagonalGaussian.of(previous.mul(on(stage).kept()), on(stage).added());
  }

  /** N(a x_0, s^2). */
  @Override
  public Distribution marginal(NDArray data, Stage stage) {
    return DiagonalGaussian.of(data.mul(on(stage).signal()), on(stage).noiseVariance());
  }

  /** Two Gaussians about x_s, one from each side, multiplied: precisions add. */
  @Override
  public Distribution posterior(NDArray data, NDArray current, Stage stage) {
    return DiagonalGaussian.of(mean(data, current, stage), on(stage).variance());
  }

  /** What is not known of x_0 widens it. */
  @Override
  public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
    if (!(belief instanceof DiagonalGaussian about)) {
      throw new IllegalArgumentException(
          "a belief about numbers must be Gaussian, but is " + belief.getClass().getSimpleName());
    }
    NDArray doubt = on(stage).ofData().square().mul(about.variance());
    return DiagonalGaussian.of(mean(about.mean(), current, stage), doubt.add(on(stage).variance()));
  }

  private NDArray mean(NDArray data, NDArray current, Stage stage) {
    return data.mul(on(stage).ofData()).add(current.mul(on(stage).ofCurrent()));
  }

  private GaussianStage on(Stage stage) {
    return GaussianStage.of(path, stage);
  }
}
