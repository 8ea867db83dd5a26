package org.dpm.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How good a model is on examples that it has not seen. All figures in bits are per example and in
 * the units that the kernel sees (z-scored), as the paper counts, unless they say otherwise.
 *
 * @param directory the run
 * @param examples how many held-out examples
 * @param dimensions elements of one example
 * @param steps T
 * @param timesteps steps of the trajectory that were looked at for each example
 * @param lastStep what p(x_0|x_1) is: {@code forward} as in the paper, or {@code learned}
 * @param boundBits K, the lower bound on the log likelihood
 * @param boundStandardError of {@code boundBits}, as an estimate for all examples that there might
 *     be; its square is the sum of those of the following two
 * @param boundEstimateError standard error of {@code boundBits} as an estimate of K of these very
 *     examples: more timesteps make it smaller
 * @param boundExampleError how far K of these examples may be from K of all that there might be, as
 *     a standard error: only more examples make it smaller
 * @param nullBits L_null, the log likelihood under the stationary distribution
 * @param gainBits K - L_null
 * @param boundBitsPerDimension K / dimensions
 * @param dataBitsPerDimension -log2 probability per dimension of the stored whole numbers, where
 *     the data are such numbers: smaller is better
 * @param trueLogDensityBits the true log density, where it is known: no K can pass it but by chance
 * @param trainingSeconds how long training took
 * @param updates optimiser steps
 * @param parameters numbers that were learned
 * @param compare what others have reached, if the pipeline says it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Evaluation(
    @JsonProperty String directory,
    @JsonProperty int examples,
    @JsonProperty long dimensions,
    @JsonProperty int steps,
    @JsonProperty int timesteps,
    @JsonProperty String lastStep,
    @JsonProperty double boundBits,
    @JsonProperty double boundStandardError,
    @JsonProperty double boundEstimateError,
    @JsonProperty double boundExampleError,
    @JsonProperty double nullBits,
    @JsonProperty double gainBits,
    @JsonProperty double boundBitsPerDimension,
    @JsonProperty OptionalDouble dataBitsPerDimension,
    @JsonProperty OptionalDouble trueLogDensityBits,
    @JsonProperty double trainingSeconds,
    @JsonProperty long updates,
    @JsonProperty long parameters,
    @JsonProperty Optional<String> compare) {}
