package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What makes four distributions a diffusion: that they are all of one process. */
@DisplayName("A forward kernel")
public abstract class ForwardKernelContract extends Contract {

  /** What is tested. */
  protected abstract ForwardKernel kernel();

  /**
   * x_0: a few different examples, [B, element...], of a few elements each, as the kernel sees
   * data. In double precision the tests are sharpest.
   */
  protected abstract NDArray data(NDManager manager);

  /** The rates at which to try it: from hardly any noise to hardly any signal. */
  protected Schedule schedule() {
    return Trajectory.SCHEDULE;
  }

  /** Whether x_t can have this value; where noise takes values that data cannot, say so here. */
  protected boolean inSupport(double value) {
    return kernel().supports(value);
  }

  @Test
  @DisplayName("takes the data that it is tested with")
  void supportsItsData() {
    assertThat(numbers(data(manager))).allMatch(kernel()::supports, "supported by the kernel");
  }

  @Test
  @DisplayName("reaches the same place step by step as in one jump")
  void stepsComposeToTheMarginal() {
    NDArray examples = data(manager);
    Trajectory trajectory = trajectory(examples);
    NDArray data = Sampled.copies(examples);
    NDArray x = data;
    int t = 1;
    // Later, where little signal is left, a wrong rate hardly shows.
    for (; t <= Trajectory.STEPS && trajectory.signal(data, t) >= 0.5; t++) {
      Stage stage = trajectory.stage(data, t);
      x = kernel().transition(x, stage).sample(noise("step").child("t", t));
      sampled(examples)
          .assertDrawnFrom(
              kernel().marginal(data, stage),
              x,
              noise("jump").child("t", t),
              "x_" + t + " by steps",
              Trajectory.STEPS);
    }
    assertThat(t - 1).as("steps of the schedule with abar >= 0.5").isGreaterThanOrEqualTo(2);
  }

  @Test
  @DisplayName("carries means exactly from step to step, where it is linear")
  void meansCompose() {
    NDArray data = data(manager);
    NDArray other = data.mul(-0.7).add(0.3);
    NDArray middle = data.add(other).mul(0.5);
    assumeTrue(
        Arrays.stream(doubles(middle)).allMatch(this::inSupport),
        "values between two values are not in the support");
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
  @DisplayName("obeys Bayes: posterior x marginal(t) = transition x marginal(t-1)")
  void posteriorObeysBayes() {
    NDArray data = data(manager).repeat(0, 16);
    Trajectory trajectory = trajectory(data);
    for (int t = 2; t <= Trajectory.STEPS; t++) {
      Stage stage = trajectory.stage(data, t);
      Distribution before = kernel().marginal(data, trajectory.stage(data, t - 1));
      NDArray previous = before.sample(noise("previous").child("t", t));
      Distribution step = kernel().transition(previous, stage);
      NDArray current = step.sample(noise("current").child("t", t));
      double[] backward =
          doubles(
              kernel()
                  .posterior(data, current, stage)
                  .logProbability(previous)
                  .add(kernel().marginal(data, stage).logProbability(current)));
      double[] forward = doubles(step.logProbability(current).add(before.logProbability(previous)));
      for (int i = 0; i < forward.length; i++) {
        assertThat(backward[i])
            .as("log posterior + log marginal at step %d, number %d", t, i)
            .isCloseTo(forward[i], within(rounding(data, forward[i])));
      }
    }
  }

  @Test
  @DisplayName("knows x_0 before the first step, where the posterior has no choice")
  void posteriorOfTheFirstStepIsTheData() {
    NDArray data = data(manager);
    Stage first = trajectory(data).stage(data, 1);
    NDArray current = kernel().marginal(data, first).sample(noise("current"));
    Distribution posterior = kernel().posterior(data, current, first);
    double[] expected = doubles(data);
    assertThat(doubles(posterior.mean())).containsExactly(expected, within(rounding(data, 1)));
    assertThat(doubles(posterior.sample(noise("posterior"))))
        .containsExactly(expected, within(rounding(data, 1)));
  }

  @Test
  @DisplayName("ends in its stationary distribution, also where no signal is left at all")
  void reachesTheStationaryDistribution() {
    NDArray data = data(manager);
    Distribution stationary = kernel().stationary(data);
    Stage end = Trajectory.stage(data, -3, Double.NEGATIVE_INFINITY);
    assertSame("marginal", kernel().marginal(data, end), stationary);
    assertSame("transition", kernel().transition(data, end), stationary);
    NDArray current = stationary.sample(noise("end"));
    assertThat(doubles(kernel().posterior(data, current, end).mean()))
        .as("posterior mean at the end")
        .doesNotContain(Double.NaN);
  }

  @Test
  @DisplayName("comes closer to its stationary distribution with every step")
  void approachesTheStationaryDistribution() {
    NDArray data = data(manager);
    Trajectory trajectory = trajectory(data);
    double[] before = new double[0];
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      double[] now =
          doubles(
              kernel()
                  .marginal(data, trajectory.stage(data, t))
                  .divergence(kernel().stationary(data)));
      for (int i = 0; i < before.length; i++) {
        assertThat(now[i])
            .as("KL(q(x_%d | x_0) || pi), number %d", t, i)
            .isLessThanOrEqualTo(before[i] + rounding(data, before[i]));
      }
      before = now;
    }
  }

