package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Schedule;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The variational bound as an objective")
class VariationalBoundObjectiveTest extends EngineFixture {

  private static final int STEPS = 5;
  private static final Grid GRID = Grid.even(STEPS);
  private static final int BATCH = 256;
  private static final int REPEATS = 40;

  private final Schedule schedule =
      new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(0.05, 0.05), GRID);

  private final VariationalBoundObjective objective = new VariationalBoundObjective();

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("is an unbiased estimate of the bound summed over every step")
  void unbiased(LastStep lastStep) {
    KnownGaussian truth = new KnownGaussian(0.5, 0.3, 0.1);
    Diffusion diffusion = truth.diffusion(GRID, lastStep, schedule);
    NDArray data = truth.data(KnownGaussian.batch(manager, BATCH), Noise.of(1, "data"));

    Estimate loss =
        repeat(
            step -> {
              NDArray inStep = copy(data, step);
              return objective.loss(inStep, diffusion, noise("loss", step)).mean().getDouble();
            });
    Estimate total =
        repeat(
            step -> {
              VariationalBound bound = new VariationalBound(diffusion);
              return bound.total(copy(data, step), noise("total", step)).mean().getDouble();
            });

    double error = Math.hypot(loss.standardError(), total.standardError());
    assertThat(error).as("an error that would show a term missing").isLessThan(0.03);
    assertThat(loss.mean()).isCloseTo(total.mean(), within(4.5 * error));
  }

  @Test
  @DisplayName("is entropy and the last KL when the reverse steps are exact, however few there are")
  void closedForm() {
    KnownGaussian truth = new KnownGaussian(0.5, 0.3, 0);
    Diffusion diffusion = truth.diffusion(GRID, LastStep.LEARNED, schedule);
    // q(x_T) has this mean and variance over all data; abar_T = 0.05.
    double mean = Math.sqrt(0.05) * 0.5;
    double variance = 0.05 * 0.3 + 0.95;
    double leftOver = (variance + mean * mean - 1 - Math.log(variance)) / 2;

    Estimate loss =
        repeat(
            step -> {
              NDArray data =
                  truth.data(KnownGaussian.batch(step.manager(), BATCH), noise("data", step));
              return objective.loss(data, diffusion, noise("loss", step)).mean().getDouble();
            });

    assertThat(loss.standardError()).isLessThan(0.03);
    assertThat(loss.mean())
        .isCloseTo(truth.entropy() + leftOver, within(4.5 * loss.standardError()));
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("counts the steps for what they should, where it is weighted")
  void weighted(LastStep lastStep) {
    double emphasis = 6;
    KnownGaussian truth = new KnownGaussian(0.5, 0.3, 0.1);
    Diffusion diffusion = truth.diffusion(GRID, lastStep, schedule);
    NDArray data = truth.data(KnownGaussian.batch(manager, BATCH), Noise.of(1, "data"));
    // The log SNR falls from log 19 to -log 19 in equal steps: near zero is the third.
    double[] weights = new double[STEPS];
    int first = lastStep == LastStep.FORWARD ? 2 : 1;
    double sum = 0;
    for (int t = first; t <= STEPS; t++) {
      double logSnr = Math.log(19) * (1 - (t - 1) / 2.0);
      weights[t - 1] = 1 + emphasis * Math.exp(-logSnr * logSnr / 2);
      sum += weights[t - 1];
    }
    double mean = sum / (STEPS + 1 - first);

    Objective weighted =
        new WeightedBoundObjective(new WeightedBoundObjective.Settings(emphasis, 0, 1));
    Estimate loss =
        repeat(
            step ->
                weighted.loss(copy(data, step), diffusion, noise("loss", step)).mean().getDouble());
    Estimate total =
        repeat(
            step -> {
              VariationalBound bound = new VariationalBound(diffusion);
              NDArray x = copy(data, step);
              Noise noise = noise("total", step);
              double all = bound.prior(x).mean().getDouble();
              double last = bound.last(x, noise).mean().getDouble();
              all += first == 2 ? last : last * weights[0] / mean;
              for (int t = 2; t <= STEPS; t++) {
                all += bound.step(x, noise, t).mean().getDouble() * weights[t - 1] / mean;
              }
              return all;
            });

    double error = Math.hypot(loss.standardError(), total.standardError());
    assertThat(error).as("an error that would show a wrong weight").isLessThan(0.03);
    assertThat(loss.mean()).isCloseTo(total.mean(), within(4.5 * error));
    Estimate unweighted =
        repeat(
            step ->
                objective
                    .loss(copy(data, step), diffusion, noise("loss", step))
                    .mean()
                    .getDouble());
    assertThat(Math.abs(unweighted.mean() - total.mean())).isGreaterThan(9 * error);
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("gives an example the same loss in a batch of all and in one of some")
  void independentOfTheBatch(LastStep lastStep) {
    KnownGaussian truth = new KnownGaussian(0.5, 0.3, 0.1);
    Diffusion diffusion = truth.diffusion(GRID, lastStep, schedule);
    NDArray data = truth.data(KnownGaussian.batch(manager, 12), Noise.of(1, "data"));
    List<Objective> objectives =
        List.of(
            objective, new WeightedBoundObjective(new WeightedBoundObjective.Settings(6, 0, 1)));
    for (Objective each : objectives) {
      NDArray all = each.loss(data, diffusion, Noise.of(3, "loss"));
      NDArray some = each.loss(data.get("5:9"), diffusion, Noise.of(3, "loss").from(5));
      assertThat(all.getShape()).isEqualTo(new Shape(12));
      assertThat(doubles(some))
          .containsExactly(Arrays.copyOfRange(doubles(all), 5, 9), within(1e-12));
    }
  }

  private record Step(NDManager manager, int number) {}

  private record Estimate(double mean, double standardError) {}

  private Estimate repeat(ToDoubleFunction<Step> draw) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < REPEATS; i++) {
      try (NDManager step = manager.newSubManager()) {
        double value = draw.applyAsDouble(new Step(step, i));
        sum += value;
        squares += value * value;
      }
    }
    double mean = sum / REPEATS;
    double variance = (squares / REPEATS - mean * mean) * REPEATS / (REPEATS - 1);
    return new Estimate(mean, Math.sqrt(variance / REPEATS));
  }

  private static Noise noise(String purpose, Step step) {
    return Noise.of(2, purpose).child("repeat " + step.number());
  }

  private static NDArray copy(NDArray data, Step step) {
    return step.manager().from(data);
  }
}
