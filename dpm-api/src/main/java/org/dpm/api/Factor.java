package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * One factor of a prior r(x), by what is known of it: each kind is multiplied with a model by the
 * best method that exists for it.
 *
 * <p>A batch may hold several problems, each with examples of its own in a row. A factor that knows
 * one thing for each of n problems has arrays of n rows, each for B / n successive examples.
 *
 * <p>Only what r is of the data decides the result. What it is on the way, of x_t, decides how well
 * the result is reached.
 */
public sealed interface Factor {

  /** What a factor that is about x_0 is taken to say of x_t. */
  enum OnTheWay {
    /** What it says of the x_0 that x_t alone tells of: its average over that belief. */
    DIFFUSED,
    /** The same of x_t as of x_0: Sohl-Dickstein et al. 2015, section 2.5. */
    CONSTANT
  }

  /** log r(x) of a bounded positive function, of which its gradient is taken. */
  @FunctionalInterface
  interface LogDensity {
    /**
     * log r(x) in nats, up to a constant, differentiable in x; discrete x are differentiated as if
     * they were numbers.
     *
     * @param x [B, element...] at the given stage, as the kernel sees it (z-scored)
     * @param stage where x stands; {@link Stage#ofData} for the data themselves
     * @return [B]
     */
    NDArray of(NDArray x, Stage stage);
  }

  /**
   * Any function, multiplied with to first order at each step.
   *
   * @param log of r
   */
  record Density(LogDensity log) implements Factor {}

  /**
   * Independent elements of x_0, multiplied with exactly.
   *
   * @param distribution over [n, element...], of the family that the model's steps are of
   * @param mask [1 or n, element...], 1 where it says something, 0 elsewhere
   * @param logConstant what log r is more than the distribution's log probability, in nats
   */
  record Factorised(Multipliable distribution, NDArray mask, double logConstant, OnTheWay onTheWay)
      implements Factor {}

  /**
   * A measurement y = A x_0 + noise of N(0, diag(deviation^2)).
   *
   * @param map A
   * @param values y, [n, measurements]
   * @param deviations [1 or n, measurements], positive
   * @param logConstant what log r is more than log N(y; A x_0, deviation^2), in nats
   */
  record Measurement(
      LinearMap map, NDArray values, NDArray deviations, double logConstant, OnTheWay onTheWay)
      implements Factor {}

  /**
   * Elements of x_0 that are known exactly. They are diffused to the noise of each step and
   * conditioned on.
   *
   * @param values of x_0, [n, element...]; 0 where nothing is known
   * @param mask the same shape, 1 where the value is known and 0 elsewhere
   */
  record Known(NDArray values, NDArray mask) implements Factor {}

  /**
   * Another model of the same data, of which the kernel sees scale x + shift where that of the
   * first sees x. Every step is multiplied with the other's, and the other's density of x_0
   * estimated at the end.
   *
   * @param diffusion of the other
   * @param scale [1, element...], positive; 1 for discrete elements
   * @param shift [1, element...]; 0 for discrete elements
   * @param logVolume what the other's log density is less in data units, in nats
   * @param anyTime whether its network can be asked between its own times: {@link Network#anyTime}
   * @param trajectories that its density of each x_0 is estimated from, at least 1
   */
  record OtherModel(
      Diffusion diffusion,
      NDArray scale,
      NDArray shift,
      double logVolume,
      boolean anyTime,
      int trajectories)
      implements Factor {}

  /** A linear map of examples: a mask, a blur, a projection, sums. */
  interface LinearMap {

    /**
     * A x.
     *
     * @param x [B, element...]
     * @return [B, measurements], differentiable
     */
    NDArray apply(NDArray x);

    /**
     * A^T y.
     *
     * @param y [B, measurements]
     * @return [B, element...]
     */
    NDArray transposed(NDArray y);

    /**
     * The squared length of each row of A, [1, measurements]: the variance of A x for x of N(0, I).
     *
     * @param like for type and device
     */
    NDArray squares(NDArray like);
  }
}
