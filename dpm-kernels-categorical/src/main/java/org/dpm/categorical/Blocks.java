package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;

/**
 * Where the numbers of one cell end and those of the next begin. An example is [slots], one slot
 * for each class of each cell; laws are computed with the cells side by side, [cells, widest], of
 * which those with fewer classes leave the end unused.
 *
 * @param widths how many slots each cell has
 */
record Blocks(List<Integer> widths) {

  Blocks {
    widths = List.copyOf(widths);
  }

  /** Of the modelled cells that have a width. */
  static Blocks of(Variables variables, Function<Space, OptionalInt> width) {
    List<Integer> widths = new ArrayList<>();
    for (Variable variable : variables.of(Variable.Role.MODELLED)) {
      width
          .apply(variable.space())
          .ifPresent(slots -> widths.addAll(Collections.nCopies(variable.size(), slots)));
    }
    return new Blocks(widths);
  }

  private int widest() {
    return Collections.max(widths);
  }

  private int slots() {
    return widths.stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether all cells are equally wide, so that the two arrangements differ in shape only. */
  private boolean even() {
    return slots() == widths.size() * widest();
  }

  /**
   * Cells side by side.
   *
   * @param x [B, slots], or what broadcasts against it
   * @param beyond what stands beyond the end of a narrow one
   * @return [B, cells, widest], or what broadcasts against it
   */
  NDArray apart(NDArray x, float beyond) {
    Shape shape = x.getShape();
    if (shape.dimension() == 0 || shape.get(shape.dimension() - 1) == 1) {
      return x.reshape(-1, 1, 1);
    }
    NDArray all = x.reshape(-1, slots());
    if (!even()) {
      NDArray end = x.getManager().full(new Shape(all.getShape().get(0), 1), beyond);
      NDList both = new NDList(all, end.toType(x.getDataType(), false));
      all = NDArrays.concat(both, 1).get(new NDIndex(":, {}", index(x, true)));
    }
    return all.reshape(-1, widths.size(), widest());
  }

  /** The way back, to [B, slots]. */
  NDArray together(NDArray cells) {
    NDArray all = cells.reshape(cells.getShape().get(0), -1);
    return even() ? all : all.get(new NDIndex(":, {}", index(cells, false)));
  }

  /** For each place side by side its slot, those beyond an end the last; or the way back. */
  private NDArray index(NDArray like, boolean apart) {
    IntStream.Builder index = IntStream.builder();
    int slot = 0;
    for (int cell = 0; cell < widths.size(); cell++) {
      int width = widths.get(cell);
      for (int k = 0; k < (apart ? widest() : width); k++) {
        int from = k < width ? slot + k : slots();
        index.add(apart ? from : cell * widest() + k);
      }
      slot += width;
    }
    long[] places = index.build().asLongStream().toArray();
    return like.getManager().create(places);
  }

  /** What a class has, whatever the data. */
  @FunctionalInterface
  interface OfClass {
    double value(int width, int k);
  }

  /** A number for each class of each cell, [1, cells, widest], and 0 beyond. */
  NDArray constant(NDArray like, OfClass number) {
    double[] values = new double[widths.size() * widest()];
    for (int cell = 0; cell < widths.size(); cell++) {
      for (int k = 0; k < widths.get(cell); k++) {
        values[cell * widest() + k] = number.value(widths.get(cell), k);
      }
    }
    NDArray array = like.getManager().create(values, new Shape(1, widths.size(), widest()));
    return array.toType(like.getDataType(), false);
  }
}
