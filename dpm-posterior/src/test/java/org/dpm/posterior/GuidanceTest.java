package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
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
      like -> List.of(new Factor.Known(row(like, KNOWN), row(like, 1, 1, 0)));

  private static NDArray row(NDArray like, double... values) {
    NDArray row = like.getManager().create(values, new Shape(1, values.length));
    return row.toType(like.getDataType(), false);
  }

  private Estimate run(int runs, int particles, int guidance) {
    return run(MODEL.diffusion(40), PRIOR, runs, particles, guidance);
  }

  private Estimate run(Diffusion diffusion, Prior prior, int runs, int particles, int guidance) {
    Settings settings = new Settings(particles, 0.5, 0, guidance);
    return Estimate.of(
        new SequentialMonteCarlo(diffusion, prior, settings)
            .sample(manager, 0, runs, Noise.of(5, "guidance " + guidance), Progress.NONE));
  }

  @ParameterizedTest(name = "of {0} derivatives leaves what particles converge to as it is")
  @ValueSource(ints = {1, 2})
  void exact(int guidance) {
    Estimate with = run(40, 200, guidance);
    Estimate without = run(40, 200, 0);
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
    return alone(run(2000, 1, guidance));
  }

  private static Value alone(Estimate one) {
    return new Estimate(one.runs(), new double[2000]).expectation(x -> x[2]);
  }

  @Test
  @DisplayName("brings a single particle to where many are, which falls short without it")
  void oneParticle() {
    double exact = run(20, 200, 0).expectation(x -> x[2]).value();
    Value guided = alone(1);
    Value unguided = alone(0);
    // Each mean has a standard error of 0.014.
    assertThat(guided.value()).isCloseTo(exact, within(0.06));
    assertThat(unguided.value()).isNotCloseTo(exact, within(0.06));
  }

  /** The mean of two elements of three, measured with an error. */
  private static Prior sum(double y, double deviation) {
    return like ->
        List.of(
            new Factor.Measurement(
                new Sum(row(like, 0.5, 0.5, 0)),
                row(like, y),
                row(like, deviation),
                0,
                OnTheWay.DIFFUSED));
  }

  private record Sum(NDArray weights) implements Factor.LinearMap {

    @Override
    public NDArray apply(NDArray x) {
      return x.mul(weights).sum(new int[] {1}, true);
    }

    @Override
    public NDArray transposed(NDArray y) {
      return y.mul(weights);
    }

    @Override
    public NDArray squares(NDArray like) {
      return weights.square().sum(new int[] {1}, true);
    }
  }

  @ParameterizedTest(name = "works for sums that were measured, on the path {0}")
  @ValueSource(strings = {"variance-preserving", "variance-exploding", "sub-vp", "conditional-ot"})
  void sums(String path) {
    Diffusion diffusion = MODEL.diffusion(40, Kernels.gaussian(path));
    Prior prior = sum(1.1, 0.1);
    Estimate with = run(diffusion, prior, 40, 200, 1);
    Estimate without = run(diffusion, prior, 40, 200, 0);
    assertSame("log Z", with.logEvidenceValue(), without.logEvidenceValue());
    assertSame("mean", with.expectation(x -> x[2]), without.expectation(x -> x[2]));
    // Steps of a mixture are right for small ones only: 40 are 0.035 off what is true of the data.
    double target = without.expectation(x -> x[2]).value();
    assertThat(target).isCloseTo(exactThird(1.1, 0.1), within(0.07));
    double guided = alone(run(diffusion, prior, 2000, 1, 1)).value();
    double unguided = alone(run(diffusion, prior, 2000, 1, 0)).value();
    assertThat(Math.abs(guided - target)).isLessThan(0.5 * Math.abs(unguided - target));
  }

  /** N(y; m, 0.2 / 2 + deviation^2) weighs each component of mean m. */
  private static double exactThird(double y, double deviation) {
    double sum = 0;
    double mean = 0;
    for (double[] component : MODEL.means()) {
      double distance = y - component[0];
      double weight = Math.exp(-0.5 * distance * distance / (0.1 + deviation * deviation));
      sum += weight;
      mean += weight * component[2];
    }
    return mean / sum;
  }

  @Test
  @DisplayName("works for elements that were measured with an error")
  void elements() {
    Prior prior =
        like ->
            List.of(
                new Factor.Factorised(
                    DiagonalGaussian.of(row(like, KNOWN), row(like, 0.05, 0.05, 1)),
                    row(like, 1, 1, 0),
                    0,
                    OnTheWay.DIFFUSED));
    double exact =
        MODEL.times(KNOWN, new double[] {0.05, 0.05, Double.POSITIVE_INFINITY}).mean()[2];
    Diffusion diffusion = MODEL.diffusion(40);
    run(diffusion, prior, 40, 200, 1).expectation(x -> x[2]).assertIs("mean", exact);
    double guided = alone(run(diffusion, prior, 2000, 1, 1)).value();
    double unguided = alone(run(diffusion, prior, 2000, 1, 0)).value();
    assertThat(Math.abs(guided - exact)).isLessThan(0.5 * Math.abs(unguided - exact));
  }
}
