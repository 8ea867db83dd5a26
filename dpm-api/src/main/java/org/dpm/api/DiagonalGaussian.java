package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;

/**
 * Independent normal variables, N(mean, diag(variance)), kept as mean and log variance. A variance
 * that many elements share is kept, and computed with, once for all of them.
 */
public final class DiagonalGaussian implements Distribution {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final NDArray mean;
  private final NDArray logVariance;

  private DiagonalGaussian(NDArray mean, NDArray logVariance) {
    this.mean = mean;
    this.logVariance = logVariance;
  }

  /**
   * N(mean, diag(variance)).
   *
   * @param mean [B, element...]
   * @param variance broadcasts against {@code mean}; not negative
   */
  public static DiagonalGaussian of(NDArray mean, NDArray variance) {
    return new DiagonalGaussian(mean, variance.log());
  }

  /** The same from the logarithm of the variance, which is kept as it is. */
  public static DiagonalGaussian ofLogVariance(NDArray mean, NDArray logVariance) {
    return new DiagonalGaussian(mean, logVariance);
  }

  @Override
  public NDArray mean() {
    return mean;
  }

  /** The variance of each element. */
  public NDArray variance() {
    return ofEach(logVariance.exp());
  }

  /** The logarithm of the variance of each element. */
  public NDArray logVariance() {
    return ofEach(logVariance);
  }

  private NDArray ofEach(NDArray shared) {
    return shared.getShape().equals(mean.getShape()) ? shared : shared.broadcast(mean.getShape());
  }

  @Override
  public NDArray sample(Noise noise) {
    return mean.add(logVariance.mul(number(mean, 0.5)).exp().mul(noise.gaussian(mean)));
  }

  @Override
  public NDArray logProbability(NDArray x) {
    NDArray distance = x.sub(mean).square().mul(logVariance.neg().exp());
    return distance.add(logVariance.add(LOG_TWO_PI)).mul(number(mean, -0.5));
  }

  @Override
  public NDArray entropy() {
    return ofEach(logVariance.add(LOG_TWO_PI + 1).mul(number(mean, 0.5)));
  }

  @Override
  public NDArray divergence(Distribution other) {
    if (!(other instanceof DiagonalGaussian that)) {
      throw new IllegalArgumentException(
          "the divergence of a Gaussian is known from a Gaussian, not from "
              + other.getClass().getName());
    }
    NDArray logRatio = logVariance.sub(that.logVariance);
    NDArray distance = mean.sub(that.mean).square().mul(that.logVariance.neg().exp());
    return distance.add(logRatio.exp().sub(logRatio).sub(1f)).mul(number(mean, 0.5));
  }
}
