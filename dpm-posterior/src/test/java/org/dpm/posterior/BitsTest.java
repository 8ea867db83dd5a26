package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Bernoulli;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.engine.Devices;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.dpm.testkit.EnumerationOracle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A model of which the network ties the bits together, against all of its states. */
@DisplayName("Sequential Monte Carlo on bits")
class BitsTest {

  private static final double[] LOG_ODDS = {1.2, -0.8, 0.5};

  private NDManager manager;
  private Diffusion diffusion;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
    try (Registry registry = Registry.load(Optional.empty());
        Model model =
            Kernels.model(
                registry, "steps: 8\nkernel: { kind: binomial }", Kernels.bits(3), 0.5, 0.5)) {
      Diffusion of = model.diffusion();
      diffusion =
          new Diffusion(
              of.element(),
              of.grid(),
              of.lastStep(),
              of.schedule(),
              of.forward(),
              of.reverse(),
              BitsTest::tied);
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** The network: what the other bits are tells on each. */
  private static NDArray tied(NDArray x, NDArray time, @Nullable NDArray condition) {
    return x.sum(new int[] {1}, true).sub(1.5f).mul(x.sub(0.3f)).expandDims(1);
  }

  private static NDArray row(NDArray like, double... values) {
    return Doubles.array(like, values, new Shape(1, values.length));
  }

  /** Independent opinions, the same at every step: r is 1 where all bits are 0. */
  private static final Prior OPINIONS =
      like -> {
        NDArray odds = row(like, LOG_ODDS);
        double logConstant = Arrays.stream(LOG_ODDS).map(o -> Math.log1p(Math.exp(o))).sum();
        return List.of(
            new Factor.Factorised(
                Bernoulli.ofLogOdds(odds), odds.onesLike(), logConstant, OnTheWay.CONSTANT));
      };

  /** Prefers that the first two bits agree: no distribution of independent bits. */
  private static final Prior AGREEING =
      density(
          (x, stage) ->
              x.get(":, 0").sub(x.get(":, 1")).square().mul(-1.5f).mul(stage.signal().reshape(-1)));

  private static final Prior FIRST_IS_ONE =
      like -> List.of(new Factor.Known(row(like, 1, 0, 0), row(like, 1, 0, 0)));

  private static Prior density(Factor.LogDensity log) {
    return like -> List.of(new Factor.Density(log));
  }

  private void assertAgreesWithEnumeration(
      Prior prior, ToDoubleFunction<double[]> weight, int particles) {
    Estimate estimate =
        Estimate.of(
            new SequentialMonteCarlo(diffusion, prior, new Settings(particles))
                .sample(manager, 0, 40, Noise.of(3, "bits"), Progress.NONE));
    double[] likelihood =
        EnumerationOracle.of(diffusion, manager, DataType.FLOAT32).logLikelihood();
    double sum = 0;
    double[] ones = new double[3];
    for (int state = 0; state < likelihood.length; state++) {
      double[] x = {state & 1, state >> 1 & 1, state >> 2 & 1};
      double mass = Math.exp(likelihood[state]) * weight.applyAsDouble(x);
      sum += mass;
      for (int bit = 0; bit < 3; bit++) {
        ones[bit] += mass * x[bit];
      }
    }
    estimate.logEvidenceValue().assertIs("log Z", Math.log(sum));
    for (int bit = 0; bit < 3; bit++) {
      int which = bit;
      // Where a bit is certain the runs agree to the last digit.
      Estimate.Value share = estimate.expectation(x -> x[which]);
      if (share.standardError() < 1e-9) {
        assertThat(share.value()).isCloseTo(ones[bit] / sum, within(1e-9));
      } else {
        share.assertIs("bit " + bit, ones[bit] / sum);
      }
    }
  }

  private static double agreement(double[] x) {
    return Math.exp(-1.5 * Math.pow(x[0] - x[1], 2));
  }

  private static double opinion(double[] x) {
    return Math.exp(LOG_ODDS[0] * x[0] + LOG_ODDS[1] * x[1] + LOG_ODDS[2] * x[2]);
  }

  @Test
  @DisplayName("agrees with enumeration for independent opinions on bits")
  void opinions() {
    assertAgreesWithEnumeration(OPINIONS, BitsTest::opinion, 500);
  }

  @Test
  @DisplayName("agrees with enumeration for any function of the bits")
  void anyFunction() {
    assertAgreesWithEnumeration(AGREEING, BitsTest::agreement, 500);
  }

  @Test
  @DisplayName("agrees with enumeration where a bit is known")
  void knownBit() {
    assertAgreesWithEnumeration(FIRST_IS_ONE, x -> x[0], 500);
  }

  @Test
  @DisplayName("is caught when the weights are left out")
  void weightsMatter() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> {
              PosteriorDraws draws =
                  new SequentialMonteCarlo(diffusion, OPINIONS, new Settings(1))
                      .sample(manager, 0, 20_000, Noise.of(3, "bits"), Progress.NONE);
              Estimate unweighted =
                  new Estimate(Estimate.of(draws).runs(), new double[draws.logEvidence().length]);
              double[] likelihood =
                  EnumerationOracle.of(diffusion, manager, DataType.FLOAT32).logLikelihood();
              double sum = 0;
              double one = 0;
              for (int state = 0; state < likelihood.length; state++) {
                double[] x = {state & 1, state >> 1 & 1, state >> 2 & 1};
                double mass = Math.exp(likelihood[state]) * opinion(x);
                sum += mass;
                one += mass * x[0];
              }
              unweighted.expectation(x -> x[0]).assertIs("bit 0", one / sum);
            });
  }

  @Test
  @DisplayName("says so when r is not a number, and when it is impossible")
  void refusals() {
    SequentialMonteCarlo broken =
        new SequentialMonteCarlo(
            diffusion,
            density((x, stage) -> Distribution.perExample(x).mul(Float.NaN)),
            new Settings(4));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> broken.sample(manager, 0, 2, Noise.of(1, "x"), Progress.NONE))
        .withMessageContaining("not a finite number");
    SequentialMonteCarlo wrongShape =
        new SequentialMonteCarlo(diffusion, density((x, stage) -> x), new Settings(4));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> wrongShape.sample(manager, 0, 2, Noise.of(1, "x"), Progress.NONE))
        .withMessageContaining("one number for each of 8 examples");
  }
}
