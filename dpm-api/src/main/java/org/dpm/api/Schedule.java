package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.List;

/**
 * How fast the data dissolve: the logarithm of the signal-to-noise ratio, decreasing in time.
 *
 * <p>With abar(s) the fraction of the data's variance (or, for bits, of their certainty) that is
 * left at time s, {@code logSnr = log(abar / (1 - abar))}. Both abar = sigmoid(logSnr) and 1 - abar
 * = sigmoid(-logSnr) are then exact in single precision, and one schedule serves every kernel.
 */
public interface Schedule {

  /**
   * The log signal-to-noise ratio, in nats, elementwise.
   *
   * @param time any shape, values in (0, 1]; time 1 is the end of the trajectory, t = T
   * @return the same shape; strictly decreasing in time; minus infinity where abar = 0; plus
   *     infinity nowhere. Differentiable in {@link #parameters()}.
   */
  NDArray logSnr(NDArray time);

  /** What is learned along with the network; empty for a fixed schedule. */
  default List<Parameter> parameters() {
    return List.of();
  }
}
