package org.dpm.evaluation.likelihood;

/**
 * What the probability flow says of one example, in nats and in the units that the kernel sees.
 *
 * @param logLikelihood log p(x_0)
 * @param probeError standard error from the random probes of the trace; 0 where it is exact
 * @param refinement by how much {@code logLikelihood} moved when the step control was last made ten
 *     times as strict
 */
public record FlowEstimate(double logLikelihood, double probeError, double refinement) {}
