package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;

/**
 * Independent normal variables, N(mean, diag(variance)), kept as mean and log variance. A variance
 * that many elements share is kept, and computed with, once for all of them.
 */
public final class DiagonalGaussian implements Multipliable {

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

  /** The variance; broadcasts against the mean. */
  public NDArray variance() {
    return logVariance.exp();
  }

  /** The logarithm of the variance; broadcasts against the mean. */
  public NDArray logVariance() {
    return logVariance;
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

  /** Precisions add. The gain of the factor, S / (S + n), needs no precision, which overflows. */
  @Override
  public DiagonalGaussian times(Distribution factor) {
    DiagonalGaussian that = gaussian(factor);
    NDArray ratio = that.logVariance.sub(logVariance);
    NDArray gain = ratio.neg().getNDArrayInternal().sigmoid();
    NDArray moved = mean.add(that.mean.sub(mean).mul(gain));
    NDArray left = ratio.neg().getNDArrayInternal().softPlus().neg();
    return new DiagonalGaussian(moved, logVariance.add(left));
  }

  /**
   * Precisions add and are taken away. A quotient that is wider than nothing would widen this: it
   * may double the variance and no more.
   */
  @Override
  public DiagonalGaussian times(Distribution factor, Distribution divisor) {
    DiagonalGaussian other = gaussian(factor);
    DiagonalGaussian under = gaussian(divisor);
    NDArray wider = under.logVariance.sub(other.logVariance).exp().sub(1f);
    NDArray share = logVariance.sub(under.logVariance).exp();
    NDArray precision = share.mul(wider).maximum(number(share, -0.5)).add(1f);
    // Differences of means only: their sum weighed by precisions would lose what they differ by.
    NDArray pull = other.mean.sub(under.mean).add(wider.mul(other.mean.sub(mean)));
    return new DiagonalGaussian(
        mean.add(pull.mul(share).div(precision)), logVariance.sub(precision.log()));
  }

  @Override
  public DiagonalGaussian power(NDArray exponent) {
    return new DiagonalGaussian(mean, logVariance.sub(exponent.log()));
  }

  /** The mean moves by Sigma g. */
  @Override
  public DiagonalGaussian tilted(NDArray gradient) {
    return new DiagonalGaussian(mean.add(logVariance.exp().mul(gradient)), logVariance);
  }

  @Override
  public DiagonalGaussian affine(NDArray scale, NDArray shift) {
    NDArray logVolume = scale.log().mul(number(scale, 2));
    return new DiagonalGaussian(mean.mul(scale).add(shift), logVariance.add(logVolume));
  }

  @Override
  public DiagonalGaussian repeated(long rows) {
    return new DiagonalGaussian(repeated(mean, rows), repeated(logVariance, rows));
  }

  /** One row serves all as it is. */
  private static NDArray repeated(NDArray array, long rows) {
    long n = array.getShape().get(0);
    return n == 1 || n == rows ? array : array.repeat(0, rows / n);
  }

  private static DiagonalGaussian gaussian(Distribution factor) {
    if (factor instanceof DiagonalGaussian that) {
      return that;
    }
    throw new IllegalArgumentException(
        "a Gaussian is multiplied with a Gaussian, not with " + factor.getClass().getSimpleName());
  }
}
