package org.dpm.api;

import ai.djl.ndarray.NDArray;

/** Is told how far a long computation is, in the thread that does it. */
@FunctionalInterface
public interface Progress {

  /** Nobody waits. */
  Progress NONE = done -> {};

  /**
   * So much is done.
   *
   * @param done from 0 to 1
   */
  void report(double done);

  /**
   * For whoever looks at draws on their way from noise to data.
   *
   * @param x x_t; closed after the call
   * @param time t, from 1 down to 0
   */
  default void state(NDArray x, double time) {}

  /** That of a part of the whole, from one fraction to another. */
  default Progress part(double from, double to) {
    Progress whole = this;
    return new Progress() {
      @Override
      public void report(double done) {
        whole.report(from + done * (to - from));
      }

      @Override
      public void state(NDArray x, double time) {
        whole.state(x, time);
      }
    };
  }
}
