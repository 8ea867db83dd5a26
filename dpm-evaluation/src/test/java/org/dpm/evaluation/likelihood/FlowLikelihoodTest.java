package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.testkit.KnownModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The log likelihood by the probability flow")
class FlowLikelihoodTest extends EngineFixture {

  private static final double LOG_2 = Math.log(2);

  private static double[] values(List<FlowEstimate> estimates) {
    return estimates.stream().mapToDouble(FlowEstimate::logLikelihood).toArray();
  }

  private static double bitsOff(List<FlowEstimate> estimates, double... truth) {
    return (StatUtils.mean(values(estimates)) - StatUtils.mean(truth)) / LOG_2;
  }

  private static List<FlowEstimate> flow(Diffusion diffusion, NDArray data) {
    return new FlowLikelihood(diffusion).of(data, Noise.of(2, "test"), Progress.NONE);
  }

  @ParameterizedTest(name = "D = {0}")
  @ValueSource(ints = {1, 2, 8})
  @DisplayName("is the log density of Gaussian data")
  void gaussian(int dimensions) {
    GaussianMixture truth = GaussianMixture.gaussian(dimensions);
    NDArray data = truth.draw(manager, 50, Noise.of(1, "data").at(dimensions));
    double[] expected = truth.logDensity(data);
    List<FlowEstimate> estimates = flow(truth.diffusion(20), data);
    assertThat(bitsOff(estimates, expected)).isCloseTo(0, within(0.02));
    assertThat(values(estimates)).containsExactly(expected, within(0.05));
    assertThat(estimates).allSatisfy(e -> assertThat(e.probeError()).isZero());
  }

