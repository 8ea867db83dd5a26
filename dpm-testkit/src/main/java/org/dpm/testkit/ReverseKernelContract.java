package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a reverse kernel makes a distribution, and good use, of what a network says. */
@DisplayName("A reverse kernel")
public abstract class ReverseKernelContract extends Contract {

  /** What is tested. */
  protected abstract ReverseKernel reverse();

  /** The forward kernel that it goes back from. */
  protected abstract ForwardKernel forward();

  /** x_0: a few different examples, [B, element...], as the forward kernel sees data. */
  protected abstract NDArray data(NDManager manager);

  /** The rates at which to try it: from hardly any noise to hardly any signal. */
  protected Schedule schedule() {
    return Trajectory.SCHEDULE;
  }

  @Test
  @DisplayName("asks the network for at least one number")
  void asksForOutputs() {
    assertThat(reverse().outputs()).isPositive();
  }

  @Test
  @DisplayName("gives a distribution over every number of the data, in their shape and type")
  void keepsShapeAndType() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    Distribution step = reverse().transition(current(data, stage), answers(data), stage);
    DistributionContract.assertElementwise("step back", step, data, noise("shapes"));
  }

  @Test
  @DisplayName("lets every number that the network gives change the step")
  void everyOutputMatters() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    NDArray current = current(data, stage);
    NDArray answers = answers(data);
    NDArray previous = previous(data, current, stage);
    double[] before =
        doubles(reverse().transition(current, answers, stage).logProbability(previous));
    for (int output = 0; output < reverse().outputs(); output++) {
      NDArray moved = answers.add(only(answers, output));
      double[] after =
          doubles(reverse().transition(current, moved, stage).logProbability(previous));
      for (int i = 0; i < before.length; i++) {
        assertThat(Math.abs(after[i] - before[i]))
            .as("change of log p of number %d by output %d", i, output)
            .isGreaterThan(rounding(data, 0));
      }
    }
  }

  @Test
  @DisplayName("passes the right gradient of the likelihood to every number that the network gives")
  void gradientReachesTheOutput() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    NDArray current = current(data, stage);
    NDArray previous = previous(data, current, stage);
    NDArray answers = answers(data);
    answers.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Distribution step = reverse().transition(current, answers, stage);
      LateBackward.of(collector, step.logProbability(previous).sum());
    }
    double[] gradient = doubles(answers.getGradient());
    Slopes slopes =
        new Slopes(
            answers.stopGradient(),
            moved -> {
              Distribution step = reverse().transition(current, moved, stage);
              return doubles(step.logProbability(previous).sum())[0];
            });
    slopes.assertMatch("gradient in an output", gradient);
    assertThat(gradient).as("gradient in the outputs").doesNotContain(0.0);
  }

  @Test
  @DisplayName("has a finite bound at every step of a trajectory for answers of zero")
  void zeroAnswersAreFinite() {
    NDArray data = data(manager);
    NDArray zeros = answers(data).mul(0);
    Trajectory trajectory = trajectory(data);
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory.stage(data, t);
      NDArray current = current(data, stage);
      Distribution step = reverse().transition(current, zeros, stage);
      // The last step has a likelihood instead: q(x_0 | x_1, x_0) is a point.
      NDArray cost =
          t == 1
              ? step.logProbability(data)
              : forward().posterior(data, current, stage).divergence(step);
      assertThat(numbers(cost)).as("cost of step %d", t).allMatch(Double::isFinite, "finite");
      assertThat(numbers(step.sample(noise("back").child("t", t))))
          .as("draw of step %d", t)
          .allMatch(Double::isFinite, "finite");
    }
  }

  @Test
  @DisplayName("treats each example as if it were alone")
  void examplesAreIndependent() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    NDArray current = current(data, stage);
    NDArray answers = answers(data);
    double[] together = doubles(reverse().transition(current, answers, stage).mean());
    int size = together.length / Math.toIntExact(data.getShape().get(0));
    for (int i = 0; i < data.getShape().get(0); i++) {
      String row = i + ":" + (i + 1);
      Distribution alone = reverse().transition(current.get(row), answers.get(row), stage);
      assertThat(doubles(alone.mean()))
          .as("mean of example %d", i)
          .containsExactly(
              Arrays.copyOfRange(together, i * size, (i + 1) * size), within(rounding(data, 1)));
    }
  }

  private Trajectory trajectory(NDArray data) {
    return new Trajectory(data, schedule(), forward());
  }

  private NDArray current(NDArray data, Stage stage) {
    return forward().marginal(data, stage).sample(noise("x_t"));
  }

  private NDArray previous(NDArray data, NDArray current, Stage stage) {
    return forward().posterior(data, current, stage).sample(noise("x_s"));
  }

  /** What a network might say: [B, outputs, element...]. */
  private NDArray answers(NDArray data) {
    Shape shape = data.getShape();
    Shape answers = new Shape(shape.get(0), reverse().outputs()).addAll(shape.slice(1));
    return noise("answers").gaussian(data.getManager().zeros(answers, data.getDataType())).mul(0.5);
  }

  /** A half in one output, zero in the others. */
  private static NDArray only(NDArray answers, int output) {
    Shape shape = answers.getShape();
    int outputs = Math.toIntExact(shape.get(1));
    double[] half = new double[outputs];
    half[output] = 0.5;
    long[] column = new long[shape.dimension()];
    Arrays.fill(column, 1);
    column[1] = outputs;
    return answers
        .getManager()
        .create(half, new Shape(column))
        .toType(answers.getDataType(), false);
  }
}