  @Test
  @DisplayName("leaves its stationary distribution as it is")
  void stationaryIsStationary() {
    NDArray examples = data(manager);
    NDArray like = Sampled.copies(examples);
    Distribution stationary = kernel().stationary(like);
    // pi is the same for every example, so that all of them are draws of the same numbers.
    Sampled all = new Sampled(1);
    double[][] logSnrs = {{1, 0}, {2, -1}, {3, -3}};
    for (double[] logSnr : logSnrs) {
      String what = "pi after a step of log-SNR %s to %s".formatted(logSnr[0], logSnr[1]);
      NDArray x = stationary.sample(noise(what));
      NDArray moved =
          kernel()
              .transition(x, Trajectory.stage(like, logSnr[0], logSnr[1]))
              .sample(noise(what).child("moved", 0));
      all.assertDrawnFrom(stationary, moved, noise(what).child("own", 0), what, logSnrs.length);
    }
  }

  @Test
  @DisplayName("draws what its distributions can be, with a probability that is not zero")
  void samplesStayInTheSupport() {
    NDArray data = data(manager).repeat(0, 64);
    Trajectory trajectory = trajectory(data);
    for (int t = 2; t <= Trajectory.STEPS; t++) {
      int step = t;
      distributions(data, trajectory, t)
          .forEach(
              (name, distribution) -> {
                NDArray x = distribution.sample(noise(name).child("t", step));
                assertThat(numbers(x))
                    .as("%s at step %d", name, step)
                    .allMatch(this::inSupport, "in the support");
                assertThat(numbers(distribution.logProbability(x)))
                    .as("log probability of what the %s drew at step %d", name, step)
                    .allMatch(Double::isFinite, "finite");
              });
    }
  }

  @Test
  @DisplayName("draws the same for the same noise and something else for other noise")
  void drawsFollowTheNoise() {
    // So many that even bits cannot be the same by chance.
    NDArray data = Sampled.copies(data(manager));
    distributions(data, trajectory(data), 4)
        .forEach(
            (name, distribution) -> {
              double[] first = doubles(distribution.sample(noise(name)));
              double[] again = doubles(distribution.sample(noise(name)));
              double[] other = doubles(distribution.sample(noise("other " + name)));
              assertThat(Arrays.equals(first, again)).as("%s, same noise", name).isTrue();
              assertThat(Arrays.equals(first, other)).as("%s, other noise", name).isFalse();
            });
  }

  @Test
  @DisplayName("gives every number of an array of the data's shape and type its own value")
  void keepsShapeAndType() {
    NDArray data = data(manager);
    distributions(data, trajectory(data), 4)
        .forEach(
            (name, distribution) -> {
              DistributionContract.assertElementwise(name, distribution, data, noise(name));
            });
  }

  @Test
  @DisplayName("treats each example as if it were alone")
  void examplesAreIndependent() {
    NDArray data = data(manager);
    NDArray current = kernel().stationary(data).sample(noise("current"));
    Trajectory trajectory = trajectory(data);
    Stage stage = trajectory.stage(data, 4);
    double[] together = doubles(kernel().posterior(data, current, stage).mean());
    double[] marginals = doubles(kernel().marginal(data, stage).mean());
    int size = together.length / Math.toIntExact(data.getShape().get(0));
    for (int i = 0; i < data.getShape().get(0); i++) {
      String row = i + ":" + (i + 1);
      NDArray alone = data.get(row);
      int from = i * size;
      assertThat(doubles(kernel().posterior(alone, current.get(row), stage).mean()))
          .as("posterior mean of example %d", i)
          .containsExactly(
              Arrays.copyOfRange(together, from, from + size), within(rounding(data, 1)));
      assertThat(doubles(kernel().marginal(alone, stage).mean()))
          .as("marginal mean of example %d", i)
          .containsExactly(
              Arrays.copyOfRange(marginals, from, from + size), within(rounding(data, 1)));
    }
  }

  private Map<String, Distribution> distributions(NDArray data, Trajectory trajectory, int step) {
    Stage stage = trajectory.stage(data, step);
    Distribution marginal = kernel().marginal(data, stage);
    NDArray current = marginal.sample(noise("x_t").child("t", step));
    Map<String, Distribution> distributions = new LinkedHashMap<>();
    distributions.put("stationary", kernel().stationary(data));
    distributions.put("marginal", marginal);
    distributions.put("transition", kernel().transition(current, stage));
    distributions.put("posterior", kernel().posterior(data, current, stage));
    return distributions;
  }

  private static void assertSame(String what, Distribution actual, Distribution expected) {
    double[] divergence = doubles(actual.divergence(expected));
    double limit = rounding(actual.mean(), 1);
    assertThat(divergence)
        .as("KL(%s || stationary) without signal", what)
        .containsOnly(new double[] {0}, within(limit));
    assertThat(distance(actual.mean(), expected.mean()))
        .as("mean of the %s without signal", what)
        .isLessThan(limit);
  }

  private static double distance(NDArray one, NDArray other) {
    return Arrays.stream(doubles(one.sub(other))).map(Math::abs).max().orElse(0);
  }

  private Trajectory trajectory(NDArray data) {
    return new Trajectory(data, schedule(), kernel());
  }

  private static Sampled sampled(NDArray examples) {
    return new Sampled(Math.toIntExact(examples.getShape().get(0)));
  }
}