  @Test
  @DisplayName(
      "is that of the model, not of the data, where what is believed of the data is off by 0.3")
  void biased() {
    GaussianMixture truth = GaussianMixture.gaussian(1);
    NDArray data = truth.draw(manager, 50, Noise.of(1, "data").at(1));
    double off = bitsOff(flow(truth.biased(20, 0.3), data), truth.logDensity(data));
    assertThat(Math.abs(off)).isGreaterThan(0.1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"variance-preserving", "variance-exploding", "sub-vp", "conditional-ot"})
  @DisplayName("is the log density of a mixture with its exact score, point by point, on each path")
  void mixture(String path) {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 60, Noise.of(1, "data"));
    double[] expected = truth.logDensity(data);
    List<FlowEstimate> estimates = flow(truth.diffusion(20, Paths.gaussian(path)), data);
    assertThat(bitsOff(estimates, expected)).isCloseTo(0, within(0.02));
    assertThat(values(estimates)).containsExactly(expected, within(0.05));
  }

  @Test
  @DisplayName("knows the error of its random probes, above 32 dimensions")
  void hutchinson() {
    GaussianMixture truth = new GaussianMixture(List.of(wide(-0.3, 0.4), wide(0.3, 0.6)));
    NDArray data = truth.draw(manager, 64, Noise.of(1, "data"));
    double[] expected = truth.logDensity(data);
    List<FlowEstimate> estimates = flow(truth.diffusion(20), data);
    double[] errors = estimates.stream().mapToDouble(FlowEstimate::probeError).toArray();
    double error = Math.sqrt(StatUtils.sumSq(errors)) / errors.length;
    double off = bitsOff(estimates, expected) * LOG_2;
    assertThat(error).isBetween(1e-4, 0.1);
    // Four probes give an error that is itself known to 40 per cent, but 64 examples to 5.
    assertThat(Math.abs(off)).isLessThan(4 * error + 0.01);
    assertThat(flow(truth.diffusion(20), data)).isEqualTo(estimates);
  }

  private static GaussianMixture.Component wide(double mean, double variance) {
    return new GaussianMixture.Component(
        Collections.nCopies(40, mean), Collections.nCopies(40, variance));
  }

  @Test
  @DisplayName("of an example is its own, whatever batch it is in, with random probes too")
  void batches() {
    for (GaussianMixture truth :
        List.of(
            GaussianMixture.three(),
            new GaussianMixture(List.of(wide(-0.3, 0.4), wide(0.3, 0.6))))) {
      NDArray data = truth.draw(manager, 30, Noise.of(1, "data"));
      double[] all = values(flow(truth.diffusion(20), data));
      assertThat(values(flow(truth.diffusion(20), data.get("0:10"))))
          .containsExactly(Arrays.copyOf(all, 10), within(1e-4));
    }
  }

  @Test
  @DisplayName("is refused where there is no Gaussian path, and where steps are predicted")
  void refusesOtherKernels() {
    Diffusion bits = KnownModel.bits().diffusion(Grid.even(5), 0);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new FlowLikelihood(bits))
        .withMessageContaining("needs a Gaussian path, and kernel 'Forward' has none")
        .withMessageContaining("--likelihood S");

    GaussianMixture truth = GaussianMixture.gaussian(1);
    Diffusion smooth = truth.diffusion(5);
    ReverseKernel steps = new Steps(smooth.reverse());
    Diffusion diffusion = truth.diffusion(5, GaussianMixture.SCHEDULE, smooth.forward(), steps);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> new FlowLikelihood(diffusion))
        .withMessageContaining("reverse 'Steps' as it is set predicts steps")
        .withMessageContaining("--likelihood S");
  }

  /** One that says nothing of the data. */
  private record Steps(ReverseKernel reverse) implements ReverseKernel {

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
      return reverse.transition(current, output, stage);
    }
  }

  @Test
  @DisplayName("is refused where it still moves, with by how much")
  void refusesUnconverged() {
    GaussianMixture truth = GaussianMixture.three();
    NDArray data = truth.draw(manager, 5, Noise.of(1, "data"));
    FlowLikelihood coarse = new FlowLikelihood(truth.diffusion(5), List.of(1.0, 0.1), 1000);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> coarse.of(data, Noise.of(2, "test"), Progress.NONE))
        .withMessageStartingWith(
            "the probability flow has not converged: from tolerance 1.0 to 0.1")
        .withMessageContaining("bits an example, and 0.0100 are allowed")
        .withMessageContaining("--likelihood S does not depend on that");
  }

  @Test
  @DisplayName("is refused where it gets stuck, with where")
  void refusesRoughness() {
    GaussianMixture truth = GaussianMixture.gaussian(1);
    Diffusion smooth = truth.diffusion(5);
    ReverseKernel rough =
        new ReverseKernel() {
          @Override
          public int outputs() {
            return 1;
          }

          /** Up and down between one number and the next. */
          @Override
          public Distribution data(NDArray current, NDArray output, Stage stage) {
            Distribution belief = smooth.reverse().data(current, output, stage);
            NDArray wave = current.mul(number(current, 1000)).sin().mul(number(current, 0.2));
            return DiagonalGaussian.of(belief.mean().add(wave), current.onesLike());
          }

          @Override
          public Distribution transition(NDArray current, NDArray output, Stage stage) {
            throw new UnsupportedOperationException("the flow does not ask for it");
          }
        };
    Diffusion diffusion = truth.diffusion(5, GaussianMixture.SCHEDULE, smooth.forward(), rough);
    NDArray data = truth.draw(manager, 3, Noise.of(1, "data"));
    FlowLikelihood impatient = new FlowLikelihood(diffusion, List.of(1e-3, 1e-4), 200);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> impatient.of(data, Noise.of(2, "test"), Progress.NONE))
        .withMessageMatching(
            "the probability flow got stuck at a log signal-to-noise ratio of -?[0-9.]+, on its way"
                + " from 5.520 to -9.200, with tolerance 0.001: .*");
  }

  @Test
  @DisplayName("takes schedules of which the signal vanishes at the end")
  void vanishingSignal() {
    GaussianMixture truth = GaussianMixture.gaussian(2);
    ForwardKernel forward = GaussianMixture.forward();
    // abar = 0.9999 - 0.9999 time, which is 0 at time 1.
    Schedule schedule =
        time -> {
          NDArray kept = time.neg().add(1).mul(0.9999);
          return kept.log().sub(kept.neg().add(1).log());
        };
    Diffusion diffusion = truth.diffusion(50, schedule, forward, truth.exact(forward));
    NDArray data = truth.draw(manager, 30, Noise.of(1, "data"));
    // Step 1 has a fiftieth of noise: the density is that of data blurred so much.
    double blur = 1 / 0.9999 / 0.98 - 1;
    assertThat(values(flow(diffusion, data)))
        .containsExactly(truth.blurred(blur).logDensity(data), within(0.02));
  }

  @Test
  @DisplayName("leaves no arrays behind, and tells how far it has come")
  void leavesNothing() {
    GaussianMixture truth = GaussianMixture.gaussian(2);
    NDArray data = truth.draw(manager, 10, Noise.of(1, "data"));
    int before = manager.getManagedArrays().size();
    List<Double> told = new ArrayList<>();
    new FlowLikelihood(truth.diffusion(5)).of(data, Noise.of(2, "test"), told::add);
    assertThat(manager.getManagedArrays()).hasSize(before);
    assertThat(told).isSorted().hasSizeGreaterThan(20);
    assertThat(told.get(told.size() - 1)).isEqualTo(1);
  }
}
