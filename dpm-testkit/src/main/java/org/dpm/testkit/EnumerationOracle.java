package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Space;

/**
 * What a model of at most 12 bits, or of as many classes as have 4096 states together, says
 * exactly, by going through all of its states: p(x_0), the bound K, and the forward diffusion's
 * probabilities. Only one-step probabilities are used, q(x_t | x_{t-1}), p(x_{t-1} | x_t) and
 * p(x_T), multiplied as matrices in double precision, so that marginals, posteriors, divergences
 * and estimators can be checked against it.
 *
 * <p>Bit d of a state's number is element d of the example, in row-major order; where cells have
 * more than two values, digit d is the value of cell d. The largest matrices, 4096 x 4096, take 128
 * MiB; one step needs two of them.
 */
public final class EnumerationOracle {

  private static final int MOST_BITS = 12;

  private final Diffusion diffusion;
  private final NDManager manager;
  private final DataType type;
  private final Blocks cells;

  private EnumerationOracle(Diffusion diffusion, NDManager manager, DataType type, Blocks cells) {
    this.diffusion = diffusion;
    this.manager = manager;
    this.type = type;
    this.cells = cells;
  }

  /**
   * Of a diffusion of bits whose kernels and network compute in double precision.
   *
   * @param manager where arrays live while something is computed; all are closed before it returns
   */
  public static EnumerationOracle of(Diffusion diffusion, NDManager manager) {
    return of(diffusion, manager, DataType.FLOAT64);
  }

  /**
   * Of a diffusion of bits that is asked in its own number type, such as that of a network's
   * weights.
   *
   * @param type FLOAT32 or FLOAT64
   */
  public static EnumerationOracle of(Diffusion diffusion, NDManager manager, DataType type) {
    long size = diffusion.element().size();
    if (size < 1 || size > MOST_BITS) {
      throw new IllegalArgumentException(
          "an example must have 1 to %d bits, but has %d".formatted(MOST_BITS, size));
    }
    return new EnumerationOracle(diffusion, manager, type, Blocks.of(1, size));
  }

  /**
   * Of a diffusion of bits and categories. What x_t can be beside a label, such as a mask, is a
   * value like any other; as x_0 it has no probability.
   *
   * @param type FLOAT32 or FLOAT64
   * @param spaces of the cells of an example, in their order: bits and categories only
   */
  public static EnumerationOracle of(
      Diffusion diffusion, NDManager manager, DataType type, List<Space> spaces) {
    NDArray one = manager.zeros(new Shape(1).addAll(diffusion.element()));
    Blocks cells = Blocks.of(diffusion.forward(), spaces, one);
    one.close();
    for (Space space : spaces) {
      if (!(space instanceof Space.Bit || space instanceof Space.Category)) {
        throw new IllegalArgumentException(
            "cells must be bits or categories, but are " + space.title());
      }
    }
    double states =
        IntStream.range(0, cells.count())
            .mapToDouble(i -> values(cells, i))
            .reduce(1, (a, b) -> a * b);
    if (states > 1 << MOST_BITS) {
      throw new IllegalArgumentException(
          "an example must have at most %d states, but has %.0f".formatted(1 << MOST_BITS, states));
    }
    return new EnumerationOracle(diffusion, manager, type, cells);
  }

  /** How many values a cell has. */
  private static int values(Blocks cells, int cell) {
    return Math.max(2, cells.width(cell));
  }

  private int values(int cell) {
    return values(cells, cell);
  }

  /** How many states there are: 2^D of D bits. */
  public int count() {
    int count = 1;
    for (int cell = 0; cell < cells.count(); cell++) {
      count *= values(cell);
    }
    return count;
  }

  /** All states in the order of their numbers, [states, element...]. */
  public NDArray states(NDManager owner) {
    int[][] states = new int[count()][cells.count()];
    for (int state = 0; state < states.length; state++) {
      int rest = state;
      for (int cell = 0; cell < cells.count(); cell++) {
        states[state][cell] = rest % values(cell);
        rest /= values(cell);
      }
    }
    return examples(owner, states);
  }

  /** Examples of which the value of each cell is given. */
  private NDArray examples(NDManager owner, int[][] values) {
    int size = cells.size();
    double[] numbers = new double[values.length * size];
    for (int row = 0; row < values.length; row++) {
      for (int cell = 0; cell < cells.count(); cell++) {
        int at = row * size + cells.start(cell);
        if (cells.width(cell) == 1) {
          numbers[at] = values[row][cell];
        } else {
          numbers[at + values[row][cell]] = 1;
        }
      }
    }
    Shape shape = new Shape(values.length).addAll(diffusion.element());
    NDArray examples = owner.create(numbers, shape);
    return type == DataType.FLOAT64 ? examples : examples.toType(type, false);
  }

