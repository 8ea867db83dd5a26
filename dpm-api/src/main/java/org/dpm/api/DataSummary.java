package org.dpm.api;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What is known of the training data before training: their shape, and each element's mean and
 * standard deviation in data units. Stored in the model.
 *
 * @param element shape of one example
 * @param mean of each element in row-major order; images share one value a channel
 * @param standardDeviation likewise
 */
public record DataSummary(Shape element, List<Double> mean, List<Double> standardDeviation) {

  public DataSummary {
    long size = element.size();
    if (mean.size() != size || standardDeviation.size() != size) {
      throw new IllegalArgumentException(
          "mean and standardDeviation must have %d values, but have %d and %d"
              .formatted(size, mean.size(), standardDeviation.size()));
    }
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
  }
}
