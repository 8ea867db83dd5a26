package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A learned schedule")
class LearnedScheduleTest extends EngineFixture {

  private static final int STEPS = 8;
  private static final Grid GRID = Grid.even(STEPS);

  private LearnedSchedule schedule;
  private NDArray stretch;

  @BeforeEach
  void initialise() {
    schedule = new LearnedSchedule(new LearnedSchedule.Settings(1e-3, 1e-2, 40), GRID);
    schedule.parameters().get(0).initialize(manager, DataType.FLOAT64);
    stretch = schedule.parameters().get(0).getArray();
  }

  @Test
  @DisplayName("starts as the straight line from its first beta to its last signal")
  void startsLinear() {
    Schedule line = new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(1e-3, 1e-2), GRID);
    NDArray time = manager.create(new double[] {0.001, 0.125, 0.2, 0.5, 0.77, 1});
    double[] expected = doubles(line.logSnr(time));
    double[] actual = doubles(schedule.logSnr(time));
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  @DisplayName("falls between the steps by what each gap says, with the first beta fixed")
  void followsItsGaps() {
    double[] theta = unevenly();
    double start = Math.log((1 - 1e-3) / 1e-3);
    double gap = (start - Math.log(1e-2 / (1 - 1e-2))) / (STEPS - 1);
    double afterTwo = start - gap * (stretch(theta[0]) + stretch(theta[1]));
    double third = gap * stretch(theta[2]);
    double[] logSnr =
        doubles(
            schedule.logSnr(manager.create(new double[] {1.0 / 8, 3.0 / 8, 3.25 / 8, 4.0 / 8})));
    assertThat(logSnr[0]).isCloseTo(start, within(1e-12));
    assertThat(logSnr[1]).isCloseTo(afterTwo, within(1e-12));
    assertThat(logSnr[2]).isCloseTo(afterTwo - third / 4, within(1e-12));
    assertThat(logSnr[3]).isCloseTo(afterTwo - third, within(1e-12));
  }

  @Test
  @DisplayName("is piecewise linear between the times of an uneven grid, and at first one line")
  void followsAnUnevenGrid() {
    LearnedSchedule uneven =
        new LearnedSchedule(
            new LearnedSchedule.Settings(1e-3, 1e-2, 40), Grid.of(0.1, 0.15, 0.7, 1));
    uneven.parameters().get(0).initialize(manager, DataType.FLOAT64);
    double start = Math.log((1 - 1e-3) / 1e-3);
    double slope = (start - Math.log(1e-2 / (1 - 1e-2))) / 0.9;
    NDArray time = manager.create(new double[] {0.05, 0.1, 0.12, 0.15, 0.5, 0.7, 0.9, 1});
    double[] line = new double[8];
    Arrays.setAll(line, i -> start - slope * (time.toDoubleArray()[i] - 0.1));
    assertThat(doubles(uneven.logSnr(time))).containsExactly(line, within(1e-12));
    double[] theta = {0.9, -1.2, 0.4};
    uneven.parameters().get(0).getArray().set(theta);
    double[] fall = {
      0.05 * slope * stretch(theta[0]),
      0.55 * slope * stretch(theta[1]),
      0.3 * slope * stretch(theta[2])
    };
    double[] expected = {
      start + fall[0],
      start,
      start - 0.4 * fall[0],
      start - fall[0],
      start - fall[0] - 0.35 / 0.55 * fall[1],
      start - fall[0] - fall[1],
      start - fall[0] - fall[1] - 2.0 / 3 * fall[2],
      start - fall[0] - fall[1] - fall[2]
    };
    assertThat(doubles(uneven.logSnr(time))).containsExactly(expected, within(1e-12));
  }

  @Test
  @DisplayName("finds the time of a log-SNR, to the ends of what was asked for")
  void findsTimes() {
    unevenly();
    double[] time = new double[500];
    Arrays.setAll(time, i -> (i + 1) / 500.0);
    NDArray like = manager.create(time);
    double[] found = schedule.times(like, doubles(schedule.logSnr(like)), 1e-3);
    // Forty halvings of double precision.
    assertThat(found).containsExactly(time, within(1e-9));
    double[] beyond = {Double.POSITIVE_INFINITY, -1e3, Double.NEGATIVE_INFINITY};
    assertThat(schedule.times(like, beyond, 0.01)).containsExactly(0.01, 1, 1);
  }

