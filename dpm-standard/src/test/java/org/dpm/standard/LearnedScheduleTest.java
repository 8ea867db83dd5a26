package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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

  /** A gap stays within a factor of 100 of its size whatever is learned. */
  private static double stretch(double theta) {
    return 0.01 + 99.99 / (1 + 100 * Math.exp(-theta));
  }
}
