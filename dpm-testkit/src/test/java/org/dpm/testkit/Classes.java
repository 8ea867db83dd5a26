package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/**
 * One of three classes for every three numbers, of which one is 1.
 *
 * @param logits [B, 3 n], their logarithms of probability but for a constant for each three
 */
record Classes(NDArray logits) implements Distribution {

  static final int K = 3;

  /** [B, n, 3]. */
  static NDArray apart(NDArray x) {
    return x.reshape(x.getShape().get(0), -1, K);
  }

  static NDArray flat(NDArray apart, NDArray like) {
    return apart.reshape(new Shape(apart.getShape().get(0), like.getShape().get(1)));
  }

  private NDArray logProbabilities() {
    return flat(apart(logits).logSoftmax(2), logits);
  }

  @Override
  public NDArray mean() {
    return logProbabilities().exp();
  }

  /** The largest of the logits and Gumbel noise. */
  @Override
  public NDArray sample(Noise noise) {
    NDArray gumbel = noise.uniform(logits).add(1e-12).log().neg().log().neg();
    NDArray keys = apart(logits.add(gumbel));
    NDArray chosen = keys.eq(keys.max(new int[] {2}, true));
    return flat(chosen.toType(logits.getDataType(), false), logits);
  }

  @Override
  public NDArray logProbability(NDArray x) {
    return NDArrays.where(x.gt(0.5), logProbabilities(), logits.zerosLike());
  }

  @Override
  public NDArray entropy() {
    return weighted(logProbabilities()).neg();
  }

  @Override
  public NDArray divergence(Distribution other) {
    if (!(other instanceof Classes that)) {
      throw new IllegalArgumentException("classes are compared with classes");
    }
    return weighted(logProbabilities().sub(that.logProbabilities()));
  }

  private NDArray weighted(NDArray value) {
    NDArray mean = mean();
    return NDArrays.where(mean.gt(0), mean.mul(value), mean.zerosLike());
  }
}
