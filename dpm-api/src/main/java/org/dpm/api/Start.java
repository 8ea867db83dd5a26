package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Where a sampler begins. */
public sealed interface Start {

  /** How many draws. */
  long count();

  /** t, where they begin. */
  double time();

  /** At the end of the diffusion, time 1, with draws of its law. */
  record End(long count) implements Start {
    @Override
    public double time() {
      return 1;
    }
  }

  /**
   * At x_t, which the caller keeps.
   *
   * @param x [count, element...]
   * @param time t, in (0, 1]
   */
  record At(NDArray x, double time) implements Start {
    @Override
    public long count() {
      return x.getShape().get(0);
    }
  }

  /**
   * The first state, for the caller to close.
   *
   * @param owner owns it
   */
  default NDArray x(NDManager owner, Diffusion diffusion, Noise noise) {
    try (NDScope scope = new NDScope()) {
      NDArray x;
      if (this instanceof At at) {
        x = at.x().duplicate();
      } else {
        Shape shape = new Shape(count()).addAll(diffusion.element());
        x = diffusion.end(owner.zeros(shape, DataType.FLOAT32)).sample(noise);
      }
      NDScope.unregister(x);
      x.attach(owner);
      return x;
    }
  }
}
