package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.BinaryOperator;
import org.dpm.api.Diffusion;

/** A model of which the likelihood can be worked out, to try objectives and samplers on. */
public interface KnownModel {

  /** Two numbers for an example, independent and normal; a Gaussian diffusion. */
  static KnownModel gaussian() {
    return new GaussianModel();
  }

  /** Three bits for an example, independent, each with a rate of its own; bits that flip. */
  static KnownModel bits() {
    return new BitModel();
  }

  /**
   * The diffusion with this network. With answers of zero every reverse step, the last one too, is
   * exact.
   *
   * @param steps T
   * @param network maps x_t [B, element...] and time [B] to [B, outputs, element...]
   */
  Diffusion diffusion(int steps, BinaryOperator<NDArray> network);

  /** A few different examples, in double precision. */
  NDArray data(NDManager manager);

  /**
   * log p(x_0) of each example in nats: not of the data's distribution, but of what the diffusion
   * makes from noise.
   *
   * @param diffusion of this model, with a network whose answers do not depend on x_t
   */
  double[] logLikelihood(Diffusion diffusion, NDArray data);
}
