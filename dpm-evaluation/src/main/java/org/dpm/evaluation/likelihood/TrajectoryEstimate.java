package org.dpm.evaluation.likelihood;

/**
 * What S trajectories say of one example, in nats and in the units that the kernel sees.
 *
 * @param bound K, the mean of the log weights: unbiased for any S
 * @param logLikelihood L, the logarithm of the mean weight: from K at S = 1 it rises towards log
 *     p(x_0), which its expectation never passes
 * @param standardError of {@code logLikelihood}, to first order from the spread of the weights; not
 *     a number at S = 1. Where few trajectories are effective it is too small.
 * @param effectiveTrajectories (sum w)^2 / sum w^2: S if all weights are equal, 1 if one of them
 *     outweighs all others
 */
public record TrajectoryEstimate(
    double bound, double logLikelihood, double standardError, double effectiveTrajectories) {}
