package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/** A right distribution, of which a broken one replaces a method. */
abstract class AlmostDistribution implements Distribution {

  final Distribution right;

  AlmostDistribution(Distribution right) {
    this.right = right;
  }

  @Override
  public NDArray sample(Noise noise) {
    return right.sample(noise);
  }

  @Override
  public NDArray mean() {
    return right.mean();
  }

  @Override
  public NDArray logProbability(NDArray x) {
    return right.logProbability(x);
  }

  @Override
  public NDArray entropy() {
    return right.entropy();
  }

  @Override
  public NDArray divergence(Distribution other) {
    return right.divergence(other instanceof AlmostDistribution almost ? almost.right : other);
  }
}
