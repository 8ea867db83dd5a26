package org.dpm.api;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * r(x), a bounded positive function, or a second distribution, that the model is multiplied with.
 * Sohl-Dickstein et al. 2015, section 2.5.
 *
 * <p>Only {@link #logDensity} must be written: its gradient is found automatically. The other
 * methods are for priors of which more is known, and make the draws better.
 *
 * <p>The stage says where x stands: {@code time()} is t / T, and {@code signal()} and {@code
 * noise()} are those of x_t. For x_0 they are 0, 1 and 0. What r is there decides the result; what
 * it is on the way, only how well it is reached.
 *
 * <p>A batch may hold several problems, each with examples of its own in a row. A prior that knows
 * one thing for each of n problems answers for B / n successive examples of the batch with each.
 */
public interface Prior {

  /**
   * log r(x) in nats, up to a constant, differentiable in x where the kernel is continuous. For
   * bits it is differentiated as well, as if they were numbers.
   *
   * @param x [B, element...] at the given stage, as the kernel sees it (z-scored)
   * @return [B]
   */
  NDArray logDensity(NDArray x, Stage stage);

  /**
   * r as a distribution, where it is one of independent elements: Gaussian for numbers, of infinite
   * variance for an element of which r says nothing, or Bernoulli for bits, of log odds 0. A step
   * of the model is then multiplied with it exactly, and not to first order.
   *
   * @param like [B, element...]
   * @return distribution over [B, element...]
   */
  default Optional<Distribution> factors(NDArray like, Stage stage) {
    return Optional.empty();
  }

  /**
   * Elements of x_0 that are known exactly. They are diffused to the noise of each step and
   * conditioned on; {@link #logDensity} is not asked then.
   *
   * @param like [B, element...]
   */
  default Optional<Known> known(NDArray like) {
    return Optional.empty();
  }

  /**
   * Another model, where r is its density. Every step is then multiplied with the other's, and the
   * other's density of x_0 estimated at the end; {@link #logDensity} is not asked then.
   *
   * @param like [B, element...]
   */
  default Optional<Other> other(NDArray like) {
    return Optional.empty();
  }

  /** The factors of a product, or this prior alone. */
  default List<Prior> parts() {
    return List.of(this);
  }

  /**
   * What is known exactly.
   *
   * @param values of x_0, [n or B, element...]; 0 where nothing is known
   * @param mask the same shape, 1 where the value is known and 0 elsewhere
   */
  record Known(NDArray values, NDArray mask) {}

  /**
   * Another model of the same data, of which the kernel sees scale x + shift where that of the
   * first sees x.
   *
   * @param diffusion of the other
   * @param scale [1, element...], positive; 1 for bits
   * @param shift [1, element...]; 0 for bits
   * @param logVolume what the other's log density is less in data units, in nats
   * @param anyTime whether its network can be asked between its own steps: {@link Network#anyTime}
   * @param trajectories that its density of each x_0 is estimated from, at least 1
   */
  record Other(
      Diffusion diffusion,
      NDArray scale,
      NDArray shift,
      double logVolume,
      boolean anyTime,
      int trajectories) {

    /** With a single trajectory. */
    public Other(
        Diffusion diffusion, NDArray scale, NDArray shift, double logVolume, boolean anyTime) {
      this(diffusion, scale, shift, logVolume, anyTime, 1);
    }
  }
}
