package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.engine.Devices;
import org.dpm.posterior.Estimate.Value;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Components along a diagonal: what two elements of three are tells about the third. */
@DisplayName("Guidance by what is known")
class GuidanceTest {

  private static final KnownMixture MODEL =
      new KnownMixture(
          new double[][] {
            {-1.2, -1.2, -1.2}, {-0.6, -0.6, -0.6}, {0, 0, 0}, {0.6, 0.6, 0.6}, {1.2, 1.2, 1.2}
          },
          0.2);
  private static final double[] KNOWN = {1.3, 0.9, 0};

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

  @ParameterizedTest(name = "of {0} derivatives leaves what particles converge to as it is")
  @ValueSource(ints = {1, 2})
  void exact(int guidance) {
    Estimate with = run(40, 40, 200, guidance);
    Estimate without = run(40, 40, 200, 0);
    assertSame("log density", with.logEvidenceValue(), without.logEvidenceValue());
    assertSame("mean", with.expectation(x -> x[2]), without.expectation(x -> x[2]));
    ToDoubleFunction<float[]> square = x -> x[2] * x[2];
    assertSame("square", with.expectation(square), without.expectation(square));
  }

  /** Within 4 standard errors of their difference. */
  private static void assertSame(String what, Value a, Value b) {
    new Value(a.value(), Math.hypot(a.standardError(), b.standardError()))
        .assertIs(what, b.value());
  }

  /** Mean of the third element as one particle draws it, which has no weights. */
  private Value alone(int guidance) {
    Estimate one = run(40, 2000, 1, guidance);
    return new Estimate(one.runs(), new double[2000]).expectation(x -> x[2]);
  }

  @Test
  @DisplayName("brings a single particle to where many are, which falls short without it")
  void oneParticle() {
    double exact = run(40, 20, 200, 0).expectation(x -> x[2]).value();
    Value guided = alone(1);
    Value unguided = alone(0);
    // Each mean has a standard error of 0.014.
    assertThat(guided.value()).isCloseTo(exact, within(0.06));
    assertThat(unguided.value()).isNotCloseTo(exact, within(0.06));
  }
}
