package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;

/**
 * The signal decays at a rate that is linear in time: abar(t) = exp(-x(t)), x(t) = g0 t + (g1 - g0)
 * t^2 / 2. Those who set the rates in one unit or another are kinds of it.
 */
abstract sealed class LinearRateSchedule implements ClosedForm
    permits LinearSchedule, OrnsteinUhlenbeckSchedule {

  private final double initialRate;
  private final double halfRise;

  /**
   * @param initialRate g0, positive
   * @param lastRate g1, positive
   */
  LinearRateSchedule(double initialRate, double lastRate) {
    this.initialRate = initialRate;
    halfRise = (lastRate - initialRate) / 2;
  }

  /**
   * -x - log(1 - e^-x), with 1 - e^-x = 2 h / (1 + h), h = tanh(x / 2), because the difference
   * would cancel while there is little noise.
   */
  @Override
  public NDArray logSnr(NDArray time) {
    NDArray lost = time.mul(number(time, halfRise)).add(initialRate).mul(time);
    NDArray half = lost.mul(number(time, 0.5)).tanh();
    NDArray noise = half.mul(number(time, 2)).div(half.add(1f));
    return lost.neg().sub(noise.log());
  }

  /** x = log(1 + e^-lambda), and the root of the parabola that does not cancel. */
  @Override
  public double time(double logSnr) {
    double lost = Math.max(0, -logSnr) + Math.log1p(Math.exp(-Math.abs(logSnr)));
    if (lost >= initialRate + halfRise) {
      // Where the rate falls, the parabola has a summit some time after 1.
      return 1;
    }
    double root = Math.sqrt(initialRate * initialRate + 4 * halfRise * lost);
    return 2 * lost / (initialRate + root);
  }
}
