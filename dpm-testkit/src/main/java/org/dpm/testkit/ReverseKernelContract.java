package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
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

  /** The spaces of an example's cells, in their order; a single one is that of all. */
  protected List<Space> spaces() {
    return List.of(new Space.Real(0));
  }

  /**
   * How many of the network's numbers a cell of a space makes use of, the first ones: fewer than
   * {@link ReverseKernel#outputs} where some are for cells of other spaces.
   */
  protected int outputs(Space space) {
    return reverse().outputs();
  }

  /**
   * x_t of which it matters what the network says: other than those drawn where some leave nothing
   * open, as a label does that is still there beside masks.
   *
   * @param current drawn, [B, element...]
   */
  protected NDArray undecided(NDArray current) {
    return current;
  }

  /**
   * Whether its steps lead to any earlier time. One that predicts the step to the neighbour on the
   * trajectory's grid of 12 is looked at there only.
   */
  protected boolean goesAnywhere() {
    return true;
  }

  /** The grid of the trajectory that it is tested on, for kernels that ask for one. */
  protected static Grid grid() {
    return Trajectory.GRID;
  }

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
    if (reverse().denoises()) {
      Distribution belief = reverse().data(current(data, stage), answers(data), stage);
      assertThat(belief.mean().getShape()).as("shape of the belief").isEqualTo(data.getShape());
      assertThat(belief.mean().getDataType())
          .as("type of the belief")
          .isEqualTo(data.getDataType());
    }
  }

  @Test
  @DisplayName("lets every number that the network gives change the step")
  void everyOutputMatters() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    NDArray current = undecided(current(data, stage));
    NDArray answers = answers(data);
    Distribution truth = forward().posterior(data, current, stage);
    double[] before =
        blocks(data).sums(truth.divergence(reverse().transition(current, answers, stage)));
    for (int output = 0; output < reverse().outputs(); output++) {
      NDArray moved = answers.add(only(answers, output));
      double[] after =
          blocks(data).sums(truth.divergence(reverse().transition(current, moved, stage)));
      for (int i = 0; i < before.length; i++) {
        double change = Math.abs(after[i] - before[i]);
        String what = "change of the cost of block %d by output %d".formatted(i, output);
        if (output < outputs(space(i % blocks(data).count()))) {
          assertThat(change).as(what).isGreaterThan(rounding(data, 0));
        } else {
          assertThat(change).as(what).isZero();
        }
      }
    }
  }

  @Test
  @DisplayName("passes the right gradient of the bound to every number that the network gives")
  void gradientReachesTheOutput() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 5);
    NDArray current = undecided(current(data, stage));
    Distribution truth = forward().posterior(data, current, stage);
    NDArray answers = answers(data);
    answers.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Distribution step = reverse().transition(current, answers, stage);
      LateBackward.of(collector, truth.divergence(step).sum());
    }
    double[] gradient = doubles(answers.getGradient());
    Slopes slopes =
        new Slopes(
            answers.stopGradient(),
            moved -> {
              Distribution step = reverse().transition(current, moved, stage);
              return doubles(truth.divergence(step).sum())[0];
            });
    slopes.assertMatch("gradient in an output", gradient);
    // A number for each block of each output: of several classes not all need to be asked for.
    double[] size = blocks(data).sums(Arrays.stream(gradient).map(Math::abs).toArray());
    int count = blocks(data).count();
    for (int i = 0; i < size.length; i++) {
      if (i / count % reverse().outputs() < outputs(space(i % count))) {
        assertThat(size[i]).as("gradient in the outputs, block %d", i).isPositive();
      }
    }
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
      assertFinite("cost of step " + t, blocks(data).sums(cost));
      assertFinite("draw of step " + t, doubles(step.sample(noise("back").at(t))));
      assertFinite(
          "what the network is shown at step " + t, doubles(reverse().input(current, stage)));
      assertThat(reverse().input(current, stage).getShape())
          .as("shape of what the network is shown")
          .isEqualTo(data.getShape());
    }
  }

  private static void assertFinite(String what, double... values) {
    assertThat(Arrays.stream(values).allMatch(Double::isFinite))
        .as("%s, %s, is finite", what, Arrays.toString(values))
        .isTrue();
  }

  @Test
  @DisplayName("believes of the data what x_t and t tell, wherever the step leads")
  void beliefDoesNotDependOnTheStep() {
    assumeTrue(reverse().denoises(), "has no belief about the data");
    NDArray data = data(manager);
    NDArray answers = answers(data);
    Trajectory trajectory = trajectory(data);
    for (int t : new int[] {2, 6, Trajectory.STEPS}) {
      double time = Trajectory.GRID.time(t);
      NDArray current = current(data, trajectory.stage(data, t));
      Distribution expected = reverse().data(current, answers, trajectory.stage(data, t));
      for (double earlier : new double[] {0, 0.3 * time, 0.9 * time}) {
        Distribution belief =
            reverse().data(current, answers, trajectory.stage(data, time, earlier));
        String what = "belief at time %s before a step to %s".formatted(time, earlier);
        assertAlike("mean of the " + what, data, doubles(belief.mean()), doubles(expected.mean()));
        assertAlike(
            "entropy of the " + what,
            data,
            blocks(data).sums(belief.entropy()),
            blocks(data).sums(expected.entropy()));
      }
    }
  }

  @Test
  @DisplayName("steps to the mean of the posterior, averaged over its belief")
  void stepFollowsFromTheBelief() {
    assumeTrue(reverse().denoises(), "has no belief about the data");
    NDArray data = data(manager);
    NDArray answers = answers(data);
    Trajectory trajectory = trajectory(data);
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      List<Double> earlier = new ArrayList<>(List.of(Trajectory.GRID.time(t - 1)));
      if (goesAnywhere()) {
        earlier.addAll(List.of(0.0, 0.4 * Trajectory.GRID.time(t)));
      }
      for (double s : earlier) {
        Stage stage = trajectory.stage(data, Trajectory.GRID.time(t), s);
        NDArray current = current(data, stage);
        Distribution belief = reverse().data(current, answers, stage);
        assertAlike(
            "mean of the step %d to time %s".formatted(t, s),
            data,
            doubles(reverse().transition(current, answers, stage).mean()),
            doubles(forward().posterior(belief, current, stage).mean()));
      }
    }
  }

  @Test
  @DisplayName("steps to the data by its belief, with a density that is finite")
  void stepToTheDataIsTheBelief() {
    assumeTrue(reverse().denoises(), "has no belief about the data");
    NDArray data = data(manager);
    NDArray answers = answers(data);
    Trajectory trajectory = trajectory(data);
    double first = Trajectory.GRID.time(1);
    for (double time : goesAnywhere() ? new double[] {first, 0.3, 1} : new double[] {first}) {
      Stage stage = trajectory.stage(data, time, 0);
      NDArray current = current(data, stage);
      Distribution belief = reverse().data(current, answers, stage);
      Distribution step = reverse().transition(current, answers, stage);
      double[] ofStep = blocks(data).sums(step.logProbability(data));
      assertFinite("log p(x_0) of the step from time " + time, ofStep);
      assertAlike("mean at the data", data, doubles(step.mean()), doubles(belief.mean()));
      double[] ofBelief = blocks(data).sums(belief.logProbability(data));
      // A belief that is a point has no density, and the step is what the kernel makes of it.
      if (Arrays.stream(ofBelief).allMatch(Double::isFinite)) {
        assertAlike("log p(x_0) of the belief at time " + time, data, ofStep, ofBelief);
      }
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

  /** What a network might say: [B, outputs, element...]. */
  private NDArray answers(NDArray data) {
    Shape shape = data.getShape();
    Shape answers = new Shape(shape.get(0), reverse().outputs()).addAll(shape.slice(1));
    return noise("answers").gaussian(data.getManager().zeros(answers, data.getDataType())).mul(0.5);
  }

  /** Something for every number of one output, zero in the others. */
  private NDArray only(NDArray answers, int output) {
    Shape shape = answers.getShape();
    int outputs = Math.toIntExact(shape.get(1));
    double[] one = new double[outputs];
    one[output] = 1;
    long[] column = new long[shape.dimension()];
    Arrays.fill(column, 1);
    column[1] = outputs;
    NDArray mask = answers.getManager().create(one, new Shape(column));
    // Not the same for all numbers: a common shift of the log odds of classes is none.
    NDArray change = noise("change").at(output).uniform(answers).add(0.3);
    return change.mul(mask.toType(answers.getDataType(), false));
  }

  private Space space(int block) {
    return spaces().size() == 1 ? spaces().get(0) : spaces().get(block);
  }

  private Blocks blocks(NDArray like) {
    return Blocks.of(forward(), spaces(), like);
  }
}
