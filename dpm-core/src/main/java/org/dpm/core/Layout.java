package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dpm.api.DataSummary;
import org.dpm.api.DataUnits;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;

/**
 * Where the modelled cells of an example stand in what the kernel sees, and how they are scaled:
 * numbers are z-scored by their centre and scale, a category takes a number for each of its
 * classes, bits stay what they are. One variable keeps its shape, several are flattened one after
 * another.
 */
public final class Layout implements DataUnits {

  /** A modelled cell: where it is read, and where it goes. */
  private record Cell(
      int source, int slot, int width, Space space, int variable, float centre, float scale) {}

  private final Variables variables;
  private final List<Variable> modelled;
  private final List<Cell> cells = new ArrayList<>();
  private final int given;
  private final int slots;
  private final Shape element;
  private final DataSummary summary;

  /**
   * The layout of some data for a kernel.
   *
   * @throws InvalidInput if the kernel does not take one of the variables
   */
  public Layout(DataDescription data, ForwardKernel forward) {
    this(data, variable -> width(forward, variable));
  }

  /** One number for each cell, before a kernel has said how many it takes. */
  static Layout byCells(DataDescription data) {
    return new Layout(data, variable -> 1);
  }

  private Layout(DataDescription data, ToIntFunction<Variable> widths) {
    variables = data.variables();
    modelled = variables.of(Role.MODELLED);
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    int source = 0;
    int slot = 0;
    int number = 0;
    for (Variable variable : variables.list()) {
      if (variable.role() == Role.MODELLED) {
        int width = widths.applyAsInt(variable);
        for (int i = 0; i < variable.size(); i++) {
          float scale = data.scale().get(source + i).floatValue();
          float centre = data.centre().get(source + i).floatValue();
          cells.add(new Cell(source + i, slot, width, variable.space(), number, centre, scale));
          moments(data, source + i, variable.space(), width, mean, deviation);
          slot += width;
        }
        number++;
      }
      source += variable.size();
    }
    given = source;
    slots = slot;
    element =
        modelled.size() == 1 && slots == modelled.get(0).size()
            ? modelled.get(0).shape().dimension() == 0 ? new Shape(1) : modelled.get(0).shape()
            : new Shape(slots);
    summary = new DataSummary(element, mean, deviation);
  }

  private static int width(ForwardKernel forward, Variable variable) {
    OptionalInt width = forward.width(variable.space());
    if (width.isEmpty()) {
      throw new InvalidInput(
          "kernel: %s takes no %s, but '%s' is of them."
              .formatted(
                  forward.getClass().getSimpleName(), variable.space().title(), variable.name()));
    }
    return width.getAsInt();
  }

  private static void moments(
      DataDescription data,
      int cell,
      Space space,
      int width,
      List<Double> mean,
      List<Double> deviation) {
    if (space instanceof Space.Category) {
      List<Double> frequencies = data.frequencies().getOrDefault(cell, List.of());
      for (int k = 0; k < width; k++) {
        double p = k < frequencies.size() ? frequencies.get(k) : 0;
        mean.add(p);
        deviation.add(Math.sqrt(p * (1 - p)));
      }
      return;
    }
    double scale = data.scale().get(cell);
    mean.addAll(
        Collections.nCopies(width, (data.mean().get(cell) - data.centre().get(cell)) / scale));
    deviation.addAll(Collections.nCopies(width, data.standardDeviation().get(cell) / scale));
  }

  /** The variables that are modelled, in their order. */
  public List<Variable> modelled() {
    return modelled;
  }

  /** Shape of an example as the kernel sees it. */
  public Shape element() {
    return element;
  }

  /** Shape of the modelled cells of an example in data units. */
  public Shape shape() {
    return modelled.size() == 1 && modelled.get(0).shape().dimension() > 0
        ? modelled.get(0).shape()
        : new Shape(cells.size());
  }

  /** Moments as the kernel sees the data. */
  public DataSummary summary() {
    return summary;
  }

  /** How many cells are modelled: the dimensions of an example. */
  public int dimensions() {
    return cells.size();
  }

  /** How many cells a row of the source has, given ones included. */
  public int row() {
    return given;
  }

  /** What each modelled cell is called. */
  public List<String> names() {
    List<String> all = variables.cellNames();
    return cells.stream().map(cell -> all.get(cell.source())).toList();
  }

  /** Whether modelled cells have a density: some number on the line, and no two kinds mixed. */
  public boolean continuous() {
    return cells.stream().allMatch(cell -> cell.space() instanceof Space.Real);
  }

  /** What values a modelled cell can have. */
  public Space space(int cell) {
    return cells.get(cell).space();
  }

  @Override
  public double toModel(int cell, double value) {
    return (value - cells.get(cell).centre()) / cells.get(cell).scale();
  }

