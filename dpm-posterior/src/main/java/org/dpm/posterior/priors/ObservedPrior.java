package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.DataUnits;
import org.dpm.api.Factor;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Space;
import org.dpm.api.Variables;

/** Elements that are known exactly. */
final class ObservedPrior implements Prior {

  record Settings(
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "which are known: names of columns, or x1, x2, ... in row-major order; empty: all")
          List<String> elements,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "what they are, in the elements' order; or one value for all. The number of a category's label, from 0")
          List<Double> values,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription("labels instead of values, where the elements are categories")
          List<String> labels) {

    Settings {
      elements = List.copyOf(elements);
      values = List.copyOf(values);
      labels = List.copyOf(labels);
      Require.that(
          values.isEmpty() != labels.isEmpty(), "either values or labels must be given, not both");
    }
  }

  private final Cells cells;
  private final double[] values;

  @Inject
  ObservedPrior(Settings settings, Variables variables, DataUnits units) {
    cells = new Cells(settings.elements(), variables, units);
    values = new double[cells.count()];
    List<String> labels = settings.labels();
    if (!labels.isEmpty() && labels.size() != 1 && labels.size() != values.length) {
      throw new InvalidInput(
          "labels: must be %d, one for each element, or 1 for all, but are %d"
              .formatted(values.length, labels.size()));
    }
    for (int k = 0; k < values.length; k++) {
      values[k] =
          labels.isEmpty()
              ? cells.each("values", settings.values()).applyAsDouble(k)
              : index(labels.get(labels.size() == 1 ? 0 : k), cells.space(k));
      if (!cells.space(k).contains(values[k])) {
        throw new InvalidInput(
            "values: %s cannot be a value of this model's %s."
                .formatted(values[k], cells.space(k).title()));
      }
    }
  }

  private static int index(String label, Space space) {
    if (!(space instanceof Space.Category category)) {
      throw new InvalidInput(
          "labels: '%s' is a label, but the element is one of the model's %s; give values."
              .formatted(label, space.title()));
    }
    int index = category.labels().indexOf(label);
    if (index < 0) {
      throw new InvalidInput(
          "labels: there is no '%s'.%s%n  It can be: %s."
              .formatted(
                  label,
                  Nearest.suggestion(label, category.labels()),
                  String.join(", ", category.labels())));
    }
    return index;
  }

  @Override
  public List<Factor> factors(NDArray like) {
    return List.of(new Factor.Known(cells.array(like, 0, this::seen), cells.mask(like)));
  }

  private double seen(int k, int place) {
    return cells.space(k) instanceof Space.Category
        ? place == values[k] ? 1 : 0
        : cells.toModel(k, values[k]);
  }
}
