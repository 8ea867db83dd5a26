package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * A Gaussian path x_t = a x_0 + s e, e of N(0, I): how the log signal-to-noise ratio lambda =
 * log(a^2 / s^2) is divided between a signal that shrinks and a noise that grows. Everything else
 * about a path follows from these functions, {@link GaussianStage}; when it is where is the
 * schedule's.
 *
 * <p>All are elementwise in lambda, from minus infinity (no signal) to plus infinity (the data),
 * and exact at both ends. Differentiable where lambda is finite.
 */
public interface GaussianPath {

  /** log a; 0 at the data. */
  NDArray logSignalScale(NDArray logSnr);

  /** log s; minus infinity at the data. log a - log s is lambda / 2. */
  NDArray logNoiseScale(NDArray logSnr);

  /**
   * c of the velocity v = c e - ((1 - c a) / s) x_0, with which x_0 = c x_t - s v: a on the
   * variance-preserving path (v = a e - s x_0), 1 on that of conditional optimal transport (v = e -
   * x_0). dx_t/dt is in proportion to v where the data do not move.
   */
  NDArray velocityScale(NDArray logSnr);
}
