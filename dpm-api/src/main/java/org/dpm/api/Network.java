package org.dpm.api;

import ai.djl.nn.Block;

/** Makes the block that is learned. */
public interface Network {

  /**
   * A block of which forward takes x_t of shape [B, element...], time t of shape [B], and, where
   * the signature has one, a condition of shape [B, condition + 1]: y and a 1, or zeros where there
   * is no y. It returns one array of shape [B, outputs, element...].
   *
   * <p>The block asks the {@link ai.djl.training.ParameterStore} that it is handed for each of its
   * parameters, as DJL's own blocks do, and never reads a parameter's array itself. The host
   * initialises it, after seeding the engine, with the shapes of {@link Signature#inputs()}.
   *
   * @throws InvalidInput if the network cannot be built for this signature, and why
   */
  Block block(Signature signature);

  /**
   * Whether the block can be asked at times other than those it was trained at. A network with a
   * readout for each step of the model's {@link Grid} cannot.
   */
  default boolean anyTime() {
    return true;
  }
}
