package org.dpm.api;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;

/** Makes the block that is learned. */
public interface Network {

  /**
   * A block of which forward takes two arrays, x_t of shape [B, element...] and time t / T of shape
   * [B], and returns one of shape [B, outputs, element...].
   *
   * <p>The block asks the {@link ai.djl.training.ParameterStore} that it is handed for each of its
   * parameters, as DJL's own blocks do, and never reads a parameter's array itself. The host
   * initialises it, after seeding the engine, with the shapes of one example.
   *
   * @param element shape of one example without the batch axis, such as [2] or [1, 28, 28]
   * @param outputs numbers to give for each element, at least one
   * @throws InvalidInput if the network cannot be built for this shape, and why
   */
  Block block(Shape element, int outputs);

  /**
   * Whether the block can be asked at times other than those it was trained at. A network with a
   * readout for each step cannot.
   */
  default boolean anyTime() {
    return true;
  }
}
