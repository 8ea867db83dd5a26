package org.dpm.evaluation.likelihood;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * The log likelihood of a set of examples by the probability flow, {@link FlowLikelihood}. Bits an
 * example and in the units that the kernel sees, as K is reported, unless they say otherwise.
 *
 * @param examples how many
 * @param likelihoodBits mean log p(x_0)
 * @param likelihoodStandardError of it over examples, by the bootstrap; absent for one example
 * @param probeStandardError the part of it that comes from the random probes of the trace; 0 where
 *     the trace is exact
 * @param refinementBits by how much an example still moved, on average, when the step control was
 *     last made ten times as strict
 * @param blur standard deviation of the Gaussian that the density is blurred with
 * @param likelihoodBitsPerDimension the mean / dimensions
 * @param dataBitsPerDimension as for K: of examples as they are stored, smaller is better
 * @param trueLogDensityBits of the same examples, where it is known
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record FlowFigures(
    @JsonProperty int examples,
    @JsonProperty double likelihoodBits,
    @JsonProperty OptionalDouble likelihoodStandardError,
    @JsonProperty double probeStandardError,
    @JsonProperty double refinementBits,
    @JsonProperty double blur,
    @JsonProperty double likelihoodBitsPerDimension,
    @JsonProperty OptionalDouble dataBitsPerDimension,
    @JsonProperty OptionalDouble trueLogDensityBits) {}
