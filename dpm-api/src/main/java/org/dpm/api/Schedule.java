package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.List;

/**
 * How fast the data dissolve: the logarithm of the signal-to-noise ratio, lambda, decreasing in
 * time.
 *
 * <p>With abar(s) the fraction of the data's variance (or, for discrete data, of their certainty)
 * that is left at time s on the variance-preserving path, {@code lambda = log(abar / (1 - abar))}.
 * Both abar = sigmoid(lambda) and 1 - abar = sigmoid(-lambda) are then exact in single precision,
 * and one schedule serves every kernel and path.
 */
public interface Schedule {

  /**
   * lambda, in nats, elementwise.
   *
   * @param time any shape, values in (0, 1]
   * @return the same shape; strictly decreasing in time; minus infinity where no signal is left;
   *     plus infinity nowhere. Differentiable in {@link #parameters()}.
   */
  NDArray logSnr(NDArray time);

  /**
   * The inverse: the times at which lambda has these values, in double precision, without gradient.
   * By bisection of {@link #logSnr} unless overridden.
   *
   * @param like tells the type, the device and the manager to compute with
   * @param logSnr in any order; beyond what is reached at times {@code first} and 1 those are taken
   * @param first the earliest time to answer, above 0
   */
  default double[] times(NDArray like, double[] logSnr, double first) {
    return ScheduleInverse.bisect(this, like, logSnr, first);
  }

  /** What is learned along with the network; empty for a fixed schedule. */
  default List<Parameter> parameters() {
    return List.of();
  }
}
