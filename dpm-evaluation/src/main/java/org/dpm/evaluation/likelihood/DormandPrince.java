package org.dpm.evaluation.likelihood;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The pair of orders 5 and 4 of Dormand and Prince 1980, for many ordinary differential equations
 * side by side: rows of one batch, each with a step and an error of its own, so that none has a
 * part in the answer of another. Steps as in Hairer, Norsett and Wanner 1993, section II.4.
 */
final class DormandPrince {

  /** The slopes of some rows, each at a place of its own. */
  @FunctionalInterface
  interface Slopes {
    /**
     * dy/dl of some rows.
     *
     * @param rows which rows
     * @param at l of each
     * @param states y of each
     */
    double[][] of(int[] rows, double[] at, double[][] states);
  }

  private static final double[] NODES = {0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1};

  /** The last row is the answer of order 5, where the next step begins. */
  private static final double[][] WEIGHTS = {
    {},
    {1 / 5.0},
    {3 / 40.0, 9 / 40.0},
    {44 / 45.0, -56 / 15.0, 32 / 9.0},
    {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
    {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
    {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}
  };

  /** Order 5 less order 4. */
  private static final double[] ERROR = {
    71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
  };

  private static final int STAGES = NODES.length;

  /** Of the whole way: the first step, and the shortest. */
  private static final double FIRST = 0.01;

  private static final double SHORTEST = 1e-7;

  private static final double SAFETY = 0.9;
  private static final double LEAST_GROWTH = 0.2;
  private static final double MOST_GROWTH = 10;

  private final Slopes slopes;
  private final double start;
  private final double end;
  private final double tolerance;
  private final double[][] states;
  private final double[] at;
  private final double[] step;
  private final boolean[] stuck;

  /**
   * @param tolerance of a step, relative and absolute, for the mean square over a row
   * @param states y at the start, a row each
   */
  DormandPrince(Slopes slopes, double start, double end, double tolerance, double[][] states) {
    this.slopes = slopes;
    this.start = start;
    this.end = end;
    this.tolerance = tolerance;
    this.states = states.clone();
    at = new double[states.length];
    step = new double[states.length];
    stuck = new boolean[states.length];
    Arrays.fill(at, start);
    Arrays.fill(step, FIRST * (end - start));
  }

  /** Is told after every step which share of the way the rows have come, on average. */
  @FunctionalInterface
  interface Reached {
    void share(double share);
  }

  /**
   * Goes all the way with every row that can.
   *
   * @param most times that slopes may be asked
   */
  void integrate(int most, Reached reached) {
    int[] active = IntStream.range(0, states.length).toArray();
    double[][][] slope = new double[STAGES][states.length][];
    int asked = 1;
    put(slope[0], active, slopes.of(active, places(active, 0), rows(states, active)));
    while (active.length > 0) {
      double[][] next = stages(active, slope);
      asked += STAGES - 1;
      for (int row : active) {
        control(row, next[row], slope);
        stuck[row] = stuck[row] || (asked >= most && at[row] != end);
      }
      active = Arrays.stream(active).filter(row -> at[row] != end && !stuck[row]).toArray();
      double place = Arrays.stream(at).average().orElse(end);
      reached.share((place - start) / (end - start));
    }
  }

  /** y of each row where it is. */
  double[][] states() {
    return states;
  }

  /** Where a row is: at the end, or where it got stuck. */
  double at(int row) {
    return at[row];
  }

  /** Whether a row did not come to the end: its slopes change too fast for the tolerance. */
  boolean stuck(int row) {
    return stuck[row];
  }

  /** All stages of a step of each active row; the last one's states are where it leads. */
  private double[][] stages(int[] active, double[][][] slope) {
    double[][] reached = new double[states.length][];
    for (int stage = 1; stage < STAGES; stage++) {
      for (int row : active) {
        reached[row] = combined(row, WEIGHTS[stage], slope);
      }
      double[] places = places(active, NODES[stage]);
      put(slope[stage], active, slopes.of(active, places, rows(reached, active)));
    }
    return reached;
  }

  private double[] combined(int row, double[] weights, double[][][] slope) {
    double[] sum = states[row].clone();
    for (int j = 0; j < weights.length; j++) {
      double weight = step[row] * weights[j];
      double[] its = slope[j][row];
      for (int i = 0; weight != 0 && i < sum.length; i++) {
        sum[i] += weight * its[i];
      }
    }
    return sum;
  }

  /** Takes the step or not, and chooses the length of the next. */
  private void control(int row, double[] next, double[][][] slope) {
    double error = error(row, next, slope);
    boolean taken = error <= 1;
    if (taken) {
      boolean arrived = step[row] == end - at[row];
      at[row] = arrived ? end : at[row] + step[row];
      states[row] = next;
      slope[0][row] = slope[STAGES - 1][row];
    }
    double growth = SAFETY * Math.pow(error, -0.2);
    // What is not a number is too large.
    growth = growth >= LEAST_GROWTH ? Math.min(growth, MOST_GROWTH) : LEAST_GROWTH;
    step[row] *= taken ? growth : Math.min(growth, 1);
    boolean tooShort = !(Math.abs(step[row]) >= SHORTEST * Math.abs(end - start));
    stuck[row] = tooShort && at[row] != end;
    double left = end - at[row];
    step[row] = Math.abs(step[row]) < Math.abs(left) ? step[row] : left;
  }

  /** In units of the tolerance. */
  private double error(int row, double[] next, double[][][] slope) {
    double sum = 0;
    for (int i = 0; i < next.length; i++) {
      double off = 0;
      for (int j = 0; j < STAGES; j++) {
        off += ERROR[j] * slope[j][row][i];
      }
      double size = Math.max(Math.abs(states[row][i]), Math.abs(next[i]));
      double relative = step[row] * off / (tolerance * (1 + size));
      sum += relative * relative;
    }
    return Math.sqrt(sum / next.length);
  }

  private double[] places(int[] active, double node) {
    return Arrays.stream(active).mapToDouble(row -> at[row] + node * step[row]).toArray();
  }

  private static double[][] rows(double[][] all, int[] active) {
    return Arrays.stream(active).mapToObj(row -> all[row]).toArray(double[][]::new);
  }

  private static void put(double[][] all, int[] active, double[][] values) {
    for (int i = 0; i < active.length; i++) {
      all[active[i]] = values[i];
    }
  }
}
