package org.dpm.networks;

/** How a network is told the time. */
enum TimeInput {
  /** A linear readout for each step, as in the paper; the layers before it are shared. */
  READOUT,
  /** Normalised Gaussian bumps along the trajectory, as wide as they are apart. */
  BUMPS,
  /** Sines and cosines of several frequencies. */
  FOURIER
}
