package org.dpm.evaluation.likelihood;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * The log density of held-out examples under a Gaussian kernel density estimate on samples of the
 * model, {@link ParzenWindow}, as the MNIST figures of Sohl-Dickstein et al. 2015, table 2.
 *
 * @param samples of the model
 * @param validationExamples on which the bandwidth was chosen
 * @param examples on which the density was evaluated
 * @param bandwidth standard deviation of the kernel, in the units that the model sees
 * @param likelihoodBits mean log density, bits an example, in the units that the kernel sees
 * @param likelihoodStandardError of it over examples, by the bootstrap; absent for one example
 * @param dataNats the same in nats and data units
 * @param unitRangeNats the same in nats with the data scaled to [0, 1] by the smallest and the
 *     largest value of the training data, as published for images
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ParzenFigures(
    @JsonProperty int samples,
    @JsonProperty int validationExamples,
    @JsonProperty int examples,
    @JsonProperty double bandwidth,
    @JsonProperty double likelihoodBits,
    @JsonProperty OptionalDouble likelihoodStandardError,
    @JsonProperty double dataNats,
    @JsonProperty double unitRangeNats) {}
