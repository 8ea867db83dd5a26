package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What makes some distributions a diffusion: that they are all of one process. */
@DisplayName("A forward kernel")
public abstract class ForwardKernelContract extends Contract {

  /** Steps that are tried, neighbours and far apart: {t, s} of the trajectory's 12. */
  private static final int[][] JUMPS = {
    {2, 1}, {4, 3}, {6, 5}, {9, 8}, {12, 11}, {7, 2}, {12, 1}, {11, 5}, {12, 9}
  };

  /** What is tested. */
  protected abstract ForwardKernel kernel();

  /**
   * x_0: a few different examples, [B, element...], of a few elements each, as the kernel sees
   * data. In double precision the tests are sharpest.
   */
  protected abstract NDArray data(NDManager manager);

  /** The spaces of an example's cells, in their order; a single one is that of all. */
  protected List<Space> spaces() {
    return List.of(new Space.Real(0));
  }

  /** The rates at which to try it: from hardly any noise to hardly any signal. */
  protected Schedule schedule() {
    return Trajectory.SCHEDULE;
  }

  /** Whether the diffusion leaves data of the null law as they are. */
  protected boolean isStationary() {
    return false;
  }

  /** The log signal-to-noise ratio at which nothing is left: finite for noise that never ends. */
  protected double lowestLogSnr() {
    return Double.NEGATIVE_INFINITY;
  }

  /**
   * Whether x_t can have this value; where noise takes values that data cannot, say so here.
   *
   * @param block the numbers of one cell
   */
  protected boolean inSupport(Space space, double... block) {
    if (space instanceof Space.Category) {
      return Arrays.stream(block).allMatch(x -> x == 0 || x == 1)
          && Arrays.stream(block).sum() == 1;
    }
    return space.contains(block[0]);
  }

  @Test
  @DisplayName("takes the data that it is tested with")
  void takesItsData() {
    for (Space space : spaces()) {
      assertThat(kernel().width(space)).as("numbers for a cell of %s", space.title()).isPresent();
    }
    NDArray data = data(manager);
    assertThat(blocks(data).size())
        .as("numbers of the cells of %s, all together", spaces())
        .isEqualTo(size(data));
    assertInSupport("data", data);
  }

  @Test
  @DisplayName("reaches the same place step by step as in one jump")
  void stepsComposeToTheMarginal() {
    NDArray examples = data(manager);
    Trajectory trajectory = trajectory(examples);
    NDArray[] x = {Sampled.copies(examples)};
    int t = 1;
    // Later, where little signal is left, a wrong rate hardly shows.
    for (; t <= Trajectory.STEPS && trajectory.signal(examples, t) >= 0.5; t++) {
      int step = t;
      freed(
          () -> {
            Stage stage = trajectory.stage(examples, step);
            x[0] = kept(kernel().transition(x[0], stage).sample(noise("step").at(step)), manager);
            sampled(examples)
                .assertDrawnFrom(
                    kernel().marginal(examples, stage),
                    kernel().marginal(Sampled.copies(examples), stage),
                    x[0],
                    noise("jump").at(step),
                    "x_" + step + " by steps",
                    Trajectory.STEPS);
          });
    }
    assertThat(t - 1).as("steps of the schedule with abar >= 0.5").isGreaterThanOrEqualTo(2);
  }

  @Test
  @DisplayName("carries means exactly from step to step, where it is linear")
  void meansCompose() {
    assumeTrue(
        spaces().stream().allMatch(Space.Real.class::isInstance),
        "values between two values are not in the support");
    NDArray data = data(manager);
    NDArray other = data.mul(-0.7).add(0.3);
    NDArray middle = data.add(other).mul(0.5);
    Trajectory trajectory = trajectory(data);
    for (int t = 2; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory.stage(data, t);
      NDArray ends = transitionMean(data, stage).add(transitionMean(other, stage)).mul(0.5);
      assumeTrue(distance(ends, transitionMean(middle, stage)) < rounding(data, 1), "not linear");
      NDArray before = kernel().marginal(data, trajectory.stage(data, t - 1)).mean();
      NDArray now = kernel().marginal(data, stage).mean();
      assertThat(distance(transitionMean(before, stage), now))
          .as("mean of x_%d by way of x_%d", t, t - 1)
          .isLessThan(rounding(data, 1));
    }
  }

  private NDArray transitionMean(NDArray x, Stage stage) {
    return kernel().transition(x, stage).mean();
  }

