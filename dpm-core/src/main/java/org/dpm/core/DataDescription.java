package org.dpm.core;

import java.util.List;
import org.dpm.api.DataSummary;

/**
 * What a model remembers of its training data, in data units.
 *
 * @param summary shape, mean and standard deviation
 * @param names of the elements; empty for images and the like
 * @param grain width of the interval that one stored whole number stands for, or 0
 * @param minimum smallest element of all
 * @param maximum largest element of all
 */
public record DataDescription(
    DataSummary summary, List<String> names, double grain, double minimum, double maximum) {

  public DataDescription {
    names = List.copyOf(names);
  }
}
