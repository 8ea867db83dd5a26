package org.dpm.api;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What is known of the training data before training, in data units: their shape, and the moments
 * of each element. Stored in the model. All lists are in row-major order.
 *
 * @param element shape of one example
 * @param mean of each element
 * @param standardDeviation of each element; 0 for one that never changes
 * @param centre what z-scoring subtracts from each element: its mean, or, for images, that of its
 *     channel
 * @param scale what z-scoring divides by: likewise of the standard deviation
 */
public record DataSummary(
    Shape element,
    List<Double> mean,
    List<Double> standardDeviation,
    List<Double> centre,
    List<Double> scale) {

  public DataSummary {
    for (List<Double> values : List.of(mean, standardDeviation, centre, scale)) {
      if (values.size() != element.size()) {
        throw new IllegalArgumentException(
            "a summary of shape %s must have %d values of each kind, but has %d"
                .formatted(element, element.size(), values.size()));
      }
    }
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    centre = List.copyOf(centre);
    scale = List.copyOf(scale);
  }

  /** Where each element is z-scored by itself. */
  public DataSummary(Shape element, List<Double> mean, List<Double> standardDeviation) {
    this(element, mean, standardDeviation, mean, standardDeviation);
  }
}
