package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;

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
   * @param network answers with [B, outputs, element...]
   */
  Diffusion diffusion(Grid grid, Diffusion.Answer network);

  /** With a network that gives one answer to everything: the exact model for 0. */
  default Diffusion diffusion(Grid grid, double answer) {
    int outputs = diffusion(grid, (x, time, condition) -> x).reverse().outputs();
    return diffusion(
        grid, (x, time, condition) -> x.expandDims(1).zerosLike().repeat(1, outputs).add(answer));
  }

  /** A few different examples, in double precision. */
  NDArray data(NDManager manager);

  /**
   * Draws of the law of the data, that of the exact model.
   *
   * @param like [B, element...], for shape and type
   */
  NDArray draws(NDArray like, Noise noise);

  /**
   * log p(x_0) of each example in nats: not of the data's distribution, but of what the diffusion
   * makes from noise.
   *
   * @param diffusion of this model, with a network whose answers do not depend on x_t
   */
  double[] logLikelihood(Diffusion diffusion, NDArray data);
}
