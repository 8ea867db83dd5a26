package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A learned schedule")
class LearnedScheduleTest extends EngineTest {

  private static final int STEPS = 8;

  private LearnedSchedule schedule;
  private NDArray stretch;

  @BeforeEach
  void initialise() {
    schedule = new LearnedSchedule(new LearnedSchedule.Settings(1e-3, 1e-2), STEPS);
    schedule.parameters().get(0).initialize(manager, DataType.FLOAT64);
    stretch = schedule.parameters().get(0).getArray();
  }

  @Test
  @DisplayName("starts as the straight line from its first beta to its last signal")
  void startsLinear() {
    Schedule line = new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(1e-3, 1e-2), STEPS);
    NDArray time = manager.create(new double[] {0.001, 0.125, 0.2, 0.5, 0.77, 1});
    double[] expected = doubles(line.logSnr(time));
    double[] actual = doubles(schedule.logSnr(time));
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  @DisplayName("falls between the knots by what each gap says, with the first beta fixed")
  void followsItsGaps() {
    double[] theta = unevenly();
    double start = Math.log((1 - 1e-3) / 1e-3);
    double gap = (start - Math.log(1e-2 / (1 - 1e-2))) / (STEPS - 1);
    double afterTwo = start - gap * (Math.exp(theta[0]) + Math.exp(theta[1]));
    double third = gap * Math.exp(theta[2]);
    double[] logSnr =
        doubles(
            schedule.logSnr(manager.create(new double[] {1.0 / 8, 3.0 / 8, 3.25 / 8, 4.0 / 8})));
    assertThat(logSnr[0]).isCloseTo(start, within(1e-12));
    assertThat(logSnr[1]).isCloseTo(afterTwo, within(1e-12));
    assertThat(logSnr[2]).isCloseTo(afterTwo - third / 4, within(1e-12));
    assertThat(logSnr[3]).isCloseTo(afterTwo - third, within(1e-12));
  }

  @Test
  @DisplayName("decreases everywhere, whatever has been learned, before the first knot too")
  void decreases() {
    unevenly();
    double[] times = new double[1000];
    Arrays.setAll(times, i -> (i + 1) / 1000.0);
    double[] logSnr = doubles(schedule.logSnr(manager.create(times)));
    for (int i = 1; i < logSnr.length; i++) {
      assertThat(logSnr[i]).isLessThan(logSnr[i - 1]);
    }
  }

  @Test
  @DisplayName("passes the gradient to every gap, at knots and between them")
  void gradientMatchesFiniteDifferences() {
    double[] theta = unevenly();
    NDArray time =
        manager.create(new double[] {0.05, 0.125, 0.25, 0.3, 0.61, 1}, new Shape(6, 1, 1));
    stretch.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(loss(time));
    }
    double[] gradient = stretch.getGradient().toDoubleArray();
    for (int i = 0; i < theta.length; i++) {
      double numeric = (lossAt(theta, i, 1e-5, time) - lossAt(theta, i, -1e-5, time)) / 2e-5;
      // Central differences are off by h^2 f''' / 6, 1e-10 of the loss's size of about 100.
      assertThat(gradient[i]).isCloseTo(numeric, within(1e-6)).isNotZero();
    }
  }

  @Test
  @DisplayName("takes time of any shape and leaves nothing behind in the parameter's manager")
  void keepsShapeAndCleansUp() {
    int before = stretch.getManager().getManagedArrays().size();
    try (var step = manager.newSubManager()) {
      NDArray time = step.create(new float[] {0.1f, 0.5f, 0.7f, 1}, new Shape(2, 1, 2));
      assertThat(schedule.logSnr(time).getShape()).isEqualTo(new Shape(2, 1, 2));
      assertThat(schedule.logSnr(step.create(0.5f)).getShape()).isEqualTo(new Shape());
    }
    assertThat(stretch.getManager().getManagedArrays()).hasSize(before);
  }

  @Test
  @DisplayName("keeps the knots apart in single precision at 2000 steps")
  void singlePrecision() {
    LearnedSchedule fine = new LearnedSchedule(new LearnedSchedule.Settings(1e-4, 1e-4), 2000);
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
  @DisplayName("refuses a first beta outside (0, 1)")
  void refusesNonsense() {
    assertThatThrownBy(() -> new LearnedSchedule.Settings(0, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstBeta must be greater than 0 and less than 1, but is 0.0");
    assertThatThrownBy(() -> new LearnedSchedule.Settings(0.5, 0.5))
        .hasMessage("firstBeta + initialLast must be less than 1, but are 0.5 and 0.5");
  }

  /** Gives every gap a size of its own. */
  private double[] unevenly() {
    Noise noise = Noise.of(5, "gaps", 0);
    double[] theta = new double[STEPS - 1];
    Arrays.setAll(theta, i -> noise.gaussian());
    stretch.set(theta);
    return theta;
  }

  private NDArray loss(NDArray time) {
    NDArray logSnr = schedule.logSnr(time);
    return logSnr.square().mul(time.add(1)).sum();
  }

  private double lossAt(double[] theta, int index, double change, NDArray time) {
    double[] moved = theta.clone();
    moved[index] += change;
    stretch.set(moved);
    double loss = loss(time).getDouble();
    stretch.set(theta);
    return loss;
  }
}
