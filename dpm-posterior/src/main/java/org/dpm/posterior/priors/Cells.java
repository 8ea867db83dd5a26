package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.dpm.api.DataUnits;
import org.dpm.api.Elements;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;

/** The cells that a prior speaks of, and where they stand in what the kernel sees. */
final class Cells {

  private final Elements elements;
  private final int[] indices;
  private final List<Space> spaces;
  private final DataUnits units;

  /**
   * @param names empty for all
   * @throws InvalidInput if the model knows one of them not, or one is named twice
   */
  Cells(List<String> names, Variables variables, DataUnits units) {
    elements = Elements.named(names, variables);
    indices = elements.indices();
    this.units = units;
    spaces =
        variables.of(Role.MODELLED).stream()
            .flatMap(variable -> Collections.nCopies(variable.size(), variable.space()).stream())
            .toList();
  }

  /**
   * Cells of numbers.
   *
   * @param kind of the prior, for the message
   * @throws InvalidInput if one is of anything else, too
   */
  static Cells ofNumbers(String kind, List<String> names, Variables variables, DataUnits units) {
    Cells cells = new Cells(names, variables, units);
    for (int k = 0; k < cells.count(); k++) {
      if (!(cells.space(k) instanceof Space.Real)) {
        throw new InvalidInput(
            "%s: is about numbers, but this model is of %s; name elements that are numbers, or use a prior for those."
                .formatted(kind, cells.space(k).title()));
      }
    }
    return cells;
  }

  int count() {
    return indices.length;
  }

  /** What the k-th can be. */
  Space space(int k) {
    return spaces.get(indices[k]);
  }

  /** The k-th of the values of a setting, or the only one for all. */
  IntToDoubleFunction each(String setting, List<Double> values) {
    return elements.each(setting, values);
  }

  /** A value of the k-th in data units as the kernel sees it. */
  double toModel(int k, double value) {
    return units.toModel(indices[k], value);
  }

  /** What a unit of the kernel is in data units, for the k-th. */
  double scale(int k) {
    return units.scale(indices[k]);
  }

  /** What the place-th number that stands for the k-th cell is. */
  interface Value {
    double of(int k, int place);
  }

  /** One example, [1, element...], {@code rest} but for these cells. */
  NDArray array(NDArray like, double rest, Value value) {
    Shape one = new Shape(1).addAll(like.getShape().slice(1));
    double[] all = new double[Math.toIntExact(one.size())];
    Arrays.fill(all, rest);
    for (int k = 0; k < indices.length; k++) {
      for (int place = 0; place < units.width(indices[k]); place++) {
        all[units.slot(indices[k]) + place] = value.of(k, place);
      }
    }
    return like.getManager().create(all, one).toType(like.getDataType(), false);
  }

  /** 1 for these cells, 0 elsewhere. */
  NDArray mask(NDArray like) {
    return array(like, 0, (k, place) -> 1);
  }
}
