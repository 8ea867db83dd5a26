package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Diffusion;
import org.dpm.api.Factor;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.core.Model;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.dpm.testkit.EnumerationOracle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The binomial kernel with a network that ties every bit to every other, and all 1024 states. */
@DisplayName("A posterior of ten bits")
class TiedBitsTest {

  private static final int BITS = 10;

  private static final double[] LOG_ODDS = {2, -1.5, 0.5, 0, 1, -3, 0.2, 2.5, -0.7, -1};

  @TempDir private Path directory;

  private Registry registry;
  private Model model;

  @BeforeEach
  void open() {
    registry = Registry.load(Optional.empty());
    model =
        Kernels.model(
            registry,
            "steps: 6\nkernel: { kind: binomial, rate: 0.4 }",
            Kernels.bits(BITS),
            0.4,
            0.49);
  }

  @AfterEach
  void close() {
    model.close();
    registry.close();
  }

  /** What each bit says of each other is drawn from the seed. */
  private Diffusion tied(long seed, float strength) {
    Diffusion of = model.diffusion();
    NDArray like = model.manager().zeros(new Shape(BITS, BITS), DataType.FLOAT32);
    NDArray ties = Noise.of(seed, "ties").gaussian(like).mul(strength);
    return new Diffusion(
        of.element(),
        of.grid(),
        of.lastStep(),
        of.schedule(),
        of.forward(),
        of.reverse(),
        (x, time, condition) -> x.sub(0.4f).matMul(ties).expandDims(1));
  }

  private double[] likelihood(Diffusion diffusion) {
    try (NDManager own = model.manager().newSubManager()) {
      return EnumerationOracle.of(diffusion, own, DataType.FLOAT32).logLikelihood();
    }
  }

  private static double opinion(int state) {
    double sum = 0;
    for (int bit = 0; bit < BITS; bit++) {
      sum += (state >> bit & 1) * LOG_ODDS[bit];
    }
    return sum;
  }

  private Prior opinions(String onTheWay) throws IOException {
    Path file = directory.resolve("opinions.yaml");
    StringBuilder odds = new StringBuilder();
    for (double each : LOG_ODDS) {
      odds.append(odds.isEmpty() ? "" : ", ").append(each);
    }
    Files.writeString(file, "kind: bits\nlogOdds: [%s]\nonTheWay: %s\n".formatted(odds, onTheWay));
    return model.prior(new PipelineReader(registry).component(Prior.class, file));
  }

  private Estimate estimate(Diffusion diffusion, Prior prior, int runs, int particles) {
    try (NDManager own = model.manager().newSubManager()) {
      return Estimate.of(
          new SequentialMonteCarlo(diffusion, prior, new Settings(particles))
              .sample(own, 0, runs, Noise.of(3, "ten bits"), Progress.NONE));
    }
  }

  /** Marginals, the agreement of neighbours, and log Z of the mass of each state. */
  private static void assertIs(Estimate estimate, double[] logMass) {
    ParticleWeights weights = new ParticleWeights(logMass);
    double[] mass = weights.normalised();
    estimate.logEvidenceValue().assertIs("log Z", weights.logMean() + Math.log(mass.length));
    for (int bit = 0; bit < BITS; bit++) {
      int a = bit;
      int b = (bit + 1) % BITS;
      compare(estimate, "bit " + a, mass, x -> x[a]);
      compare(estimate, a + " and " + b, mass, x -> x[a] * x[b]);
    }
  }

  private static void compare(
      Estimate estimate, String what, double[] mass, ToDoubleFunction<float[]> function) {
    estimate.expectation(function).assertIs(what, exact(mass, function));
  }

  private static double exact(double[] mass, ToDoubleFunction<float[]> function) {
    double sum = 0;
    for (int state = 0; state < mass.length; state++) {
      float[] x = new float[BITS];
      for (int bit = 0; bit < BITS; bit++) {
        x[bit] = state >> bit & 1;
      }
      sum += mass[state] * function.applyAsDouble(x);
    }
    return sum;
  }

  private double[] withOpinions(Diffusion diffusion) {
    double[] logs = likelihood(diffusion);
    for (int state = 0; state < logs.length; state++) {
      // The prior is a distribution of bits: each log odds has its normaliser.
      logs[state] += opinion(state);
      for (double odds : LOG_ODDS) {
        logs[state] -= Math.log1p(Math.exp(odds));
      }
    }
    return logs;
  }

  @ParameterizedTest(name = "has the marginals and Z of enumeration for any log odds, {0}")
  @ValueSource(strings = {"diffused", "constant"})
  void anyOpinions(String onTheWay) throws IOException {
    Diffusion diffusion = tied(1, 1.2f);
    assertIs(estimate(diffusion, opinions(onTheWay), 40, 500), withOpinions(diffusion));
  }

  @Test
  @DisplayName("is not that of one particle alone")
  void oneParticle() throws IOException {
    Diffusion diffusion = tied(1, 1.2f);
    Estimate one = estimate(diffusion, opinions("constant"), 20_000, 1);
    Estimate unweighted = new Estimate(one.runs(), new double[one.logEvidence().length]);
    double[] mass = new ParticleWeights(withOpinions(diffusion)).normalised();
    assertThat(unweighted.expectation(x -> x[0]).is(exact(mass, x -> x[0]))).isFalse();
  }

  @Test
  @DisplayName("has those of the product with another model of the bits")
  void otherModel() {
    Diffusion first = tied(1, 1.2f);
    // A trajectory forth says little of a model whose steps are far from leading back.
    Diffusion second = tied(2, 0.3f);
    Prior other =
        like -> {
          NDArray zero = like.getManager().zeros(new Shape(1, BITS));
          return List.of(new Factor.OtherModel(second, zero.add(1), zero, 0, false, 1));
        };
    double[] logs = likelihood(first);
    double[] its = likelihood(second);
    for (int state = 0; state < logs.length; state++) {
      logs[state] += its[state];
    }
    assertIs(estimate(first, other, 40, 500), logs);
  }
}
