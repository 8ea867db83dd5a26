package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/** Independent bits, by the log odds of a one; infinite odds are a bit that is certain. */
final class Bits implements Distribution {

  private final NDArray logOdds;

  private Bits(NDArray logOdds) {
    this.logOdds = logOdds;
  }

  static Bits ofLogOdds(NDArray logOdds) {
    return new Bits(logOdds);
  }

  NDArray logOdds() {
    return logOdds;
  }

  @Override
  public NDArray sample(Noise noise) {
    return noise.uniform(logOdds).lt(mean()).toType(logOdds.getDataType(), false);
  }

  @Override
  public NDArray mean() {
    return logOdds.getNDArrayInternal().sigmoid();
  }

  @Override
  public NDArray logProbability(NDArray x) {
    return NDArrays.where(x.gt(0.5), logOne(), logZero());
  }

  @Override
  public NDArray entropy() {
    return weighted(mean(), logOne()).add(weighted(mean().neg().add(1), logZero())).neg();
  }

  @Override
  public NDArray divergence(Distribution other) {
    if (!(other instanceof Bits that)) {
      throw new IllegalArgumentException(
          "the divergence of bits is known from bits, not from " + other.getClass().getName());
    }
    return weighted(mean(), logOne().sub(that.logOne()))
        .add(weighted(mean().neg().add(1), logZero().sub(that.logZero())));
  }

  private NDArray logOne() {
    return logOdds.neg().getNDArrayInternal().softPlus().neg();
  }

  private NDArray logZero() {
    return logOdds.getNDArrayInternal().softPlus().neg();
  }

  /** What is impossible counts for nothing, however surprising it would be. */
  private static NDArray weighted(NDArray probability, NDArray value) {
    return NDArrays.where(probability.gt(0), probability.mul(value), probability.zerosLike());
  }
}
