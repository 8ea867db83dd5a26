package org.dpm.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How good a model is on examples that it has not seen. All figures in bits are per example and in
 * the units that the kernel sees (z-scored), as the paper counts, unless they say otherwise.
 *
 * @param directory the run
 * @param examples how many held-out examples
 * @param dimensions modelled cells of one example
 * @param steps T
 * @param timesteps steps of the trajectory that were looked at for each example
 * @param lastStep what p(x_0|x_1) is: {@code forward} as in the paper, or {@code learned}
 * @param boundOf what {@code boundBits} bounds the logarithm of: {@code probability} where all data
 *     are discrete, {@code density} where some are numbers on the line
 * @param boundBits K, the lower bound on the log likelihood
 * @param boundStandardError of {@code boundBits}, as an estimate for all examples that there might
 *     be; its square is the sum of those of the following two
 * @param boundEstimateError standard error of {@code boundBits} as an estimate of K of these very
 *     examples: more timesteps make it smaller
 * @param boundExampleError how far K of these examples may be from K of all that there might be, as
 *     a standard error: only more examples make it smaller
 * @param variables what each variable contributes to K, where an example has several
 * @param nullBits L_null, the log likelihood under the null law
 * @param gainBits K - L_null
 * @param boundBitsPerDimension K / dimensions
 * @param dataBitsPerDimension -log2 probability per dimension of the examples as they are stored:
 *     smaller is better. Where they have one: bits, categories, and whole numbers with a grain.
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
    @JsonProperty(required = true) Measure boundOf,
    @JsonProperty double boundBits,
    @JsonProperty double boundStandardError,
    @JsonProperty double boundEstimateError,
    @JsonProperty double boundExampleError,
    @JsonProperty Optional<List<VariableBits>> variables,
    @JsonProperty double nullBits,
    @JsonProperty double gainBits,
    @JsonProperty double boundBitsPerDimension,
    @JsonProperty OptionalDouble dataBitsPerDimension,
    @JsonProperty OptionalDouble trueLogDensityBits,
    @JsonProperty double trainingSeconds,
    @JsonProperty long updates,
    @JsonProperty long parameters,
    @JsonProperty Optional<String> compare) {

  /** What a likelihood is. */
  public enum Measure {
    /** Of one example out of those that there can be. */
    @JsonProperty("probability")
    PROBABILITY,
    /** For a unit of volume, of those cells that are numbers on the line. */
    @JsonProperty("density")
    DENSITY
  }

  /**
   * What a variable contributes to K.
   *
   * @param name of the variable
   * @param bits per example, in the units that the kernel sees
   */
  public record VariableBits(@JsonProperty String name, @JsonProperty double bits) {}

  public Evaluation {
    variables = variables.map(List::copyOf);
  }
}
