package org.dpm.api;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What is known of the training data before training, as the kernel sees them: z-scored numbers,
 * bits, and one number for each class of a category. Stored in the model. Lists are in row-major
 * order.
 *
 * @param element shape of one example
 * @param mean of each element: for bits and classes how often they are 1
 * @param standardDeviation of each element; 0 for one that never changes
 */
public record DataSummary(Shape element, List<Double> mean, List<Double> standardDeviation) {

  public DataSummary {
    for (List<Double> values : List.of(mean, standardDeviation)) {
      if (values.size() != element.size()) {
        throw new IllegalArgumentException(
            "a summary of shape %s must have %d values of each kind, but has %d"
                .formatted(element, element.size(), values.size()));
      }
    }
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
  }
}
