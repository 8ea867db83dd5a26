package org.dpm.posterior;

import ai.djl.ndarray.NDArray;

/**
 * What sequential Monte Carlo found.
 *
 * @param x draws of equal weight, as the kernel sees data: [runs * particles, element...], each
 *     run's particles in a row
 * @param logEvidence of each run, in nats: the logarithm of an unbiased estimate of Z, the integral
 *     of p(x) r(x); with elements that are known exactly, of their density too
 * @param tail how heavy the tail of all weights was in the end: the shape of the generalised Pareto
 *     distribution that fits the largest, above 0.7 where their mean says little; NaN for too few
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PosteriorDraws(NDArray x, double[] logEvidence, double tail) {}
