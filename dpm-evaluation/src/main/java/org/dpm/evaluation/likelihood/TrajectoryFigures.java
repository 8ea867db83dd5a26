package org.dpm.evaluation.likelihood;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * The log likelihood of a set of examples from trajectories, {@link TrajectoryLikelihood}. Bits an
 * example and in the units that the kernel sees, as K is reported, unless they say otherwise.
 *
 * @param examples how many
 * @param trajectories S, for each example
 * @param likelihoodBits mean L: what is expected of it never passes the log likelihood
 * @param likelihoodStandardError of it over examples, by the bootstrap; absent for one example
 * @param boundBits mean K from the same trajectories: no L is below its K
 * @param boundStandardError likewise
 * @param effectiveTrajectories mean effective sample size of an example's weights, of S
 * @param leastEffectiveTrajectories the smallest: near 1, that example's L is too low
 * @param likelihoodBitsPerDimension L / dimensions
 * @param dataBitsPerDimension as for K: of examples as they are stored, smaller is better
 * @param trueLogDensityBits of the same examples, where it is known
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TrajectoryFigures(
    @JsonProperty int examples,
    @JsonProperty int trajectories,
    @JsonProperty double likelihoodBits,
    @JsonProperty OptionalDouble likelihoodStandardError,
    @JsonProperty double boundBits,
    @JsonProperty OptionalDouble boundStandardError,
    @JsonProperty double effectiveTrajectories,
    @JsonProperty double leastEffectiveTrajectories,
    @JsonProperty double likelihoodBitsPerDimension,
    @JsonProperty OptionalDouble dataBitsPerDimension,
    @JsonProperty OptionalDouble trueLogDensityBits) {}
