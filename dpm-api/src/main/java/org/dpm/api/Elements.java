package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dpm.api.Variable.Role;

/**
 * Some of the cells that are modelled, by name, and numbers for each of them: what a prior's
 * settings speak of. Cells are counted from 0 over the modelled variables in their order, row-major
 * within each; where a kernel takes one number for each cell, these are the elements of an example.
 */
public final class Elements {

  /** So many names are told one by one. */
  private static final int TOLD = 40;

  private final int cells;
  private final int[] indices;

  private Elements(int cells, int... indices) {
    this.cells = cells;
    this.indices = indices;
  }

  /**
   * Finds cells by name, {@link Variables#cellNames}.
   *
   * @param names empty for all modelled cells in their order
   * @throws InvalidInput if one of them is not modelled, or is named twice; names its setting as
   *     {@code elements}
   */
  public static Elements named(List<String> names, Variables variables) {
    int cells = variables.dimensions();
    if (names.isEmpty()) {
      return new Elements(cells, IntStream.range(0, cells).toArray());
    }
    List<String> modelled = new ArrayList<>();
    List<String> given = new ArrayList<>();
    List<String> all = variables.cellNames();
    int cell = 0;
    for (Variable variable : variables.list()) {
      List<String> own = all.subList(cell, cell + variable.size());
      (variable.role() == Role.MODELLED ? modelled : given).addAll(own);
      cell += variable.size();
    }
    List<String> problems = new ArrayList<>();
    int[] indices =
        names.stream().mapToInt(name -> find(name, modelled, given, problems)).toArray();
    if (new HashSet<>(names).size() < names.size()) {
      problems.add("elements: one is named twice: " + String.join(", ", names));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new Elements(cells, indices);
  }

  private static int find(
      String name, List<String> modelled, List<String> given, List<String> problems) {
    int index = modelled.indexOf(name);
    if (index < 0) {
      String problem =
          given.contains(name)
              ? "'%s' is told to the model as a condition, and is not part of what it models."
                  .formatted(name)
              : "the model has no element '%s'.%s"
                  .formatted(name, Nearest.suggestion(name, modelled));
      String known =
          modelled.size() <= TOLD
              ? String.join(", ", modelled)
              : modelled.get(0) + " to " + modelled.get(modelled.size() - 1);
      problems.add("elements: %s%n  It has: %s.".formatted(problem, known));
    }
    return index;
  }

  /** How many. */
  public int count() {
    return indices.length;
  }

  /** Which cell each of them is, in the order in which they were named. */
  public int[] indices() {
    return indices.clone();
  }

  /**
   * The k-th of {@code values}, or the only one for all.
   *
   * @param setting what the values are called, for the message
   * @throws InvalidInput if there are neither one nor as many as elements
   */
  public IntToDoubleFunction each(String setting, List<Double> values) {
    if (values.size() != 1 && values.size() != indices.length) {
      throw new InvalidInput(
          "%s: must be %d, one for each element, or 1 for all, but are %d"
              .formatted(setting, indices.length, values.size()));
    }
    return k -> values.get(values.size() == 1 ? 0 : k);
  }

  /**
   * A number for every modelled cell, {@code rest} but for these.
   *
   * @param value of the k-th of them
   */
  public float[] spread(IntToDoubleFunction value, double rest) {
    float[] all = new float[cells];
    Arrays.fill(all, (float) rest);
    for (int k = 0; k < indices.length; k++) {
      all[indices[k]] = (float) value.applyAsDouble(k);
    }
    return all;
  }

  /**
   * One example, [1, element...], in the type and on the device of {@code like}.
   *
   * @param like [B, element...], with one element for each modelled cell
   * @param values as {@link #spread} gives them
   */
  public static NDArray array(NDArray like, float... values) {
    Shape element = like.getShape().slice(1);
    NDArray array = like.getManager().create(values, new Shape(1).addAll(element));
    return array.toType(like.getDataType(), false);
  }
}
