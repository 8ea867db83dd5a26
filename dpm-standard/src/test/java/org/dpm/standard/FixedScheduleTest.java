package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dpm.api.Grid;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A fixed schedule")
class FixedScheduleTest extends EngineFixture {

  /**
   * Log-SNRs go up to 16, where float32 has a spacing of 1e-6, which is then the relative error of
   * a small signal or noise. A few operations make it a few times as large.
   */
  private static final double ROUNDING = 1e-5;

  /** A schedule and what it should be: abar and 1 - abar in double precision. */
  private record Case(
      String name, Schedule schedule, DoubleUnaryOperator signal, DoubleUnaryOperator noise) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> schedules() {
    return Stream.of(
        new Case("constant-fraction", new ConstantFractionSchedule(), s -> 1 - s, s -> s),
        linear(1e-4, 0.02),
        linear(0.003, 0.003),
        linear(0.01, 0.001),
        cosine(0.008, 1e-5),
        cosine(0, 0),
        cosine(0.5, 0.1),
        logSnrLinear(1e-4, 1e-4, Grid.even(40)),
        logSnrLinear(0.01, 1e-6, Grid.even(1000)),
        logSnrLinear(0.01, 1e-3, Grid.of(0.2, 0.3, 1)),
        ou(0.1, 20),
        ou(3, 3),
        geometric(0.01, 50),
        geometric(0.5, 4),
        linearOt());
  }

  private static Case linear(double first, double last) {
    DoubleUnaryOperator lost = s -> 1000 * (first * s + (last - first) * s * s / 2);
    return new Case(
        "linear %s to %s".formatted(first, last),
        new LinearSchedule(new LinearSchedule.Settings(first, last)),
        s -> Math.exp(-lost.applyAsDouble(s)),
        s -> -Math.expm1(-lost.applyAsDouble(s)));
  }

  private static Case cosine(double offset, double last) {
    double start = Math.cos(Math.PI / 2 * offset / (1 + offset));
    double from = Math.acos(start);
    double to = Math.acos(Math.sqrt(last) * start);
    DoubleUnaryOperator signal =
        s -> s == 1 ? last : Math.pow(Math.cos(from + s * (to - from)) / start, 2);
    return new Case(
        "cosine with offset %s to %s".formatted(offset, last),
        new CosineSchedule(new CosineSchedule.Settings(offset, last)),
        signal,
        s -> 1 - signal.applyAsDouble(s));
  }

  private static Case ou(double first, double last) {
    DoubleUnaryOperator lost = s -> first * s + (last - first) * s * s / 2;
    return new Case(
        "ou %s to %s".formatted(first, last),
        new OrnsteinUhlenbeckSchedule(new OrnsteinUhlenbeckSchedule.Settings(first, last)),
        s -> Math.exp(-lost.applyAsDouble(s)),
        s -> -Math.expm1(-lost.applyAsDouble(s)));
  }

  private static Case geometric(double least, double most) {
    DoubleUnaryOperator squared = s -> Math.pow(least * Math.pow(most / least, s), 2);
    return new Case(
        "geometric %s to %s".formatted(least, most),
        new GeometricSchedule(new GeometricSchedule.Settings(least, most)),
        s -> 1 / (1 + squared.applyAsDouble(s)),
        s -> squared.applyAsDouble(s) / (1 + squared.applyAsDouble(s)));
  }

  /** With a = 1 - s and a noise of s, which are then divided by the root of their squares' sum. */
  private static Case linearOt() {
    DoubleUnaryOperator total = s -> (1 - s) * (1 - s) + s * s;
    return new Case(
        "linear-ot",
        new LinearOtSchedule(),
        s -> (1 - s) * (1 - s) / total.applyAsDouble(s),
        s -> s * s / total.applyAsDouble(s));
  }

