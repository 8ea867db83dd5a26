package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Numbers as arrays: factors, divisors, exponents and limits where a gradient is taken.
 *
 * <p>{@code x.mul(0.5f)} looks the same and is not safe there. DJL lets go of the number's memory
 * as soon as the product is known, but the engine comes back to it in the backward pass: what
 * Java's garbage collector has let others write there by then becomes part of the gradient. Adding
 * and subtracting numbers is safe, and so is everything inside of a script of {@code TorchScript}.
 */
public final class Numbers {

  private Numbers() {}

  /**
   * A number that lives as long as what is computed with it: it belongs to the manager of {@code
   * like}, and to the {@link ai.djl.ndarray.NDScope} that is open.
   *
   * @return a scalar in the type of {@code like}
   */
  public static NDArray number(NDArray like, double value) {
    return like.getDataType() == DataType.FLOAT64
        ? like.getManager().create(value)
        : like.getManager().create((float) value);
  }
}
