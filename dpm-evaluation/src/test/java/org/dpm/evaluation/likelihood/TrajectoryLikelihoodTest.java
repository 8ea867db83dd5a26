package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Bernoulli;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.testkit.EnumerationOracle;
import org.dpm.testkit.KnownModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The log likelihood from trajectories")
class TrajectoryLikelihoodTest extends EngineFixture {

  private static final double LOG_2 = Math.log(2);

  private static double[] values(
      List<TrajectoryEstimate> estimates, ToDoubleFunction<TrajectoryEstimate> value) {
    return estimates.stream().mapToDouble(value).toArray();
  }

  private static double meanLikelihood(List<TrajectoryEstimate> estimates) {
    return StatUtils.mean(values(estimates, TrajectoryEstimate::logLikelihood));
  }

  /** Of the mean over examples, for the examples that there are. */
  private static double standardError(List<TrajectoryEstimate> estimates) {
    double[] errors = values(estimates, TrajectoryEstimate::standardError);
    return Math.sqrt(StatUtils.sumSq(errors)) / errors.length;
  }

  @ParameterizedTest(name = "D = {0}")
  @ValueSource(ints = {1, 2, 8})
  @DisplayName("is the log density of Gaussian data under the exact reverse step")
  void gaussian(int dimensions) {
    GaussianMixture truth = GaussianMixture.gaussian(dimensions);
    NDArray data = truth.draw(manager, 50, Noise.of(1, "data").at(dimensions));
    double expected = StatUtils.mean(truth.logDensity(data));
    List<TrajectoryEstimate> estimates =
        new TrajectoryLikelihood(truth.diffusion(20), 50)
            .of(data, Noise.of(2, "test"), Progress.NONE);
    // What is left of the data at the end, abar_T = 0.0001, moves each example a little.
    assertThat(meanLikelihood(estimates))
        .isCloseTo(expected, within(4 * standardError(estimates) + 1e-3));
    assertThat(Math.abs(meanLikelihood(estimates) - expected) / LOG_2).isLessThan(0.02);
    assertThat(Math.abs(meanLikelihood(biased(truth, data)) - expected) / LOG_2)
        .as("where what is believed of the data is off by 0.3")
        .isGreaterThan(0.1);
  }