  @Override
  public double scale(int cell) {
    return cells.get(cell).scale();
  }

  @Override
  public int slot(int cell) {
    return cells.get(cell).slot();
  }

  @Override
  public int width(int cell) {
    return cells.get(cell).width();
  }

  /**
   * Rows of modelled cells only, of rows that have the given ones as well.
   *
   * @param rows row-major, {@link #row} cells each
   */
  public float[] modelled(float[] rows) {
    if (given == cells.size()) {
      return rows;
    }
    int count = rows.length / given;
    float[] own = new float[count * cells.size()];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < cells.size(); k++) {
        own[i * cells.size() + k] = rows[i * given + cells.get(k).source()];
      }
    }
    return own;
  }

  /**
   * What the kernel sees of rows of modelled cells, row-major, without making an array of the
   * engine's: any thread may.
   */
  public float[] slots(float[] rows) {
    int count = rows.length / cells.size();
    float[] seen = new float[count * slots];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < cells.size(); k++) {
        Cell cell = cells.get(k);
        float value = rows[i * cells.size() + k];
        int at = i * slots + cell.slot();
        if (cell.space() instanceof Space.Category) {
          seen[at + (int) value] = 1;
        } else {
          seen[at] = (value - cell.centre()) / cell.scale();
        }
      }
    }
    return seen;
  }

  /** What {@link #slots} made, as [B, element...]. */
  public NDArray batch(NDManager manager, float[] slots) {
    return manager.create(slots, new Shape(slots.length / this.slots).addAll(element));
  }

  /** Rows of modelled cells in data units, row-major, to what the kernel sees: [B, element...]. */
  public NDArray toModel(NDManager manager, float[] rows) {
    return batch(manager, slots(rows));
  }

  /** What the kernel sees, [B, element...], to rows of modelled cells in data units, row-major. */
  public float[] toData(NDArray x) {
    float[] seen = x.toFloatArray();
    int count = seen.length / slots;
    float[] rows = new float[count * cells.size()];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < cells.size(); k++) {
        Cell cell = cells.get(k);
        int at = i * slots + cell.slot();
        rows[i * cells.size() + k] =
            cell.space() instanceof Space.Category category
                ? likeliest(seen, at, category.labels().size())
                : seen[at] * cell.scale() + cell.centre();
      }
    }
    return rows;
  }

  private static int likeliest(float[] seen, int from, int classes) {
    return IntStream.range(0, classes)
        .reduce((best, k) -> seen[from + k] > seen[from + best] ? k : best)
        .orElseThrow();
  }

  /**
   * log |d data / d model| of one example, in nats: subtract it from a log density that the model
   * gives for the log density in data units.
   */
  public double logVolume() {
    return cells.stream().mapToDouble(cell -> Math.log(cell.scale())).sum();
  }

  /** Likewise for each modelled variable. */
  public double[] logVolumes() {
    double[] volumes = new double[modelled.size()];
    cells.forEach(cell -> volumes[cell.variable()] += Math.log(cell.scale()));
    return volumes;
  }

  /**
   * Whether a log density in data units is, once {@link #logGrain} is added, the log probability of
   * stored values: where every number has a grain.
   */
  public boolean hasProbability() {
    return cells.stream()
        .allMatch(cell -> !(cell.space() instanceof Space.Real real) || real.grain() > 0);
  }

  /** The logarithm of the volume that one stored example stands for, in nats. */
  public double logGrain() {
    return cells.stream()
        .map(Cell::space)
        .filter(space -> space instanceof Space.Real real && real.grain() > 0)
        .mapToDouble(space -> Math.log(((Space.Real) space).grain()))
        .sum();
  }

  /**
   * Sums of what is said of each element, for each modelled variable.
   *
   * @param elementwise [B, element...]
   * @return [B, variables]
   */
  public NDArray perVariable(NDArray elementwise) {
    NDArray flat = elementwise.reshape(elementwise.getShape().get(0), -1);
    if (modelled.size() == 1) {
      return Distribution.perExample(elementwise).expandDims(1);
    }
    float[] belongs = new float[slots * modelled.size()];
    for (Cell cell : cells) {
      for (int k = 0; k < cell.width(); k++) {
        belongs[(cell.slot() + k) * modelled.size() + cell.variable()] = 1;
      }
    }
    NDArray matrix =
        flat.getManager()
            .create(belongs, new Shape(slots, modelled.size()))
            .toType(flat.getDataType(), false);
    return flat.matMul(matrix);
  }

  /**
   * What is modelled, in words, for messages: {@code 784 numbers}, {@code 3 bits, 2 categories}.
   */
  public String title() {
    return cells.stream()
        .collect(Collectors.groupingBy(cell -> cell.space().title(), Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
