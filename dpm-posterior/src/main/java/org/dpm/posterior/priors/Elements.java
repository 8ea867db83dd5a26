package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.core.DataDescription;

/** Some elements of an example, by name, and numbers for each of them. */
final class Elements {

  private final Shape element;
  private final int[] indices;

  private Elements(Shape element, int[] indices) {
    this.element = element;
    this.indices = indices;
  }

  /**
   * Finds elements by name: the columns' names, or x1, x2, ... in row-major order.
   *
   * @param names empty for all elements in their order
   * @throws InvalidInput if the model knows one of them not, or one is named twice
   */
  static Elements named(List<String> names, DataDescription data) {
    Shape element = data.summary().element();
    int size = Math.toIntExact(element.size());
    if (names.isEmpty()) {
      return new Elements(element, IntStream.range(0, size).toArray());
    }
    List<String> known =
        data.names().isEmpty()
            ? IntStream.rangeClosed(1, size).mapToObj(i -> "x" + i).toList()
            : data.names();
    List<String> problems = new ArrayList<>();
    int[] indices = names.stream().mapToInt(name -> find(name, known, problems)).toArray();
    if (new HashSet<>(names).size() < names.size()) {
      problems.add("elements: one is named twice: " + String.join(", ", names));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new Elements(element, indices);
  }

  private static int find(String name, List<String> known, List<String> problems) {
    int index = known.indexOf(name);
    if (index < 0) {
      String all =
          known.size() <= 40
              ? String.join(", ", known)
              : known.get(0) + " to " + known.get(known.size() - 1);
      problems.add(
          "elements: the model has no element '%s'.%s%n  It has: %s."
              .formatted(name, Nearest.suggestion(name, known), all));
    }
    return index;
  }

  /** How many. */
  int count() {
    return indices.length;
  }

  /** The place of each in an example, in row-major order. */
  int[] indices() {
    return indices.clone();
  }

  /**
   * The k-th of {@code values}, or the only one for all.
   *
   * @throws InvalidInput if there are neither one nor as many as elements
   */
  IntToDoubleFunction each(String setting, List<Double> values) {
    if (values.size() != 1 && values.size() != indices.length) {
      throw new InvalidInput(
          "%s: must be %d, one for each element, or 1 for all, but are %d"
              .formatted(setting, indices.length, values.size()));
    }
    return k -> values.get(values.size() == 1 ? 0 : k);
  }

  /** An array over all elements, {@code rest} but for these. */
  float[] spread(IntToDoubleFunction value, double rest) {
    float[] all = new float[Math.toIntExact(element.size())];
    Arrays.fill(all, (float) rest);
    for (int k = 0; k < indices.length; k++) {
      all[indices[k]] = (float) value.applyAsDouble(k);
    }
    return all;
  }

  /** One example, [1, element...], in the type and on the device of {@code like}. */
  NDArray array(NDArray like, float[] values) {
    NDArray array = like.getManager().create(values, new Shape(1).addAll(element));
    return array.toType(like.getDataType(), false);
  }
}