  private static Case logSnrLinear(double first, double last, Grid grid) {
    double start = Math.log((1 - first) / first);
    double end = Math.log(last / (1 - last));
    DoubleUnaryOperator logSnr =
        s -> start + (end - start) * (s - grid.time(1)) / (1 - grid.time(1));
    return new Case(
        "log-snr-linear %s to %s in %s".formatted(first, last, grid),
        new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(first, last), grid),
        s -> 1 / (1 + Math.exp(-logSnr.applyAsDouble(s))),
        s -> 1 / (1 + Math.exp(logSnr.applyAsDouble(s))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schedules")
  @DisplayName("gives signal and noise as accurately as single precision can hold them")
  void matchesDoubleArithmetic(Case expected) {
    NDArray time = times(2000);
    Stage stage = stage(expected.schedule(), time);
    double[] s = doubles(time);
    double[] signal = doubles(stage.signal());
    double[] noise = doubles(stage.noise());
    for (int i = 0; i < s.length; i++) {
      double expectedSignal = expected.signal().applyAsDouble(s[i]);
      double expectedNoise = expected.noise().applyAsDouble(s[i]);
      assertThat(signal[i])
          .as("abar(%s)", s[i])
          .isEqualTo(expectedSignal, relative(expectedSignal));
      assertThat(noise[i])
          .as("1 - abar(%s)", s[i])
          .isEqualTo(expectedNoise, relative(expectedNoise));
    }
  }

  private static Offset<Double> relative(double value) {
    return within(Math.abs(value) * ROUNDING);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schedules")
  @DisplayName("finds the time of a log-SNR, to the ends of what was asked for")
  void findsTimes(Case c) {
    double[] time = new double[2000];
    Arrays.setAll(time, i -> (i + 1) / 2000.0);
    NDArray like = manager.create(time);
    double[] logSnr = doubles(c.schedule().logSnr(like));
    double[] found = c.schedule().times(like, logSnr, 1e-4);
    // Nothing but the curve: what is not overridden.
    Schedule byHalving = asked -> c.schedule().logSnr(asked);
    double[] halved = byHalving.times(like, logSnr, 1e-4);
    for (int i = 0; i < time.length; i++) {
      // Double precision, of ratios up to 1e8 whose logarithms are rounded to 1e-15.
      assertThat(found[i]).isCloseTo(time[i], within(1e-9 * time[i]));
      assertThat(halved[i]).isCloseTo(time[i], within(1e-9));
    }
    double[] beyond = {
      Double.POSITIVE_INFINITY, 1e3, logSnr[1999] - 1, -1e3, Double.NEGATIVE_INFINITY
    };
    assertThat(c.schedule().times(like, beyond, 0.01)).containsExactly(0.01, 0.01, 1, 1, 1);
  }

  @Test
  @DisplayName(
      "of an Ornstein-Uhlenbeck process is the linear one by the rates of its thousand steps")
  void rateAndBetasAgree() {
    NDArray time = times(100);
    Schedule byBetas = new LinearSchedule(new LinearSchedule.Settings(1e-4, 0.02));
    Schedule byRates =
        new OrnsteinUhlenbeckSchedule(new OrnsteinUhlenbeckSchedule.Settings(0.1, 20));
    assertThat(doubles(byRates.logSnr(time)))
        .containsExactly(doubles(byBetas.logSnr(time)), within(1e-5));
  }

  @Test
  @DisplayName("of constant fraction has the paper's beta_t = 1 / (T - t + 1) at every step")
  void constantFractionIsThePapers() {
    int steps = 40;
    Schedule schedule = new ConstantFractionSchedule();
    double[] beta = doubles(transitions(schedule, steps).beta());
    for (int t = 2; t <= steps; t++) {
      // Times near 1 are rounded to 6e-8, which is 2e-6 of the last 1 - s = 1/40.
      assertThat(beta[t - 2]).isCloseTo(1.0 / (steps - t + 1), withinPercentage(1e-3));
    }
    assertThat(doubles(schedule.logSnr(manager.create(new float[] {1}))))
        .containsExactly(Double.NEGATIVE_INFINITY);
  }

  @Test
  @DisplayName("that is linear has the usual betas at 1000 steps, and ten times those at 100")
  void linearScalesWithTheNumberOfSteps() {
    Schedule schedule = new LinearSchedule(new LinearSchedule.Settings(1e-4, 0.02));
    double[] thousand = doubles(transitions(schedule, 1000).beta());
    double[] hundred = doubles(transitions(schedule, 100).beta());
    for (int t = 2; t <= 1000; t++) {
      // The integral over a step sits half a step early, and 1 - e^-b is b - b^2 / 2: half a
      // step's rise is 1e-5 and b^2 / 2 at most 2e-4.
      double usual = 1e-4 + (0.02 - 1e-4) * (t - 1) / 999;
      assertThat(thousand[t - 2]).isCloseTo(usual, within(1e-5 + usual * usual / 2 + 1e-6));
    }
    double tenfold = 1 - Math.exp(-10 * (1e-4 + 0.0199 * 0.505));
    assertThat(hundred[49]).isCloseTo(tenfold, withinPercentage(0.1));
  }

  @Test
  @DisplayName("that is a cosine leaves no signal when told so, and what it was told otherwise")
  void cosineEndsWhereItWasTold() {
    NDArray end = manager.create(new float[] {1});
    Schedule none = new CosineSchedule(new CosineSchedule.Settings(0.008, 0));
    Schedule some = new CosineSchedule(new CosineSchedule.Settings(0.008, 1e-5));
    assertThat(doubles(none.logSnr(end))).containsExactly(Double.NEGATIVE_INFINITY);
    assertThat(doubles(stage(some, end).signal())[0]).isCloseTo(1e-5, withinPercentage(1e-3));
  }

  @Test
  @DisplayName("that is linear in log-SNR starts at its first beta and ends at its last signal")
  void logSnrLinearMeetsItsEnds() {
    Schedule schedule =
        new LogSnrLinearSchedule(
            new LogSnrLinearSchedule.Settings(1e-4, 1e-3), Grid.of(0.07, 0.5, 1));
    assertThat(doubles(stage(schedule, manager.create(new float[] {0.07f})).noise())[0])
        .isCloseTo(1e-4, withinPercentage(1e-3));
    assertThat(doubles(stage(schedule, manager.create(new float[] {1})).signal())[0])
        .isCloseTo(1e-3, withinPercentage(1e-3));
  }

  @Test
  @DisplayName("refuses nonsense by stating the requirement and the value")
  void refusesNonsense() {
    assertThatThrownBy(() -> new LinearSchedule.Settings(0, 0.02))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first must be greater than 0 and less than 1, but is 0.0");
    assertThatThrownBy(() -> new LinearSchedule.Settings(0.1, Double.NaN))
        .hasMessage("last must be greater than 0 and less than 1, but is NaN");
    assertThatThrownBy(() -> new CosineSchedule.Settings(-1, 0))
        .hasMessage("offset must be finite and at least 0, but is -1.0");
    assertThatThrownBy(() -> new CosineSchedule.Settings(0, 1))
        .hasMessage("last must be at least 0 and less than 1, but is 1.0");
    assertThatThrownBy(() -> new OrnsteinUhlenbeckSchedule.Settings(0, 20))
        .hasMessage("first must be greater than 0 and finite, but is 0.0");
    assertThatThrownBy(() -> new GeometricSchedule.Settings(0, 1))
        .hasMessage("sigmaMin must be greater than 0, but is 0.0");
    assertThatThrownBy(() -> new GeometricSchedule.Settings(2, 1))
        .hasMessage("sigmaMax must be finite and greater than sigmaMin, which is 2.0, but is 1.0");
    assertThatThrownBy(() -> new LogSnrLinearSchedule.Settings(0.6, 0.5))
        .hasMessage("first + last must be less than 1, but are 0.6 and 0.5");
  }

  /** The times t / T of t = 1..T. */
  private NDArray times(int steps) {
    float[] times = new float[steps];
    for (int t = 1; t <= steps; t++) {
      times[t - 1] = (float) t / steps;
    }
    return manager.create(times);
  }

  private static Stage stage(Schedule schedule, NDArray time) {
    NDArray logSnr = schedule.logSnr(time);
    double[] times = doubles(time);
    return Stage.of(times, times, logSnr, logSnr);
  }

  /** The stages of t = 2..T. */
  private Stage transitions(Schedule schedule, int steps) {
    NDArray time = times(steps);
    NDArray logSnr = schedule.logSnr(time);
    return Stage.of(
        doubles(time.get("1:")), doubles(time.get(":-1")), logSnr.get("1:"), logSnr.get(":-1"));
  }
}
