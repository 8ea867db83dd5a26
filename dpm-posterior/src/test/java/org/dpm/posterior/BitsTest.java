package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Bernoulli;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.dpm.engine.Devices;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.dpm.testkit.EnumerationOracle;
import org.dpm.testkit.KnownModel;
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
    diffusion = asBernoulli(KnownModel.bits().diffusion(8, BitsTest::tied));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** The network: what the other bits are tells on each. */
  private static NDArray tied(NDArray x, NDArray time) {
    return x.sum(new int[] {1}, true).sub(1.5f).mul(x.sub(0.3f)).expandDims(1);
  }

  /** The same steps as the API's distribution of bits, which the test kit does without. */
  private static Diffusion asBernoulli(Diffusion of) {
    ReverseKernel reverse =
        new ReverseKernel() {
          @Override
          public int outputs() {
            return 1;
          }

          @Override
          public Distribution transition(NDArray current, NDArray output, Stage stage) {
            return bernoulli(of.reverse().transition(current, output, stage), current);
          }
        };
    ForwardKernel forward =
        new ForwardKernel() {
          @Override
          public Distribution stationary(NDArray like) {
            return bernoulli(of.forward().stationary(like), like);
          }

          @Override
          public Distribution transition(NDArray previous, Stage stage) {
            return bernoulli(of.forward().transition(previous, stage), previous);
          }

          @Override
          public Distribution marginal(NDArray data, Stage stage) {
            return bernoulli(of.forward().marginal(data, stage), data);
          }

          @Override
          public Distribution posterior(NDArray data, NDArray current, Stage stage) {
            return bernoulli(of.forward().posterior(data, current, stage), data);
          }
        };
    return new Diffusion(
        of.element(), of.steps(), of.lastStep(), of.schedule(), forward, reverse, BitsTest::tied);
  }

  private static Distribution bernoulli(Distribution bits, NDArray like) {
    return Bernoulli.ofLogOdds(
        bits.logProbability(like.onesLike()).sub(bits.logProbability(like.zerosLike())));
  }

  private static NDArray opinions(NDArray like) {
    NDArray row = like.getManager().create(LOG_ODDS, new Shape(1, LOG_ODDS.length));
    return like.zerosLike().add(row.toType(DataType.FLOAT32, false));
  }

  /** Independent opinions, the same at every step. */
  private static final class Opinions implements Prior {

    @Override
    public NDArray logDensity(NDArray x, Stage stage) {
      return Distribution.perExample(opinions(x).mul(x));
    }

    @Override
    public Optional<Distribution> factors(NDArray like, Stage stage) {
      return Optional.of(Bernoulli.ofLogOdds(opinions(like)));
    }
  }

  /** Prefers that the first two bits agree: no distribution of independent bits. */
  private static final Prior AGREEING =
      (x, stage) ->
          x.get(":, 0").sub(x.get(":, 1")).square().mul(-1.5f).mul(stage.signal().reshape(-1));

  private static final class FirstIsOne implements Prior {

    @Override
    public NDArray logDensity(NDArray x, Stage stage) {
      throw new IllegalStateException("known bits are conditioned on");
    }

    @Override
    public Optional<Known> known(NDArray like) {
      NDArray first = like.getManager().create(new float[] {1, 0, 0}, new Shape(1, 3));
      return Optional.of(new Known(first, first));
    }
  }

  private void assertAgreesWithEnumeration(
      Prior prior, ToDoubleFunction<double[]> weight, int particles) {
    Estimate estimate =
        Estimate.of(
            new SequentialMonteCarlo(diffusion, prior, new Settings(particles))
                .sample(manager, 40, Noise.of(3, "bits", 0)));
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
    assertAgreesWithEnumeration(new Opinions(), BitsTest::opinion, 500);
  }

  @Test
  @DisplayName("agrees with enumeration for any function of the bits")
  void anyFunction() {
    assertAgreesWithEnumeration(AGREEING, BitsTest::agreement, 500);
  }

  @Test
  @DisplayName("agrees with enumeration where a bit is known")
  void knownBit() {
    assertAgreesWithEnumeration(new FirstIsOne(), x -> x[0], 500);
  }

  @Test
  @DisplayName("is caught when the weights are left out")
  void weightsMatter() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> {
              PosteriorDraws draws =
                  new SequentialMonteCarlo(diffusion, new Opinions(), new Settings(1))
                      .sample(manager, 20_000, Noise.of(3, "bits", 0));
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
            diffusion, (x, stage) -> Distribution.perExample(x).mul(Float.NaN), new Settings(4));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> broken.sample(manager, 2, Noise.of(1, "x", 0)))
        .withMessageContaining("not a finite number");
    SequentialMonteCarlo wrongShape =
        new SequentialMonteCarlo(diffusion, (x, stage) -> x, new Settings(4));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> wrongShape.sample(manager, 2, Noise.of(1, "x", 0)))
        .withMessageContaining("one number for each of 8 examples");
  }
}
