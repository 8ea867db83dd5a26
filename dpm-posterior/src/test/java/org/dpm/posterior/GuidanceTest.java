package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.engine.Devices;
import org.dpm.posterior.KnownMixture.Exact;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two components, of which two known elements of three tell which it is, and so the third. */
@DisplayName("Guidance by what is known")
class GuidanceTest {

  private static final KnownMixture MODEL =
      new KnownMixture(new double[][] {{0.9, 0.8, 0.9}, {-0.7, -0.6, -0.9}}, 0.2);
  private static final double[] KNOWN = {0.35, 0.1, 0};
  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final Exact EXACT = MODEL.times(KNOWN, new double[] {0, 0, NONE});

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static final Prior PRIOR =
      new Prior() {
        @Override
        public NDArray logDensity(NDArray x, Stage stage) {
          throw new IllegalStateException("known elements are conditioned on");
        }

        @Override
        public Optional<Known> known(NDArray like) {
          return Optional.of(new Known(row(like, KNOWN), row(like, 1, 1, 0)));
        }
      };

  private static NDArray row(NDArray like, double... values) {
    NDArray row = like.getManager().create(values, new Shape(1, values.length));
    return row.toType(like.getDataType(), false);
  }

  private Estimate run(int steps, int runs, int particles, int guidance) {
    Settings settings = new Settings(particles, 0.5, 0, guidance);
    return Estimate.of(
        new SequentialMonteCarlo(MODEL.diffusion(steps), PRIOR, settings)
            .sample(manager, runs, Noise.of(5, "guidance", guidance)));
  }

  private static void assertIsExact(Estimate estimate) {
    estimate.logEvidenceValue().assertIs("log density", EXACT.logEvidence());
    estimate.expectation(x -> x[2]).assertIs("mean", EXACT.mean()[2]);
    estimate
        .expectation(x -> Math.pow(x[2] - EXACT.mean()[2], 2))
        .assertIs("variance", EXACT.covariance()[2][2]);
  }

  @ParameterizedTest(name = "leaves the posterior and the density of what is known, {0} times")
  @ValueSource(ints = {1, 2})
  void exact(int guidance) {
    assertIsExact(run(150, 60, 200, guidance));
  }

  /** Mean of the third element as one particle draws it, which has no weights. */
  private double alone(int guidance) {
    Estimate one = run(40, 4000, 1, guidance);
    return new Estimate(one.runs(), new double[4000]).expectation(x -> x[2]).value();
  }

  @Test
  @DisplayName("brings a single particle closer, which without it is too little moved")
  void oneParticle() {
    // The deviation is about 0.9: one standard error of the means is 0.014.
    assertThat(alone(1)).isCloseTo(EXACT.mean()[2], within(0.12));
    assertThat(alone(0)).isNotCloseTo(EXACT.mean()[2], within(0.12));
  }

  @Test
  @DisplayName("is not exact for a single particle, as the test of many can tell")
  void weightsAreNeeded() {
    Estimate one = run(150, 12_000, 1, 1);
    Estimate unweighted = new Estimate(one.runs(), new double[12_000]);
    double variance = EXACT.covariance()[2][2];
    boolean same =
        unweighted.expectation(x -> x[2]).is(EXACT.mean()[2])
            && unweighted.expectation(x -> Math.pow(x[2] - EXACT.mean()[2], 2)).is(variance);
    assertThat(same).isFalse();
  }
}