  @Test
  @DisplayName("obeys Bayes: posterior x marginal(t) = transition x marginal(s), for any s < t")
  void posteriorObeysBayes() {
    NDArray data = data(manager).repeat(0, 16);
    Trajectory trajectory = trajectory(data);
    for (int[] jump : JUMPS) {
      Stage stage = between(trajectory, data, jump);
      Distribution before = kernel().marginal(data, trajectory.stage(data, jump[1]));
      NDArray previous = before.sample(noise("previous").at(jump[0]));
      Distribution step = kernel().transition(previous, stage);
      NDArray current = step.sample(noise("current").at(jump[0]));
      assertAlike(
          "log posterior + log marginal at step %d from %d".formatted(jump[0], jump[1]),
          data,
          blocks(data)
              .sums(
                  kernel()
                      .posterior(data, current, stage)
                      .logProbability(previous)
                      .add(kernel().marginal(data, stage).logProbability(current))),
          blocks(data).sums(step.logProbability(current).add(before.logProbability(previous))));
    }
  }

  @Test
  @DisplayName("knows x_0 before the first step, where the posterior has no choice")
  void posteriorOfTheFirstStepIsTheData() {
    NDArray data = data(manager);
    double[] expected = doubles(data);
    for (double time : new double[] {Trajectory.GRID.time(1), 0.4, 1}) {
      Stage toData = trajectory(data).stage(data, time, 0);
      NDArray current = kernel().marginal(data, toData).sample(noise("current"));
      Distribution posterior = kernel().posterior(data, current, toData);
      assertAlike("posterior mean from time " + time, data, doubles(posterior.mean()), expected);
      assertAlike(
          "draw from the posterior of time " + time,
          data,
          doubles(posterior.sample(noise("posterior"))),
          expected);
    }
  }

