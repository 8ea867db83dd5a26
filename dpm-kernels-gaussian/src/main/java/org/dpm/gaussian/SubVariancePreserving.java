package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import org.dpm.api.GaussianPath;

/**
 * Less noise than the data leave room for: s = 1 - a^2, so that r = s / a = 2 sinh(-log a). Song et
 * al. 2021, section 3.4. All is written in u = log(r^2 / 4), with softplus(u) = log(1 + r^2 / 4),
 * since r^2 itself soon overflows.
 */
final class SubVariancePreserving implements GaussianPath {

  /** There is nothing to set: its rates come from the schedule. */
  record Settings() {}

  @Inject
  SubVariancePreserving() {}

  /** -asinh(r / 2) = -log(r / 2 + sqrt(1 + r^2 / 4)). */
  @Override
  public NDArray logSignalScale(NDArray logSnr) {
    NDArray u = logSquare(logSnr);
    NDArray share = half(softplus(u.neg())).neg();
    return half(softplus(u)).add(softplus(share)).neg();
  }

  /** -log((1 + sqrt(1 + 4 / r^2)) / 2). */
  @Override
  public NDArray logNoiseScale(NDArray logSnr) {
    NDArray root = half(softplus(logSquare(logSnr).neg()));
    return softplus(root).neg().add(Math.log(2));
  }

  /** 1 / sqrt(1 + r^2 / 4). */
  @Override
  public NDArray velocityScale(NDArray logSnr) {
    return half(softplus(logSquare(logSnr))).neg().exp();
  }

  private static NDArray logSquare(NDArray logSnr) {
    return logSnr.neg().sub(2 * Math.log(2));
  }

  private static NDArray half(NDArray x) {
    return x.mul(number(x, 0.5));
  }

  private static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }
}
