package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Schedule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a schedule goes from data to noise, and that what it learns can be learned. */
@DisplayName("A schedule")
public abstract class ScheduleContract extends Contract {

  /** A schedule as it is before learning. Its parameters, if any, the contract initialises. */
  protected abstract Schedule schedule();

  @Test
  @DisplayName("decreases at every one of 1000 times and at early ones, also after learning")
  void decreases() {
    for (Schedule schedule : List.of(initialised(), learned())) {
      for (NDArray times : List.of(early(), times(1000))) {
        double[] logSnr = doubles(schedule.logSnr(times));
        for (int i = 1; i < logSnr.length; i++) {
          assertThat(logSnr[i])
              .as("log-SNR at time %s", doubles(times)[i])
              .isLessThan(logSnr[i - 1]);
        }
      }
    }
  }

  @Test
  @DisplayName("is a number everywhere, and infinite at most at time 1, where nothing may be left")
  void isFinite() {
    double[] logSnr = doubles(initialised().logSnr(times(1000)));
    int last = logSnr.length - 1;
    assertThat(Arrays.stream(logSnr).limit(last).boxed().toList())
        .allMatch(Double::isFinite, "finite");
    assertThat(logSnr[last]).isNotNaN().isLessThan(Double.POSITIVE_INFINITY);
  }

  @Test
  @DisplayName("begins with the data and ends in noise")
  void hasTheRightEnds() {
    double[] logSnr =
        doubles(initialised().logSnr(manager.create(new double[] {1e-3, 1}, new Shape(2))));
    assertThat(signal(logSnr[0])).as("abar at time 0.001").isGreaterThanOrEqualTo(0.9);
    // A little above 0.1, since a schedule that is told to leave a tenth leaves it but for
    // rounding.
    assertThat(signal(logSnr[1])).as("abar at time 1").isLessThan(0.101);
  }

  private static double signal(double logSnr) {
    return 1 / (1 + Math.exp(-logSnr));
  }

  @Test
  @DisplayName("answers for times of any shape, in that shape and type, each time on its own")
  void keepsShapeAndType() {
    Schedule schedule = initialised();
    double[] flat = doubles(schedule.logSnr(times(6)));
    NDArray shaped = schedule.logSnr(times(6).reshape(3, 1, 2));
    assertThat(shaped.getShape()).isEqualTo(new Shape(3, 1, 2));
    assertThat(shaped.getDataType()).isEqualTo(DataType.FLOAT64);
    assertThat(doubles(shaped)).isEqualTo(flat);
    NDArray single = schedule.logSnr(manager.create(3.0 / 6));
    assertThat(single.getShape()).isEqualTo(new Shape());
    assertThat(doubles(single)[0]).isEqualTo(flat[2]);
  }

  @Test
  @DisplayName("computes in single precision as in double, to what single precision can hold")
  void singlePrecision() {
    for (NDArray times : List.of(early(), times(40))) {
      // The number that single precision makes of the time is what both are asked for.
      NDArray time = times.toType(DataType.FLOAT32, false);
      double[] exact = doubles(initialised().logSnr(time.toType(DataType.FLOAT64, false)));
      NDArray single = initialised(DataType.FLOAT32).logSnr(time);
      assertThat(single.getDataType()).isEqualTo(DataType.FLOAT32);
      double[] logSnr = doubles(single);
      for (int i = 0; i < exact.length; i++) {
        if (exact[i] != Double.NEGATIVE_INFINITY) {
          assertThat(Math.abs(logSnr[i] - exact[i]))
              .as("error at time %s", doubles(times)[i])
              .isLessThan(rounding(single, exact[i]));
        }
      }
    }
  }

  @Test
  @DisplayName("finds the times at which lambda has given values, in any order")
  void inverse() {
    Schedule schedule = learned();
    double first = 1e-3;
    double[] times = {0.5, 0.9, 0.002, 0.25, 0.7, 0.03};
    NDArray asked = manager.create(times);
    assertThat(schedule.times(asked, doubles(schedule.logSnr(asked)), first))
        .as("times of the log-SNR at given times")
        .containsExactly(times, within(1e-6));
    double[] ends = doubles(schedule.logSnr(manager.create(new double[] {first, 1})));
    assertThat(schedule.times(asked, new double[] {ends[0] + 1, ends[1] - 1}, first))
        .as("times of what is beyond either end")
        .containsExactly(new double[] {first, 1}, within(1e-6));
    NDArray single = asked.toType(DataType.FLOAT32, false);
    Schedule inSingle = initialised(DataType.FLOAT32);
    double[] found = inSingle.times(single, doubles(inSingle.logSnr(single)), first);
    assertThat(found).as("times, in single precision").containsExactly(times, within(1e-3));
  }

  @Test
  @DisplayName("gives what it learns the right gradient, each parameter some")
  void gradientMatchesFiniteDifferences() {
    Schedule schedule = learned();
    for (Parameter parameter : schedule.parameters()) {
      NDArray value = parameter.getArray();
      NDArray start = value.duplicate();
      value.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, loss(schedule));
      }
      double[] gradient = doubles(value.getGradient());
      value.setRequiresGradient(false);
      assertThat(Arrays.stream(gradient).map(Math::abs).sum())
          .as("gradient in %s", parameter.getName())
          .isPositive();
      new Slopes(
              start,
              moved -> {
                value.set(moved.toDoubleArray());
                double loss = doubles(loss(schedule))[0];
                value.set(start.toDoubleArray());
                return loss;
              })
          .assertMatch("gradient in " + parameter.getName(), gradient);
    }
  }

  /** Something that the log-SNR at many times adds to, within them and at both ends. */
  private NDArray loss(Schedule schedule) {
    NDArray time = times(97).mul(0.99);
    return schedule.logSnr(time).mul(number(time, 0.1)).tanh().mul(time.add(1)).sum();
  }

  @Test
  @DisplayName("leaves nothing behind where its parameters live")
  void cleansUp() {
    Schedule schedule = initialised();
    for (Parameter parameter : schedule.parameters()) {
      NDManager home = parameter.getArray().getManager();
      int before = home.getManagedArrays().size();
      try (NDManager step = NDManager.newBaseManager()) {
        schedule.logSnr(step.create(new double[] {0.1, 0.5, 1}));
      }
      assertThat(home.getManagedArrays()).as("arrays beside the parameter").hasSize(before);
    }
  }

  private Schedule initialised() {
    return initialised(DataType.FLOAT64);
  }

  private Schedule initialised(DataType type) {
    Schedule schedule = schedule();
    for (Parameter parameter : schedule.parameters()) {
      parameter.initialize(manager, type);
    }
    return schedule;
  }

  /** With every parameter moved by something. */
  private Schedule learned() {
    Schedule schedule = initialised();
    for (Parameter parameter : schedule.parameters()) {
      NDArray value = parameter.getArray();
      value.addi(noise(parameter.getName()).gaussian(value).mul(0.5));
    }
    return schedule;
  }

  /** 1/count, 2/count, ..., 1. */
  private NDArray times(int count) {
    double[] times = new double[count];
    Arrays.setAll(times, i -> (i + 1.0) / count);
    return manager.create(times);
  }

  /** From 1e-4 on, a tenth more each. */
  private NDArray early() {
    double[] times = new double[40];
    Arrays.setAll(times, i -> 1e-4 * Math.pow(1.1, i));
    return manager.create(times);
  }
}