  @Test
  @DisplayName("keeps the steps apart in single precision at 2000 steps")
  void singlePrecision() {
    LearnedSchedule fine =
        new LearnedSchedule(new LearnedSchedule.Settings(1e-4, 1e-4, 40), Grid.even(2000));
    fine.parameters().get(0).initialize(manager, DataType.FLOAT32);
    float[] times = new float[2000];
    for (int i = 0; i < times.length; i++) {
      times[i] = (i + 1) / 2000f;
    }
    double[] logSnr = doubles(fine.logSnr(manager.create(times)));
    double gap = 2 * Math.log((1 - 1e-4) / 1e-4) / 1999;
    for (int i = 1; i < logSnr.length; i++) {
      // A gap is 0.0092; values near 9 and a time near 1 are rounded to 1e-6 and 6e-8 * 18.
      assertThat(logSnr[i - 1] - logSnr[i]).isCloseTo(gap, within(4e-6));
    }
  }

  @Test
  @DisplayName("stays within a factor of 100 of where it began, however far its parameters drift")
  void staysFinite() {
    double start = Math.log((1 - 1e-3) / 1e-3);
    double gap = (start - Math.log(1e-2 / (1 - 1e-2))) / (STEPS - 1);
    double[] drift = new double[STEPS - 1];
    for (double theta : new double[] {-1e4, 1e4}) {
      Arrays.fill(drift, theta);
      stretch.set(drift);
      double end = doubles(schedule.logSnr(manager.create(new double[] {1})))[0];
      double factor = theta < 0 ? 0.01 : 100;
      assertThat(end).isCloseTo(start - (STEPS - 1) * factor * gap, within(1e-9));
    }
  }

  @Test
  @DisplayName("learns every gap of a trajectory of 40 steps, and 40 of one of 500")
  void limitsItsKnots() {
    assertThat(knots(40)).isEqualTo(39);
    assertThat(knots(500)).isEqualTo(40);
  }

  private static long knots(int steps) {
    LearnedSchedule.Settings settings = new LearnedSchedule.Settings(1e-4, 1e-4, 40);
    return new LearnedSchedule(settings, Grid.even(steps)).parameters().get(0).getShape().size();
  }

  @Test
  @DisplayName("has gaps between two knots whose logarithms lie on a straight line")
  void interpolates() {
    double[] theta = {-0.3, 0.4, 0.1};
    // Gaps 2 to 8 of a trajectory of 8 steps: the knots are gaps 2, 5 and 8.
    LearnedSchedule coarse = new LearnedSchedule(new LearnedSchedule.Settings(1e-3, 1e-2, 3), GRID);
    coarse.parameters().get(0).initialize(manager, DataType.FLOAT64);
    coarse.parameters().get(0).getArray().set(theta);
    double[] gaps = gaps(coarse, 8);
    double gap = (Math.log(999) + Math.log(99)) / 7;
    double[] expected = {-0.3, -0.3 + 0.7 / 3, -0.3 + 1.4 / 3, 0.4, 0.3, 0.2, 0.1};
    for (int i = 0; i < gaps.length; i++) {
      // The shares of the way between knots are held in single precision.
      assertThat(gaps[i] / gap).as("gap %s", i + 2).isCloseTo(stretch(expected[i]), within(1e-6));
    }
  }

  @Test
  @DisplayName("learns no waves from batches that see every eighth step, as free gaps do")
  void learnsNoWaves() {
    // A simulation of the same elsewhere, with other numbers: 0.04 to 0.06, and 0.9 to 1.
    assertThat(jumpAfterChance(40)).isLessThan(0.1);
    assertThat(jumpAfterChance(499)).isGreaterThan(0.5);
  }

