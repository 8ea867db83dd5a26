package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * A distribution over arrays whose elements, or blocks of elements, are independent given its
 * parameters. Everything is elementwise: results have the shape of the variable, [B, element...],
 * and are in nats. What is said of a block of elements that hang together, such as the K numbers of
 * one of K classes, is a sum over them. Sum over the element axes for the value of an example
 * ({@link #perExample}).
 */
public interface Distribution {

  /**
   * One draw, reparameterised where the family allows it, so that gradients reach the parameters.
   */
  NDArray sample(Noise noise);

  /** The expectation. */
  NDArray mean();

  /** log p(x): a density for continuous variables, a probability for discrete ones. */
  NDArray logProbability(NDArray x);

  /** -E log p(x), in nats; differential for continuous variables. */
  NDArray entropy();

  /**
   * KL(this || other) = E_this[log this - log other], in nats, in closed form.
   *
   * @throws IllegalArgumentException if {@code other} is of another family
   */
  NDArray divergence(Distribution other);

  /** Sums [B, element...] over the elements, to [B]. */
  static NDArray perExample(NDArray elementwise) {
    return elementwise.reshape(elementwise.getShape().get(0), -1).sum(new int[] {1});
  }
}
