package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * r(x), a bounded positive function, or a second distribution, that the model is multiplied with.
 * Sohl-Dickstein et al. 2015, section 2.5.
 */
public interface Prior {

  /**
   * log r(x) in nats, up to a constant, differentiable in x where the kernel is continuous.
   *
   * @param x [B, element...] at the given stage, as the kernel sees it (z-scored)
   * @return [B]
   */
  NDArray logDensity(NDArray x, Stage stage);
}