  /**
   * The largest logarithm of the ratio of two neighbouring gaps, after updates by Adam that have
   * nothing to learn: each batch of 64 asks 64 evenly spread gaps of 499 to shrink, some more than
   * others, and all to grow, which in expectation cancels.
   */
  private double jumpAfterChance(int knots) {
    int steps = 500;
    int batch = 64;
    LearnedSchedule long500 =
        new LearnedSchedule(new LearnedSchedule.Settings(1e-4, 1e-4, knots), Grid.even(steps));
    long500.parameters().get(0).initialize(manager, DataType.FLOAT64);
    NDArray theta = long500.parameters().get(0).getArray();
    theta.setRequiresGradient(true);
    Noise noise = Noise.of(3, "steps and costs");
    double[] mean = new double[knots];
    double[] square = new double[knots];
    for (int update = 1; update <= 300; update++) {
      double[] pull = new double[steps - 1];
      Arrays.fill(pull, 1.0 / (steps - 1));
      double offset = noise.uniform();
      for (int i = 0; i < batch; i++) {
        int gap = (int) ((offset + (double) i / batch) % 1 * (steps - 1));
        pull[gap] -= (1 + noise.gaussian()) / batch;
      }
      double[] gradient = gradient(long500, pull);
      double[] values = theta.toDoubleArray();
      for (int k = 0; k < knots; k++) {
        mean[k] = 0.9 * mean[k] + 0.1 * gradient[k];
        square[k] = 0.999 * square[k] + 0.001 * gradient[k] * gradient[k];
        double m = mean[k] / (1 - Math.pow(0.9, update));
        double v = square[k] / (1 - Math.pow(0.999, update));
        values[k] -= 0.01 * m / (Math.sqrt(v) + 1e-8);
      }
      theta.set(values);
    }
    double[] gaps = gaps(long500, steps);
    return IntStream.range(1, gaps.length)
        .mapToDouble(i -> Math.abs(Math.log(gaps[i] / gaps[i - 1])))
        .max()
        .orElseThrow();
  }

  /** Of the sum of all gaps, each as strongly as it is pulled. */
  private double[] gradient(LearnedSchedule schedule, double[] pull) {
    NDArray theta = schedule.parameters().get(0).getArray();
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray logSnr = schedule.logSnr(times(pull.length + 1));
      NDArray gaps = logSnr.get(new NDIndex(":-1")).sub(logSnr.get(new NDIndex("1:")));
      collector.backward(gaps.mul(manager.create(pull)).sum());
    }
    double[] gradient = theta.getGradient().toDoubleArray();
    theta.getGradient().muli(0);
    return gradient;
  }

  private double[] gaps(LearnedSchedule schedule, int steps) {
    double[] logSnr = doubles(schedule.logSnr(times(steps)));
    return IntStream.range(1, steps).mapToDouble(i -> logSnr[i - 1] - logSnr[i]).toArray();
  }

  private NDArray times(int steps) {
    return manager.create(
        IntStream.rangeClosed(1, steps).mapToDouble(i -> (double) i / steps).toArray());
  }

  @Test
  @DisplayName("refuses a first beta outside (0, 1)")
  void refusesNonsense() {
    assertThatThrownBy(() -> new LearnedSchedule.Settings(0, 0.5, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstBeta must be greater than 0 and less than 1, but is 0.0");
    assertThatThrownBy(() -> new LearnedSchedule.Settings(0.5, 0.5, 40))
        .hasMessage("firstBeta + initialLast must be less than 1, but are 0.5 and 0.5");
    assertThatThrownBy(() -> new LearnedSchedule.Settings(0.1, 0.1, 1))
        .hasMessage("knots must be at least 2, but is 1");
  }

  /** Gives every gap a size of its own. */
  private double[] unevenly() {
    Noise noise = Noise.of(5, "gaps");
    double[] theta = new double[STEPS - 1];
    Arrays.setAll(theta, i -> noise.gaussian());
    stretch.set(theta);
    return theta;
  }

  /** A gap stays within a factor of 100 of its size whatever is learned. */
  private static double stretch(double theta) {
    return 0.01 + 99.99 / (1 + 100 * Math.exp(-theta));
  }
}
