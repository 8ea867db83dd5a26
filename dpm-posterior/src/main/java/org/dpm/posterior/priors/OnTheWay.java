package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Stage;

/** What r is at a step of the trajectory. The result depends on what it is at the data only. */
enum OnTheWay {
  /** What it says of x_0 through the noise that x_t has, for data like the noise itself. */
  DIFFUSED,
  /** The same at every step: Sohl-Dickstein et al. 2015, section 2.5. */
  CONSTANT;

  /** How much of x_t is signal, as a factor: sqrt(abar_t) or 1. */
  NDArray gain(Stage stage) {
    return this == DIFFUSED ? stage.signal().sqrt() : stage.signal().onesLike();
  }

  /** The variance that the noise adds: 1 - abar_t or 0. */
  NDArray noise(Stage stage) {
    return this == DIFFUSED ? stage.noise() : stage.noise().zerosLike();
  }
}