  @Test
  @DisplayName("obeys Bayes without data: end x alone = null law x marginal")
  void aloneObeysBayes() {
    NDArray like = data(manager).repeat(0, 16);
    Trajectory trajectory = trajectory(like);
    Distribution nullLaw = kernel().end(like, Stage.ofData(like));
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory.stage(like, t);
      NDArray data = nullLaw.sample(noise("null").at(t));
      Distribution marginal = kernel().marginal(data, stage);
      NDArray current = marginal.sample(noise("current").at(t));
      assertAlike(
          "log end + log alone at step " + t,
          like,
          blocks(like)
              .sums(
                  kernel()
                      .end(like, stage)
                      .logProbability(current)
                      .add(kernel().alone(current, stage).logProbability(data))),
          blocks(like).sums(nullLaw.logProbability(data).add(marginal.logProbability(current))));
    }
  }

  @Test
  @DisplayName("has for an end the law of what becomes of data of the null law")
  void endIsTheDiffusedNullLaw() {
    NDArray one = data(manager).get("0:1");
    NDArray many = Sampled.copies(one);
    Trajectory trajectory = trajectory(one);
    for (int t : new int[] {2, 6, Trajectory.STEPS}) {
      freed(
          () -> {
            Stage stage = trajectory.stage(one, t);
            NDArray data = kernel().end(many, Stage.ofData(many)).sample(noise("null").at(t));
            sampled(one)
                .assertDrawnFrom(
                    kernel().end(one, stage),
                    kernel().end(many, stage),
                    kernel().marginal(data, stage).sample(noise("marginal").at(t)),
                    noise("end").at(t),
                    "the null law at step " + t,
                    3);
          });
    }
  }

  @Test
  @DisplayName("has the null law for an end where there is no noise yet")
  void endBeginsWithTheNullLaw() {
    NDArray data = data(manager);
    Distribution nullLaw = kernel().end(data, Stage.ofData(data));
    NDArray x = nullLaw.sample(noise("null"));
    assertInSupport("draw of the null law", x);
    Stage early = Trajectory.ofLogSnr(data, Double.POSITIVE_INFINITY, 60);
    assertAlike(
        "log end after hardly any noise",
        data,
        blocks(data).sums(kernel().end(data, early).logProbability(x)),
        blocks(data).sums(nullLaw.logProbability(x)));
  }

  @Test
  @DisplayName("averages the posterior over a belief")
  void posteriorOfABelief() {
    NDArray examples = data(manager);
    Trajectory trajectory = trajectory(examples);
    int[][] jumps = {{4, 2}, {8, 3}, {12, 5}};
    for (int[] jump : jumps) {
      freed(
          () -> {
            Stage stage = between(trajectory, examples, jump);
            NDArray current =
                kernel().marginal(examples, stage).sample(noise("current").at(jump[0]));
            NDArray copies = Sampled.copies(current);
            // A belief from elsewhere: that of x_t itself is a special case.
            Stage elsewhere = trajectory.stage(examples, 6);
            Distribution belief = kernel().alone(Sampled.copies(examples), elsewhere);
            NDArray data = belief.sample(noise("belief").at(jump[0]));
            sampled(examples)
                .assertDrawnFrom(
                    kernel().posterior(kernel().alone(examples, elsewhere), current, stage),
                    kernel().posterior(belief, copies, stage),
                    kernel().posterior(data, copies, stage).sample(noise("back").at(jump[0])),
                    noise("average").at(jump[0]),
                    "posterior averaged over a belief, from step %d to %d"
                        .formatted(jump[0], jump[1]),
                    jumps.length);
          });
    }
  }

  @Test
  @DisplayName("says no more than a belief does, at a step to the data")
  void posteriorOfABeliefAtTheData() {
    NDArray data = data(manager);
    Trajectory trajectory = trajectory(data);
    Distribution belief = kernel().alone(data, trajectory.stage(data, 6));
    NDArray x = belief.sample(noise("belief"));
    for (double time : new double[] {Trajectory.GRID.time(1), 0.3, 1}) {
      Stage stage = trajectory.stage(data, time, 0);
      NDArray current = kernel().marginal(data, stage).sample(noise("current"));
      Distribution posterior = kernel().posterior(belief, current, stage);
      assertAlike(
          "log posterior of a belief at a step from time %s to the data".formatted(time),
          data,
          blocks(data).sums(posterior.logProbability(x)),
          blocks(data).sums(belief.logProbability(x)));
      assertAlike("its mean", data, doubles(posterior.mean()), doubles(belief.mean()));
    }
  }

  @Test
  @DisplayName("refuses a belief of another family")
  void refusesOtherBeliefs() {
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kernel().posterior(new AnotherFamily(data), data, stage));
  }

  @Test
  @DisplayName("has forgotten the data where no signal is left")
  void forgetsTheData() {
    NDArray data = data(manager);
    Stage last = Trajectory.ofLogSnr(data, -3, lowestLogSnr());
    Distribution end = kernel().end(data, last);
    assertThat(blocks(data).sums(kernel().marginal(data, last).divergence(end)))
        .as("KL(marginal || end) without signal")
        .containsOnly(new double[] {0}, within(rounding(data, 1)));
    assertThat(blocks(data).sums(kernel().transition(data, last).divergence(end)))
        .as("KL(transition || end) without signal")
        .containsOnly(new double[] {0}, within(rounding(data, 1)));
    NDArray current = end.sample(noise("end"));
    assertThat(doubles(kernel().posterior(data, current, last).mean()))
        .as("posterior mean at the end")
        .doesNotContain(Double.NaN);
    assertThat(doubles(kernel().alone(current, last).mean()))
        .as("mean of what the end says of the data")
        .doesNotContain(Double.NaN);
  }

  @Test
  @DisplayName("is harder to tell from the diffused null law with every step")
  void approachesTheEnd() {
    NDArray data = data(manager);
    Trajectory trajectory = trajectory(data);
    double[] before = new double[0];
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory.stage(data, t);
      double[] now =
          blocks(data).sums(kernel().marginal(data, stage).divergence(kernel().end(data, stage)));
      for (int i = 0; i < before.length; i++) {
        assertThat(now[i])
            .as("KL(q(x_%d | x_0) || end), block %d", t, i)
            .isLessThanOrEqualTo(before[i] + rounding(data, before[i]));
      }
      before = now;
    }
  }

  @Test
  @DisplayName("leaves the null law as it is, if it says so")
  void stationaryIsStationary() {
    assumeTrue(isStationary(), "claims no stationary distribution");
    NDArray data = data(manager);
    Distribution nullLaw = kernel().end(data, Stage.ofData(data));
    Trajectory trajectory = trajectory(data);
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      NDArray x = nullLaw.sample(noise("null").at(t));
      assertAlike(
          "log end at step " + t,
          data,
          blocks(data).sums(kernel().end(data, trajectory.stage(data, t)).logProbability(x)),
          blocks(data).sums(nullLaw.logProbability(x)));
    }
    NDArray one = data.get("0:1");
    NDArray many = Sampled.copies(one);
    double[][] logSnrs = {{1, 0}, {2, -1}, {3, -3}};
    for (double[] logSnr : logSnrs) {
      String what = "pi after a step of log-SNR %s to %s".formatted(logSnr[0], logSnr[1]);
      freed(
          () -> {
            Distribution pi = kernel().end(many, Stage.ofData(many));
            NDArray moved =
                kernel()
                    .transition(
                        pi.sample(noise(what)), Trajectory.ofLogSnr(one, logSnr[0], logSnr[1]))
                    .sample(noise(what + " moved"));
            sampled(one)
                .assertDrawnFrom(
                    kernel().end(one, Stage.ofData(one)),
                    pi,
                    moved,
                    noise(what + " own"),
                    what,
                    logSnrs.length);
          });
    }
  }

  @Test
  @DisplayName("draws what its distributions can be, with a probability that is not zero")
  void samplesStayInTheSupport() {
    NDArray data = data(manager).repeat(0, 64);
    Trajectory trajectory = trajectory(data);
    for (int t = 2; t <= Trajectory.STEPS; t++) {
      int step = t;
      freed(
          () ->
              distributions(data, trajectory, step)
                  .forEach(
                      (name, distribution) -> {
                        NDArray x = distribution.sample(noise(name).at(step));
                        assertInSupport("%s at step %d".formatted(name, step), x);
                        assertThat(blocks(data).sums(distribution.logProbability(x)))
                            .as("log probability of what the %s drew at step %d", name, step)
                            .doesNotContain(
                                Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
                      }));
    }
  }

  @Test
  @DisplayName("draws the same for the same noise and something else for other noise")
  void drawsFollowTheNoise() {
    // So many that even bits cannot be the same by chance.
    NDArray data = Sampled.copies(data(manager));
    freed(
        () ->
            distributions(data, trajectory(data), 4)
                .forEach(
                    (name, distribution) -> {
                      double[] first = doubles(distribution.sample(noise(name)));
                      double[] again = doubles(distribution.sample(noise(name)));
                      double[] other = doubles(distribution.sample(noise("other " + name)));
                      assertThat(Arrays.equals(first, again)).as("%s, same noise", name).isTrue();
                      assertThat(Arrays.equals(first, other)).as("%s, other noise", name).isFalse();
                    }));
  }

  @Test
  @DisplayName("draws the elements of an example independently of each other")
  void elementsAreDrawnIndependently() {
    NDArray examples = data(manager);
    NDArray data = Sampled.copies(examples);
    Trajectory trajectory = trajectory(examples);
    freed(
        () -> {
          Stage stage = trajectory.stage(examples, 6);
          NDArray current = kernel().marginal(examples, stage).sample(noise("current"));
          NDArray copies = Sampled.copies(current);
          Map<String, Distribution> distributions = new LinkedHashMap<>();
          distributions.put("end", kernel().end(data, stage));
          distributions.put("marginal", kernel().marginal(data, stage));
          distributions.put("transition", kernel().transition(data, stage));
          distributions.put("posterior", kernel().posterior(data, copies, stage));
          distributions.put("alone", kernel().alone(copies, stage));
          distributions.forEach(
              (name, distribution) ->
                  sampled(examples)
                      .assertIndependentElements(distribution.sample(noise(name)), name));
        });
  }

  @Test
  @DisplayName("gives every number of an array of the data's shape and type its own value")
  void keepsShapeAndType() {
    NDArray data = data(manager);
    distributions(data, trajectory(data), 4)
        .forEach(
            (name, distribution) ->
                DistributionContract.assertElementwise(name, distribution, data, noise(name)));
  }

  @Test
  @DisplayName("treats each example as if it were alone")
  void examplesAreIndependent() {
    NDArray data = data(manager);
    Trajectory trajectory = trajectory(data);
    Stage stage = trajectory.stage(data, 4);
    NDArray current = kernel().end(data, stage).sample(noise("current"));
    double[][] together = means(data, current, stage);
    int size = size(data);
    for (int i = 0; i < data.getShape().get(0); i++) {
      String row = i + ":" + (i + 1);
      double[][] alone = means(data.get(row), current.get(row), stage);
      for (int k = 0; k < alone.length; k++) {
        assertAlike(
            "mean of example %d, %s"
                .formatted(i, List.of("posterior", "marginal", "alone", "of a belief").get(k)),
            data,
            alone[k],
            Arrays.copyOfRange(together[k], i * size, (i + 1) * size));
      }
    }
  }

  private double[][] means(NDArray data, NDArray current, Stage stage) {
    Distribution alone = kernel().alone(current, stage);
    return new double[][] {
      doubles(kernel().posterior(data, current, stage).mean()),
      doubles(kernel().marginal(data, stage).mean()),
      doubles(alone.mean()),
      doubles(kernel().posterior(alone, current, stage).mean())
    };
  }

  @Test
  @DisplayName("takes a stage of its own for each example")
  void stagesOfEachExample() {
    NDArray data = data(manager);
    int batch = Math.toIntExact(data.getShape().get(0));
    Trajectory trajectory = trajectory(data);
    int[] steps = new int[batch];
    Arrays.setAll(steps, i -> 2 + i % (Trajectory.STEPS - 1));
    Stage each = trajectory.stages(data, steps);
    NDArray current = kernel().marginal(data, each).sample(noise("current"));
    double[][] together = means(data, current, each);
    int size = size(data);
    for (int i = 0; i < batch; i++) {
      String row = i + ":" + (i + 1);
      Stage own = trajectory.stage(data, steps[i]);
      double[][] alone = means(data.get(row), current.get(row), own);
      for (int k = 0; k < alone.length; k++) {
        assertAlike(
            "mean of example %d at step %d".formatted(i, steps[i]),
            data,
            alone[k],
            Arrays.copyOfRange(together[k], i * size, (i + 1) * size));
      }
    }
  }

  @Test
  @DisplayName("lets gradients through its draws, if it says so")
  void drawsCarryTheGradient() {
    assumeTrue(kernel().reparameterised(), "draws have no gradient");
    NDArray data = data(manager);
    Stage stage = trajectory(data).stage(data, 3);
    NDArray x = data.duplicate();
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      LateBackward.of(collector, kernel().marginal(x, stage).sample(noise("x")).square().sum());
    }
    new Slopes(
            data,
            moved -> doubles(kernel().marginal(moved, stage).sample(noise("x")).square().sum())[0])
        .assertMatch("gradient of a draw in the data", doubles(x.getGradient()));
  }

  @Test
  @DisplayName("diffuses along its path, if it has one")
  void followsItsPath() {
    assumeTrue(kernel().path().isPresent(), "has no path");
    GaussianPath path = kernel().path().orElseThrow();
    assertThat(kernel().reparameterised()).as("draws with gradient").isTrue();
    NDArray data = data(manager);
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory(data).stage(data, t);
      GaussianStage at = GaussianStage.of(path, stage);
      Distribution marginal = kernel().marginal(data, stage);
      assertAlike(
          "a x_0 at step " + t, data, doubles(marginal.mean()), doubles(data.mul(at.signal())));
      double entropy = Math.log(doubles(at.noise())[0]) + 0.5 * Math.log(2 * Math.PI * Math.E);
      assertThat(doubles(marginal.entropy()))
          .as("entropy of s e at step %d", t)
          .containsOnly(new double[] {entropy}, within(rounding(data, entropy)));
    }
  }

  private Map<String, Distribution> distributions(NDArray data, Trajectory trajectory, int step) {
    Stage stage = trajectory.stage(data, step);
    Distribution marginal = kernel().marginal(data, stage);
    NDArray current = marginal.sample(noise("x_t").at(step));
    Distribution alone = kernel().alone(current, stage);
    Map<String, Distribution> distributions = new LinkedHashMap<>();
    distributions.put("end", kernel().end(data, stage));
    distributions.put("marginal", marginal);
    distributions.put("transition", kernel().transition(current, stage));
    distributions.put("posterior", kernel().posterior(data, current, stage));
    distributions.put("alone", alone);
    distributions.put("posterior of a belief", kernel().posterior(alone, current, stage));
    return distributions;
  }

  private void assertInSupport(String what, NDArray x) {
    Blocks blocks = blocks(x);
    double[] values = doubles(x);
    for (int example = 0; example < x.getShape().get(0); example++) {
      for (int block = 0; block < blocks.count(); block++) {
        double[] numbers = blocks.numbers(values, example, block);
        assertThat(inSupport(space(block), numbers))
            .as("%s of %s in the support of %s", what, Arrays.toString(numbers), space(block))
            .isTrue();
      }
    }
  }

  private Space space(int block) {
    return spaces().size() == 1 ? spaces().get(0) : spaces().get(block);
  }

  private Blocks blocks(NDArray like) {
    return Blocks.of(kernel(), spaces(), like);
  }

  private static int size(NDArray data) {
    return Math.toIntExact(data.size() / data.getShape().get(0));
  }

  private static double distance(NDArray one, NDArray other) {
    return Arrays.stream(doubles(one.sub(other))).map(Math::abs).max().orElse(0);
  }

  private static Stage between(Trajectory trajectory, NDArray like, int... jump) {
    return trajectory.stage(like, Trajectory.GRID.time(jump[0]), Trajectory.GRID.time(jump[1]));
  }

  private Trajectory trajectory(NDArray data) {
    return new Trajectory(data, schedule(), kernel());
  }

  private Sampled sampled(NDArray examples) {
    return new Sampled(
        Math.toIntExact(examples.getShape().get(0)),
        blocks(examples),
        block -> !(space(block) instanceof Space.Circle));
  }
}
