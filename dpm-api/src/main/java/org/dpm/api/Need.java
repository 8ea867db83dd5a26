package org.dpm.api;

/** What a part may need of the others, {@link Needs}. */
public enum Need {
  /** A forward kernel that has a {@link GaussianPath}. */
  GAUSSIAN_PATH,
  /** A reverse kernel whose answer is a belief about the data: {@link ReverseKernel#denoises}. */
  DENOISER,
  /** A network that can be asked at any time: {@link Network#anyTime}. */
  ANY_TIME,
  /** A schedule that learns nothing. */
  FIXED_SCHEDULE,
  /** A schedule that leaves a little signal at time 1: a finite signal-to-noise ratio. */
  SIGNAL_AT_END
}
