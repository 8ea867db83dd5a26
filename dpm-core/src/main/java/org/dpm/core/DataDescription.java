package org.dpm.core;

import java.util.List;
import java.util.Map;
import org.dpm.api.Variables;

/**
 * What a model remembers of its training data, in data units. Lists have a number for each cell of
 * all variables, in row-major order.
 *
 * @param variables what an example consists of
 * @param mean of each cell
 * @param standardDeviation of each cell; 0 for one that never changes
 * @param centre what z-scoring subtracts: the mean, or that of all pooled cells; 0 for what is not
 *     a number on the line
 * @param scale what z-scoring divides by: likewise of the standard deviation; 1 for the others
 * @param frequencies of each label, by the index of the cell, for categories
 * @param minimum smallest value of all
 * @param maximum largest value of all
 */
public record DataDescription(
    Variables variables,
    List<Double> mean,
    List<Double> standardDeviation,
    List<Double> centre,
    List<Double> scale,
    Map<Integer, List<Double>> frequencies,
    double minimum,
    double maximum) {

  public DataDescription {
    for (List<Double> values : List.of(mean, standardDeviation, centre, scale)) {
      if (values.size() != variables.size()) {
        throw new IllegalArgumentException(
            "a description of %d cells must have as many values of each kind, but has %d"
                .formatted(variables.size(), values.size()));
      }
    }
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    centre = List.copyOf(centre);
    scale = List.copyOf(scale);
    frequencies = Map.copyOf(frequencies);
  }
}
