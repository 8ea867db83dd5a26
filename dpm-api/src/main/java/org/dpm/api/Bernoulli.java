package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/**
 * Independent bits, each 1 with a probability of its own, kept as log odds, log(p / (1 - p)).
 *
 * <p>The log odds may be infinite: probabilities of exactly 0 and 1 are values like any other, and
 * 0 log 0 = 0. Log odds keep a probability as close to 1 as to 0, which single precision itself
 * does not. Results are differentiable in the log odds wherever the limit is finite; a draw is not.
 */
public final class Bernoulli implements Multipliable {

  /** Beyond these log odds the entropy is less than the smallest number, even in 64 bits. */
  private static final double CERTAIN = 1000;

  /** Log odds that differ by less are compared by a series. */
  private static final float SHORT = 0.5f;

  private final NDArray logOdds;

  private Bernoulli(NDArray logOdds) {
    this.logOdds = logOdds;
  }

  /**
   * Bits that are 1 with the given probabilities.
   *
   * @param probability [B, element...], from 0 to 1
   */
  public static Bernoulli of(NDArray probability) {
    return ofOdds(probability, probability.neg().add(1f));
  }

  /**
   * Bits that are 1 and 0 with probabilities in the given proportion: for whoever knows both, and
   * would lose the smaller in one minus the larger.
   *
   * @param one [B, element...], not negative
   * @param zero likewise; the two are nowhere both 0
   */
  public static Bernoulli ofOdds(NDArray one, NDArray zero) {
    return new Bernoulli(one.log().sub(zero.log()));
  }

  /**
   * Bits with the given log odds, log(p / (1 - p)).
   *
   * @param logOdds [B, element...], infinite for what is certain
   */
  public static Bernoulli ofLogOdds(NDArray logOdds) {
    return new Bernoulli(logOdds);
  }

  /** log(p / (1 - p)) of each bit. */
  public NDArray logOdds() {
    return logOdds;
  }

  /** The probability of 1. */
  @Override
  public NDArray mean() {
    return sigmoid(logOdds);
  }

  /**
   * One draw, which has no gradient. The rarer value of a bit is drawn, so that what is certain
   * comes without exception; probabilities are honoured to 2^-24.
   */
  @Override
  public NDArray sample(Noise noise) {
    NDArray usual = logOdds.gt(0f);
    NDArray rare = noise.uniform(logOdds).lt(sigmoid(logOdds.abs().neg()));
    return usual.logicalXor(rare).toType(logOdds.getDataType(), false);
  }

  /** log p(x) for x of 0 and 1; minus infinity for what cannot be. */
  @Override
  public NDArray logProbability(NDArray x) {
    NDArray sign = x.mul(number(x, 2)).sub(1f);
    return softplus(logOdds.mul(sign).neg()).neg();
  }

  /** log(1 + e^-|z|) + |z| / (1 + e^|z|), which has no cancellation. */
  @Override
  public NDArray entropy() {
    NDArray size = logOdds.abs().clip(0, CERTAIN);
    NDArray rarely = size.neg();
    return softplus(rarely).add(size.mul(sigmoid(rarely)));
  }

  /**
   * With m the probability here of the value that is rarer here, and d by how much its log odds are
   * larger there: log(1 + m (e^d - 1)) - m d.
   *
   * <p>Two probabilities that nearly agree lose no digits in this, whether they are near 0, 1/2 or
   * 1: the many tiny divergences of a long trajectory can be added up.
   */
  @Override
  public NDArray divergence(Distribution other) {
    if (!(other instanceof Bernoulli that)) {
      throw new IllegalArgumentException(
          "the divergence of bits is known from bits, not from " + other.getClass().getName());
    }
    NDArray sign = NDArrays.where(logOdds.gt(0f), logOdds.onesLike().neg(), logOdds.onesLike());
    NDArray here = logOdds.mul(sign);
    NDArray there = that.logOdds.mul(sign);
    NDArray rare = sigmoid(here);
    NDArray possible = rare.gt(0f);
    // What never happens here adds nothing, not zero times infinity.
    NDArray more = NDArrays.where(possible, there.sub(here), here.zerosLike());
    NDArray ratio =
        NDArrays.where(
            possible.logicalAnd(more.abs().lte(SHORT)),
            shortRatio(rare, more),
            softplus(there).sub(softplus(here)));
    NDArray never = there.eq(Float.POSITIVE_INFINITY);
    return NDArrays.where(never, there, ratio.sub(rare.mul(more)));
  }

  /**
   * log(1 + m (e^d - 1)) for small d, as 2 artanh(m h / (1 - (1 - m) h)) with h = tanh(d / 2), the
   * artanh by its series to the ninth power: the remainder is below 1e-9 of the whole.
   */
  private static NDArray shortRatio(NDArray rare, NDArray more) {
    NDArray half = more.clip(-SHORT, SHORT).mul(number(more, 0.5)).tanh();
    NDArray share = rare.mul(half);
    NDArray x = share.div(share.sub(half).add(1f));
    NDArray square = x.square();
    NDArray series = square.mul(number(x, 1.0 / 9)).add(1f / 7).mul(square).add(1f / 5).mul(square);
    return series.add(1f / 3).mul(square).add(1f).mul(x).mul(number(x, 2));
  }

  private static NDArray sigmoid(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  private static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }

  /** Log odds add: c d / (c d + (1 - c)(1 - d)). */
  @Override
  public Bernoulli times(Distribution factor) {
    return new Bernoulli(logOdds.add(bits(factor).logOdds));
  }

  @Override
  public Bernoulli times(Distribution factor, Distribution divisor) {
    return new Bernoulli(logOdds.add(bits(factor).logOdds.sub(bits(divisor).logOdds)));
  }

  @Override
  public Bernoulli power(NDArray exponent) {
    return new Bernoulli(logOdds.mul(exponent));
  }

  /** Log odds move by g. */
  @Override
  public Bernoulli tilted(NDArray gradient) {
    return new Bernoulli(logOdds.add(gradient));
  }

  /** The same: bits have a scale of 1 and a shift of 0. */
  @Override
  public Bernoulli affine(NDArray scale, NDArray shift) {
    return this;
  }

  @Override
  public Bernoulli repeated(long rows) {
    long n = logOdds.getShape().get(0);
    return n == rows ? this : new Bernoulli(logOdds.repeat(0, rows / n));
  }

  private static Bernoulli bits(Distribution factor) {
    if (factor instanceof Bernoulli that) {
      return that;
    }
    throw new IllegalArgumentException(
        "bits are multiplied with bits, not with " + factor.getClass().getSimpleName());
  }
}
