package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Bernoulli;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.InvalidInput;
import org.dpm.posterior.OtherModel.Ratio;

/**
 * A reverse step times something, normalised: the right half of the last row of table App.1 in
 * Sohl-Dickstein et al. 2015.
 */
final class Products {

  private Products() {}

  /**
   * The product of two distributions of one family: precisions add, and so do log odds, which is c
   * d / (c d + (1 - c)(1 - d)).
   *
   * @param factor of infinite variance, or log odds 0, where it says nothing
   */
  static Distribution of(Distribution step, Distribution factor) {
    if (step instanceof DiagonalGaussian a && factor instanceof DiagonalGaussian b) {
      // Gain of the measurement, S / (S + n): no precision, which overflows where a variance is 0.
      NDArray ratio = b.logVariance().sub(a.logVariance());
      NDArray gain = ratio.neg().getNDArrayInternal().sigmoid();
      NDArray mean = a.mean().add(b.mean().sub(a.mean()).mul(gain));
      NDArray left = ratio.getNDArrayInternal().sigmoid().log();
      return DiagonalGaussian.ofLogVariance(mean, a.logVariance().add(left));
    }
    if (step instanceof Bernoulli a && factor instanceof Bernoulli b) {
      return Bernoulli.ofLogOdds(a.logOdds().add(b.logOdds()));
    }
    throw new InvalidInput(
        "the prior's factors are %s, but a step of this model is %s; they cannot be multiplied."
            .formatted(factor.getClass().getSimpleName(), step.getClass().getSimpleName()));
  }

  /**
   * The product p p' / q of three steps from one x_t: precisions add and are taken away, and so are
   * log odds.
   *
   * <p>A p' that is less sure than q would widen p. It may double its variance and no more, so that
   * there is a product: this is what to draw from, and the weights know what it should have been.
   */
  static Distribution of(Distribution step, Ratio ratio) {
    if (step instanceof DiagonalGaussian p
        && ratio.step() instanceof DiagonalGaussian other
        && ratio.stationary() instanceof DiagonalGaussian q) {
      NDArray wider = q.logVariance().sub(other.logVariance()).exp().sub(1f);
      NDArray share = p.logVariance().sub(q.logVariance()).exp();
      NDArray precision = share.mul(wider).maximum(number(share, -0.5)).add(1f);
      // Differences of means only: their sum weighed by precisions would lose what they differ by.
      NDArray pull = other.mean().sub(q.mean()).add(wider.mul(other.mean().sub(p.mean())));
      NDArray mean = p.mean().add(pull.mul(share).div(precision));
      return DiagonalGaussian.ofLogVariance(mean, p.logVariance().sub(precision.log()));
    }
    if (step instanceof Bernoulli p
        && ratio.step() instanceof Bernoulli other
        && ratio.stationary() instanceof Bernoulli q) {
      return Bernoulli.ofLogOdds(p.logOdds().add(other.logOdds()).sub(q.logOdds()));
    }
    throw new InvalidInput(
        "steps of the two models are %s and %s; they cannot be multiplied."
            .formatted(step.getClass().getSimpleName(), ratio.step().getClass().getSimpleName()));
  }

  /** A distribution to a power, normalised. */
  static Distribution power(Distribution distribution, NDArray exponent) {
    if (distribution instanceof DiagonalGaussian a) {
      return DiagonalGaussian.ofLogVariance(a.mean(), a.logVariance().sub(exponent.log()));
    }
    if (distribution instanceof Bernoulli a) {
      return Bernoulli.ofLogOdds(a.logOdds().mul(exponent));
    }
    throw new InvalidInput(
        "noise of this model is %s: only Gaussian noise and bits have powers."
            .formatted(distribution.getClass().getSimpleName()));
  }

  /**
   * The product with e^(g x), to first order that with any r of which g is the gradient of log r at
   * the mean: the mean of a Gaussian moves by Sigma g, log odds by g.
   */
  static Distribution tilted(Distribution step, NDArray gradient) {
    if (step instanceof DiagonalGaussian a) {
      NDArray mean = a.mean().add(a.variance().mul(gradient));
      return DiagonalGaussian.ofLogVariance(mean, a.logVariance());
    }
    if (step instanceof Bernoulli a) {
      return Bernoulli.ofLogOdds(a.logOdds().add(gradient));
    }
    throw new InvalidInput(
        "a step of this model is %s: only Gaussian steps and bits can follow a gradient."
            .formatted(step.getClass().getSimpleName()));
  }
}