  /**
   * The numbers of the states in a batch.
   *
   * @param x [B, element...], of zeros and ones
   */
  public int[] indices(NDArray x) {
    double[] values = Contract.doubles(x);
    int[] indices = new int[values.length / cells.size()];
    for (int row = 0; row < indices.length; row++) {
      int unit = 1;
      for (int cell = 0; cell < cells.count(); cell++) {
        indices[row] += unit * value(cells.numbers(values, row, cell));
        unit *= values(cell);
      }
    }
    return indices;
  }

  private static int value(double... numbers) {
    int value = numbers.length == 1 ? (int) numbers[0] : 0;
    for (int k = 0; k < numbers.length; k++) {
      if (numbers[k] != 0 && numbers[k] != 1) {
        throw new IllegalArgumentException("a bit must be 0 or 1, but is " + numbers[k]);
      }
      value = numbers.length > 1 && numbers[k] == 1 ? k : value;
    }
    return value;
  }

  /**
   * q(x_t | x_0) of every x_t: the product of the first t transition matrices, from one state.
   *
   * @param from the number of x_0
   * @param step t of 0..T
   */
  public double[] forward(int from, int step) {
    double[] probability = new double[count()];
    probability[from] = 1;
    for (int t = 1; t <= step; t++) {
      probability = product(probability, forwardMatrix(t));
    }
    return probability;
  }

  /** log p(x_0) of every x_0, in nats: p(x_T), and then every reverse step. */
  public double[] logLikelihood() {
    double[] probability = exponentials(end());
    for (int t = diffusion.steps(); t >= 1; t--) {
      probability = product(probability, reverseMatrix(t));
    }
    return Arrays.stream(probability).map(Math::log).toArray();
  }

  /**
   * K(x_0) of every x_0, in nats: the expectation over forward trajectories of log p(x_T) + sum_t
   * log p(x_{t-1} | x_t) - log q(x_t | x_{t-1}). Sohl-Dickstein et al. 2015, equation 10.
   *
   * <p>Computed backwards: what is still to come from x_{t-1} is the expectation over x_t of this
   * step's log ratio and of what is to come from x_t.
   */
  public double[] bound() {
    double[] toCome = end();
    for (int t = diffusion.steps(); t >= 1; t--) {
      double[][] forward = forwardMatrix(t);
      double[][] reverse = reverseMatrix(t);
      double[] before = new double[count()];
      for (int x = 0; x < count(); x++) {
        for (int y = 0; y < count(); y++) {
          double probability = Math.exp(forward[x][y]);
          // What never happens adds nothing, whatever its logarithm.
          if (probability > 0) {
            before[x] += probability * (reverse[y][x] - forward[x][y] + toCome[y]);
          }
        }
      }
      toCome = before;
    }
    return toCome;
  }

  /** log p(x_T) of every state. */
  private double[] end() {
    try (NDScope scope = new NDScope()) {
      NDArray states = states(manager);
      return matrix(diffusion.end(states), states)[0];
    }
  }

  /** log q(x_t | x_{t-1}), a row for each x_{t-1}. */
  private double[][] forwardMatrix(int step) {
    try (NDScope scope = new NDScope()) {
      NDArray states = states(manager);
      return matrix(diffusion.forward().transition(states, diffusion.stage(states, step)), states);
    }
  }

  /** log p(x_{t-1} | x_t), a row for each x_t. */
  private double[][] reverseMatrix(int step) {
    try (NDScope scope = new NDScope()) {
      NDArray states = states(manager);
      return matrix(diffusion.back(states, diffusion.stage(states, step)), states);
    }
  }

  /** Log probabilities of all states: cells are independent, so that their logarithms add. */
  private double[][] matrix(Distribution distribution, NDArray states) {
    int most = IntStream.range(0, cells.count()).map(this::values).max().orElseThrow();
    double[][] ofValue = new double[most][];
    for (int value = 0; value < most; value++) {
      int[][] same = new int[count()][cells.count()];
      for (int[] row : same) {
        int all = value;
        Arrays.setAll(row, cell -> Math.min(all, values(cell) - 1));
      }
      NDArray x = examples(states.getManager(), same);
      ofValue[value] = cells.sums(distribution.logProbability(x));
    }
    double[][] matrix = new double[count()][];
    for (int row = 0; row < count(); row++) {
      matrix[row] = new double[count()];
      int known = 1;
      for (int cell = 0; cell < cells.count(); cell++) {
        // From the last value on: the first stands where the others are added to.
        for (int value = values(cell) - 1; value >= 0; value--) {
          double more = ofValue[value][row * cells.count() + cell];
          for (int state = 0; state < known; state++) {
            matrix[row][state + value * known] = matrix[row][state] + more;
          }
        }
        known *= values(cell);
      }
    }
    return matrix;
  }

  private static double[] product(double[] row, double[][] logMatrix) {
    double[] product = new double[row.length];
    for (int x = 0; x < row.length; x++) {
      for (int y = 0; y < row.length; y++) {
        product[y] += row[x] * Math.exp(logMatrix[x][y]);
      }
    }
    return product;
  }

  private static double[] exponentials(double[] logarithms) {
    return Arrays.stream(logarithms).map(Math::exp).toArray();
  }
}
