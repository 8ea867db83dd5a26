package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;

/**
 * What a model of at most 12 bits says exactly, by going through all of its states: p(x_0), the
 * bound K, and the forward diffusion's probabilities. Only one-step probabilities are used, q(x_t |
 * x_{t-1}), p(x_{t-1} | x_t) and p(x_T), multiplied as matrices in double precision, so that
 * marginals, posteriors, divergences and estimators can be checked against it.
 *
 * <p>Bit d of a state's number is element d of the example, in row-major order. The largest
 * matrices, 4096 x 4096, take 128 MiB; one step needs two of them.
 */
public final class EnumerationOracle {

  private static final int MOST_BITS = 12;

  private final Diffusion diffusion;
  private final NDManager manager;
  private final DataType type;
  private final int bits;

  private EnumerationOracle(Diffusion diffusion, NDManager manager, DataType type) {
    this.diffusion = diffusion;
    this.manager = manager;
    this.type = type;
    long size = diffusion.element().size();
    if (size < 1 || size > MOST_BITS) {
      throw new IllegalArgumentException(
          "an example must have 1 to %d bits, but has %d".formatted(MOST_BITS, size));
    }
    bits = (int) size;
  }

  /**
   * Of a diffusion whose kernels and network compute in double precision.
   *
   * @param manager where arrays live while something is computed; all are closed before it returns
   */
  public static EnumerationOracle of(Diffusion diffusion, NDManager manager) {
    return of(diffusion, manager, DataType.FLOAT64);
  }

  /**
   * Of a diffusion that is asked in its own number type, such as that of a network's weights.
   *
   * @param type FLOAT32 or FLOAT64
   */
  public static EnumerationOracle of(Diffusion diffusion, NDManager manager, DataType type) {
    return new EnumerationOracle(diffusion, manager, type);
  }

  /** 2^D. */
  public int count() {
    return 1 << bits;
  }

  /** All states in the order of their numbers, [2^D, element...]. */
  public NDArray states(NDManager owner) {
    double[] values = new double[count() * bits];
    for (int state = 0; state < count(); state++) {
      for (int bit = 0; bit < bits; bit++) {
        values[state * bits + bit] = state >> bit & 1;
      }
    }
    Shape shape = new Shape(count()).addAll(diffusion.element());
    NDArray states = owner.create(values, shape);
    return type == DataType.FLOAT64 ? states : states.toType(type, false);
  }

  /**
   * The numbers of the states in a batch.
   *
   * @param x [B, element...], of zeros and ones
   */
  public int[] indices(NDArray x) {
    double[] values = Contract.doubles(x);
    int[] indices = new int[values.length / bits];
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0 && values[i] != 1) {
        throw new IllegalArgumentException("a bit must be 0 or 1, but is " + values[i]);
      }
      indices[i / bits] |= (int) values[i] << i % bits;
    }
    return indices;
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

  /** Log probabilities of all states: bits are independent, so that their logarithms add. */
  private double[][] matrix(Distribution distribution, NDArray states) {
    double[] zero = Contract.doubles(distribution.logProbability(states.zerosLike()));
    double[] one = Contract.doubles(distribution.logProbability(states.onesLike()));
    double[][] matrix = new double[count()][];
    for (int row = 0; row < count(); row++) {
      matrix[row] = new double[count()];
      int known = 1;
      for (int bit = 0; bit < bits; bit++) {
        int at = row * bits + bit;
        for (int state = 0; state < known; state++) {
          matrix[row][state + known] = matrix[row][state] + one[at];
          matrix[row][state] += zero[at];
        }
        known *= 2;
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
