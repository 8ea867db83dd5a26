package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/**
 * An angle: density (1 - r^2) / (2 pi |1 - r e^(i (x - mean))|^2).
 *
 * @param mean direction, in radians
 * @param concentration r, from 0 to below 1
 */
record WrappedCauchy(NDArray mean, NDArray concentration) implements Distribution {

  /** The tangent of a half, by which a Cauchy variable goes around the circle. */
  @Override
  public NDArray sample(Noise noise) {
    NDArray cauchy = noise.uniform(mean).sub(0.5).mul(Math.PI).tan();
    NDArray width = concentration.neg().add(1).div(concentration.add(1));
    NDArray angle = cauchy.mul(width).atan().mul(2).add(mean);
    NDArray turns = angle.add(Math.PI).div(2 * Math.PI).floor();
    return angle.sub(turns.mul(2 * Math.PI));
  }

  @Override
  public NDArray logProbability(NDArray x) {
    return logScale().sub(logDistance(concentration, x.sub(mean)));
  }

  private NDArray logScale() {
    return concentration.square().neg().add(1).div(2 * Math.PI).log();
  }

  /** log |1 - r e^(i angle)|^2. */
  private static NDArray logDistance(NDArray r, NDArray angle) {
    return r.square().add(1).sub(r.mul(angle.cos()).mul(2)).log();
  }

  @Override
  public NDArray entropy() {
    return concentration.square().neg().add(1).mul(2 * Math.PI).log();
  }

  /** The mean of log |1 - r e^(i x)|^2, harmonic within the circle, is its value at the centre. */
  @Override
  public NDArray divergence(Distribution other) {
    if (!(other instanceof WrappedCauchy that)) {
      throw new IllegalArgumentException("angles are compared with angles");
    }
    NDArray cross =
        that.logScale()
            .sub(logDistance(concentration.mul(that.concentration), mean.sub(that.mean)));
    return entropy().neg().sub(cross);
  }
}
