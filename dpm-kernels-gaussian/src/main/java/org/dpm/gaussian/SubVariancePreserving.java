package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;

/**
 * Less noise than the data leave room for: s = 1 - a^2, so that r = s / a = 2 sinh(-log a). Song et
 * al. 2021, section 3.4.
 */
final class SubVariancePreserving implements GaussianPath {

  /** There is nothing to set: its rates come from the schedule. */
  record Settings() {}

  @Inject
  SubVariancePreserving() {}

  /** -asinh(r / 2) = -log(h + sqrt(h^2 + 1)), h = r / 2, r = e^(-lambda / 2). */
  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    NDArray half = ratio(logSnr).mul(number(logSnr, 0.5));
    return half.add(half.square().add(1f).sqrt()).log().neg();
  }

  /** -log((1 + sqrt(1 + 4 / r^2)) / 2). */
  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    NDArray root = logSnr.exp().mul(number(logSnr, 4)).add(1f).sqrt();
    return root.add(1f).mul(number(logSnr, 0.5)).log().neg();
  }

  /** 2 / sqrt(r^2 + 4). */
  @Override
  public NDArray velocityScale(NDArray logSnr) {
    NDArray root = ratio(logSnr).square().add(4f).sqrt();
    return number(logSnr, 2).div(root);
  }

  private static NDArray ratio(NDArray logSnr) {
    return logSnr.mul(number(logSnr, -0.5)).exp();
  }
}