  private static List<TrajectoryEstimate> biased(GaussianMixture truth, NDArray data) {
    return new TrajectoryLikelihood(truth.biased(20, 0.3), 50)
        .of(data, Noise.of(2, "test"), Progress.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"variance-preserving", "conditional-ot"})
  @DisplayName("is the log density of a mixture with its exact score, for short steps")
  void mixture(String path) {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 60, Noise.of(1, "data"));
    List<TrajectoryEstimate> estimates =
        new TrajectoryLikelihood(truth.diffusion(200, Paths.gaussian(path)), 60)
            .of(data, Noise.of(2, "test"), Progress.NONE);
    double off = meanLikelihood(estimates) - StatUtils.mean(truth.logDensity(data));
    assertThat(Math.abs(off)).isLessThan(4 * standardError(estimates));
    assertThat(Math.abs(off) / LOG_2).isLessThan(0.02);
  }

  @Test
  @DisplayName(
      "is that of the model, not of the data: each example's own, where the model is wrong")
  void wrongButKnown() {
    KnownModel known = KnownModel.gaussian();
    Diffusion diffusion = known.diffusion(Grid.even(6), 0.15);
    NDArray data = known.data(manager);
    double[] truth = known.logLikelihood(diffusion, data);
    List<TrajectoryEstimate> estimates =
        new TrajectoryLikelihood(diffusion, 4000).of(data, Noise.of(3, "test"), Progress.NONE);
    for (int i = 0; i < truth.length; i++) {
      TrajectoryEstimate estimate = estimates.get(i);
      assertThat(estimate.logLikelihood())
          .as("example %d", i)
          .isCloseTo(truth[i], within(4 * estimate.standardError()));
      assertThat(estimate.standardError()).isLessThan(0.02);
      assertThat(estimate.bound()).isLessThan(truth[i]);
    }
  }

  @Test
  @DisplayName("is K where one trajectory is all there is, and rises from it")
  void risesFromTheBound() {
    KnownModel known = KnownModel.gaussian();
    Diffusion diffusion =
        known.diffusion(Grid.even(6), (x, time, y) -> x.mul(0.5).expandDims(1).repeat(1, 2));
    NDArray data = known.data(manager).get("0:1").repeat(0, 6000);
    List<TrajectoryEstimate> single =
        new TrajectoryLikelihood(diffusion, 1).of(data, Noise.of(4, "test"), Progress.NONE);
    double[] bound = new VariationalBound(diffusion).total(data, Noise.of(5, "K")).toDoubleArray();
    double error =
        Math.sqrt(
            (StatUtils.variance(bound)
                    + StatUtils.variance(values(single, TrajectoryEstimate::bound)))
                / 6000);
    assertThat(meanLikelihood(single)).isCloseTo(-StatUtils.mean(bound), within(4 * error));

    List<Double> rising = new ArrayList<>();
    for (int trajectories : new int[] {1, 4, 32}) {
      List<TrajectoryEstimate> estimates =
          new TrajectoryLikelihood(diffusion, trajectories)
              .of(data.get("0:1000"), Noise.of(6, "test"), Progress.NONE);
      rising.add(meanLikelihood(estimates));
      assertThat(estimates)
          .allSatisfy(e -> assertThat(e.logLikelihood()).isGreaterThanOrEqualTo(e.bound() - 1e-12));
    }
    assertThat(rising.get(1)).isGreaterThan(rising.get(0) + 0.05);
    assertThat(rising.get(2)).isGreaterThan(rising.get(1) + 0.005);
  }

  /** Bayes for fair bits, and then a word of the network, which sees all of them. */
  private record Entangled(ForwardKernel forward, double more) implements ReverseKernel {

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public boolean denoises() {
      return false;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      throw new UnsupportedOperationException("steps are no belief");
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray fair = current.zerosLike().add(0.5);
      NDArray one = forward.posterior(fair, current, stage).mean();
      NDArray logOdds = one.log().sub(one.neg().add(1).log());
      return Bernoulli.ofLogOdds(logOdds.add(output.squeeze(1)).add(more));
    }
  }

  private static Diffusion bits(int bits, int steps, LastStep lastStep, double more) {
    Schedule schedule = time -> time.mul(-5).add(3);
    ForwardKernel forward = KnownModel.bits().diffusion(Grid.even(steps), 0).forward();
    return new Diffusion(
        new Shape(bits),
        Grid.even(steps),
        lastStep,
        schedule,
        forward,
        new Entangled(forward, more),
        (x, time, condition) -> {
          NDArray others = x.sum(new int[] {1}, true).sub(bits / 2.0);
          return x.sub(0.5).mul(others).sub(time.reshape(-1, 1)).mul(0.2).expandDims(1);
        });
  }

  @ParameterizedTest(name = "{0} bits, T = {1}, last step {2}")
  @CsvSource({"8, 4, FORWARD", "8, 4, LEARNED", "9, 3, LEARNED"})
  @DisplayName("is the exact p(x_0) of bits, summed over all that can happen")
  void enumerated(int bits, int steps, LastStep lastStep) {
    Diffusion diffusion = bits(bits, steps, lastStep, 0);
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager);
    double[] truth = oracle.logLikelihood();
    NDArray data = oracle.states(manager);
    List<TrajectoryEstimate> estimates =
        new TrajectoryLikelihood(diffusion, 100).of(data, Noise.of(7, "test"), Progress.NONE);
    double mean = meanLikelihood(estimates);
    assertThat(mean).isCloseTo(StatUtils.mean(truth), within(4 * standardError(estimates)));
    for (int state : new int[] {0, 37, 255}) {
      assertThat(estimates.get(state).logLikelihood())
          .as("state %d", state)
          .isCloseTo(truth[state], within(4 * estimates.get(state).standardError()));
    }
    List<TrajectoryEstimate> wrong =
        new TrajectoryLikelihood(bits(bits, steps, lastStep, 0.3), 100)
            .of(data, Noise.of(7, "test"), Progress.NONE);
    assertThat(Math.abs(meanLikelihood(wrong) - StatUtils.mean(truth)))
        .as("of another model")
        .isGreaterThan(10 * standardError(wrong));
  }

  @Test
  @DisplayName("belongs to its example, however examples and trajectories are dealt out in batches")
  void batches() {
    GaussianMixture truth = GaussianMixture.gaussian(1);
    NDArray data = truth.draw(manager, 4100, Noise.of(1, "data"));
    double[] expected = truth.logDensity(data);
    for (int trajectories : new int[] {1, 3}) {
      List<TrajectoryEstimate> estimates =
          new TrajectoryLikelihood(truth.diffusion(3), trajectories)
              .of(data, Noise.of(2, "test"), Progress.NONE);
      assertThat(values(estimates, TrajectoryEstimate::logLikelihood))
          .containsExactly(expected, within(0.1));
    }
    NDArray few = data.get("0:3");
    List<TrajectoryEstimate> many =
        new TrajectoryLikelihood(truth.diffusion(3), 5000)
            .of(few, Noise.of(2, "test"), Progress.NONE);
    assertThat(values(many, TrajectoryEstimate::logLikelihood))
        .containsExactly(truth.logDensity(few), within(0.01));
    assertThat(many.get(0).effectiveTrajectories()).isBetween(4900.0, 5000.0);
  }

  @Test
  @DisplayName("of an example alone, in one piece, is that of it among others, in many")
  void pieces() {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 6, Noise.of(1, "data"));
    // 666 trajectories of each of six at a time, or all 1,500 of one.
    TrajectoryLikelihood likelihood = new TrajectoryLikelihood(truth.diffusion(3), 1500);
    TrajectoryEstimate among = likelihood.of(data, Noise.of(2, "test"), Progress.NONE).get(0);
    TrajectoryEstimate alone =
        likelihood.of(data.get("0:1"), Noise.of(2, "test"), Progress.NONE).get(0);
    assertThat(alone.logLikelihood()).isCloseTo(among.logLikelihood(), within(1e-4));
    assertThat(alone.effectiveTrajectories()).isCloseTo(among.effectiveTrajectories(), within(0.1));
  }

  @Test
  @DisplayName("of ten of thirty examples are the first ten of thirty")
  void firstTen() {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 30, Noise.of(1, "data"));
    TrajectoryLikelihood likelihood = new TrajectoryLikelihood(truth.diffusion(10), 7);
    double[] all =
        values(
            likelihood.of(data, Noise.of(2, "test"), Progress.NONE),
            TrajectoryEstimate::logLikelihood);
    double[] ten =
        values(
            likelihood.of(data.get("0:10"), Noise.of(2, "test"), Progress.NONE),
            TrajectoryEstimate::logLikelihood);
    assertThat(ten).containsExactly(Arrays.copyOf(all, 10), within(1e-4));
  }

  @Test
  @DisplayName("is the same again with the same noise, and leaves no arrays behind")
  void repeats() {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 20, Noise.of(1, "data"));
    TrajectoryLikelihood likelihood = new TrajectoryLikelihood(truth.diffusion(5), 300);
    int before = manager.getManagedArrays().size();
    List<TrajectoryEstimate> once = likelihood.of(data, Noise.of(2, "test"), Progress.NONE);
    assertThat(manager.getManagedArrays()).hasSize(before);
    assertThat(likelihood.of(data, Noise.of(2, "test"), Progress.NONE)).isEqualTo(once);
    assertThat(likelihood.of(data, Noise.of(3, "test"), Progress.NONE)).isNotEqualTo(once);
  }

  @Test
  @DisplayName("tells how far it has come, up to the end")
  void progress() {
    GaussianMixture truth = GaussianMixture.gaussian(1);
    List<Double> told = new ArrayList<>();
    new TrajectoryLikelihood(truth.diffusion(5), 3000)
        .of(truth.draw(manager, 4, Noise.of(1, "data")), Noise.of(2, "test"), told::add);
    assertThat(told).isSorted().hasSizeGreaterThan(8);
    assertThat(told.get(told.size() - 1)).isEqualTo(1);
  }

  @Test
  @DisplayName("needs a trajectory")
  void refusesNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrajectoryLikelihood(bits(2, 2, LastStep.FORWARD, 0), 0))
        .withMessage("trajectories must be at least 1, but is 0");
  }
}
