package org.dpm.categorical;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.dpm.api.Distribution;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;

/**
 * Independent cells, each one of several classes, kept as log probabilities, of which minus
 * infinity is one like any other. A value is 1 in the slot of its class and 0 in the others;
 * elementwise results, [B, slots], are those of a cell summed over its slots.
 */
final class Categorical implements Multipliable {

  /** Logarithms that differ by less are compared by a series. */
  private static final float SHORT = 0.5f;

  private final Blocks blocks;

  /** [B, cells, widest]. */
  private final NDArray log;

  private Categorical(Blocks blocks, NDArray log) {
    this.blocks = blocks;
    this.log = log;
  }

  /**
   * Of probabilities that sum to 1 in each cell.
   *
   * @param probability [B, cells, widest]
   */
  static Categorical of(Blocks blocks, NDArray probability) {
    return new Categorical(blocks, Logarithms.of(probability));
  }

  /**
   * Of the logarithms of numbers that are in proportion to the probabilities.
   *
   * @param log [B, cells, widest]; in each cell one at least is finite, and none plus infinity
   */
  static Categorical ofLog(Blocks blocks, NDArray log) {
    return new Categorical(blocks, log.logSoftmax(2));
  }

  Blocks blocks() {
    return blocks;
  }

  /** Log probabilities, [B, cells, widest]. */
  NDArray log() {
    return log;
  }

  /** The probability of each class. */
  @Override
  public NDArray mean() {
    return blocks.together(log.exp());
  }

  /**
   * One draw, which has no gradient: in each cell the first class by which the probabilities reach
   * a number of its own, uniform on [0, their sum). They are honoured to 2^-24.
   */
  @Override
  public NDArray sample(Noise noise) {
    NDArray reached = log.exp().cumSum(2);
    NDArray all = reached.max(new int[] {2}, true);
    NDArray passed = reached.gt(noise.uniform(all).mul(all)).toType(log.getDataType(), false);
    return blocks.together(passed.cumSum(2).eq(1f).toType(log.getDataType(), false));
  }

  /** x_k log p_k. */
  @Override
  public NDArray logProbability(NDArray x) {
    return blocks.together(Logarithms.times(blocks.apart(x, 0), log));
  }

  /** -p_k log p_k. */
  @Override
  public NDArray entropy() {
    return blocks.together(Logarithms.times(log.exp(), log).neg());
  }

  /**
   * p_k log(p_k / q_k) + q_k - p_k: in a cell these sum to the divergence, and none is negative.
   *
   * <p>With d = log(q_k / p_k) it is p_k (e^d - 1 - d). Two laws that nearly agree lose no digits
   * in this: the many tiny divergences of a long trajectory can be added up.
   */
  @Override
  public NDArray divergence(Distribution other) {
    NDArray there = same(other).log;
    NDArray difference = there.sub(log);
    NDArray here = log.add(difference.zerosLike());
    NDArray p = here.exp();
    NDArray possible = Logarithms.possible(here);
    NDArray d = NDArrays.where(possible, difference, here.zerosLike());
    NDArray close = possible.logicalAnd(d.abs().lt(SHORT));
    NDArray apart = there.exp().sub(p).sub(Logarithms.times(p, d));
    return blocks.together(NDArrays.where(close, p.mul(series(d.clip(-SHORT, SHORT))), apart));
  }

  /** e^d - 1 - d to the tenth power of d: the remainder is below 1e-9 of the whole. */
  private static NDArray series(NDArray d) {
    NDArray sum = d.onesLike();
    for (int n = 10; n > 2; n--) {
      sum = sum.mul(d).mul(number(d, 1.0 / n)).add(1f);
    }
    return sum.mul(d.square()).mul(number(d, 0.5));
  }

  /** Log probabilities add. */
  @Override
  public Categorical times(Distribution factor) {
    return ofLog(blocks, log.add(same(factor).log));
  }

  /** The same, and are taken away. What the divisor excludes stays excluded. */
  @Override
  public Categorical times(Distribution factor, Distribution divisor) {
    NDArray under = same(divisor).log;
    NDArray over = log.add(same(factor).log).add(under.zerosLike());
    NDArray divided = under.add(over.zerosLike());
    return ofLog(blocks, NDArrays.where(Logarithms.possible(divided), over.sub(divided), divided));
  }

  @Override
  public Categorical power(NDArray exponent) {
    return ofLog(blocks, log.mul(blocks.apart(exponent, 1)));
  }

  @Override
  public Categorical repeated(long rows) {
    long n = log.getShape().get(0);
    return n == rows ? this : new Categorical(blocks, log.repeat(0, rows / n));
  }

  /** Log probabilities move by g. */
  @Override
  public Categorical tilted(NDArray gradient) {
    return ofLog(blocks, log.add(blocks.apart(gradient, 0)));
  }

  /** Classes have a scale of 1 and a shift of 0. */
  @Override
  public Categorical affine(NDArray scale, NDArray shift) {
    return this;
  }

  private Categorical same(Distribution other) {
    if (other instanceof Categorical that && that.blocks.equals(blocks)) {
      return that;
    }
    throw new IllegalArgumentException(
        "categories go with the same categories, not with " + other.getClass().getSimpleName());
  }
}
