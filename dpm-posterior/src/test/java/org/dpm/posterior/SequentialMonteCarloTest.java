package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.engine.Devices;
import org.dpm.posterior.KnownMixture.Exact;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Sequential Monte Carlo on numbers")
class SequentialMonteCarloTest {

  private static final double NOISE = 0.3;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** r(x) = N(y; x, NOISE), as a distribution of elements. */
  private static Prior measured(double... y) {
    return like -> {
      NDArray mean = row(like.getManager(), y);
      DiagonalGaussian law = DiagonalGaussian.of(mean, mean.onesLike().mul((float) NOISE));
      return List.of(new Factor.Factorised(law, mean.onesLike(), 0, OnTheWay.DIFFUSED));
    };
  }

  /** The same as a function, seen through each step's noise. */
  private static Prior function(double... y) {
    return like ->
        List.of(
            new Factor.Density(
                (x, stage) -> {
                  NDArray seen = x.mul(stage.signal().sqrt());
                  NDArray distance = seen.sub(row(x.getManager(), y)).square();
                  NDArray variance = stage.noise().add((float) NOISE);
                  NDArray log = variance.mul((float) (2 * Math.PI)).log();
                  return Distribution.perExample(distance.div(variance).add(log).mul(-0.5f));
                }));
  }

  private static NDArray row(NDManager manager, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, new Shape(1, values.length));
  }

  private static KnownMixture gaussian(int size) {
    return new KnownMixture(new double[][] {spread(size, 0.4)}, 0.6);
  }

  private static KnownMixture mixture(int size) {
    return new KnownMixture(new double[][] {spread(size, 0.9), spread(size, -0.7)}, 0.2);
  }

  private static double[] spread(int size, double scale) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = scale * (1 - 0.15 * i);
    }
    return values;
  }

  private static double[] measurement(int size) {
    return spread(size, 0.25);
  }

  private static double[] noise(int size) {
    double[] noise = new double[size];
    Arrays.fill(noise, NOISE);
    return noise;
  }

  private Estimate run(KnownMixture model, int steps, Prior prior, int runs, int particles) {
    return run(model.diffusion(steps), prior, runs, particles);
  }

  private Estimate run(Diffusion diffusion, Prior prior, int runs, int particles) {
    Settings unguided = new Settings(particles, 0.5, 0, 0);
    return Estimate.of(
        new SequentialMonteCarlo(diffusion, prior, unguided)
            .sample(manager, 0, runs, Noise.of(5, "test"), Progress.NONE));
  }

  private static void assertIs(Estimate estimate, Exact exact) {
    estimate.logEvidenceValue().assertIs("log Z", exact.logEvidence());
    int size = exact.mean().length;
    for (int i = 0; i < size; i++) {
      int a = i;
      estimate.expectation(x -> x[a]).assertIs("mean " + a, exact.mean()[a]);
      for (int j = 0; j <= i; j++) {
        int b = j;
        estimate
            .expectation(x -> (x[a] - exact.mean()[a]) * (x[b] - exact.mean()[b]))
            .assertIs("covariance " + a + " " + b, exact.covariance()[a][b]);
      }
    }
  }

  @ParameterizedTest(
      name = "finds mean, covariance and Z of a Gaussian times a Gaussian in {0} dimensions")
  @ValueSource(ints = {2, 8})
  void gaussianTimesGaussian(int size) {
    KnownMixture model = gaussian(size);
    Prior prior = measured(measurement(size));
    assertIs(run(model, 30, prior, 40, 500), model.times(measurement(size), noise(size)));
  }

  @ParameterizedTest(
      name = "finds them for r of which only the logarithm is known, in {0} dimensions")
  @ValueSource(ints = {2, 8})
  void firstOrder(int size) {
    KnownMixture model = gaussian(size);
    Prior prior = function(measurement(size));
    assertIs(run(model, 30, prior, 40, 500), model.times(measurement(size), noise(size)));
  }

  @ParameterizedTest(name = "finds them for two components in {0} dimensions")
  @ValueSource(ints = {2, 8})
  void mixtures(int size) {
    KnownMixture model = mixture(size);
    Prior prior = measured(measurement(size));
    assertIs(run(model, 120, prior, 40, 300), model.times(measurement(size), noise(size)));
  }

  @Test
  @DisplayName("is needed: one particle alone misses the same posterior")
  void oneParticleIsBiased() {
    KnownMixture model = gaussian(2);
    Prior prior = measured(measurement(2));
    Estimate one = unweighted(run(model, 30, prior, 5000, 1));
    Exact exact = model.times(measurement(2), noise(2));
    assertThat(one.expectation(x -> x[0]).is(exact.mean()[0])).isFalse();
  }

  /** What one particle's mean is too large by where both elements were measured as y. */
  private double error(KnownMixture model, int steps, double y, boolean exactProduct) {
    double[] both = {y, y};
    Estimate one =
        unweighted(run(model, steps, exactProduct ? measured(both) : function(both), 20_000, 1));
    return one.expectation(x -> (x[0] + x[1]) / 2).value() - model.times(both, noise(2)).mean()[0];
  }

  @Test
  @DisplayName("needs more steps for one particle where a step is multiplied to first order")
  void moreSteps() {
    KnownMixture likeNoise = new KnownMixture(new double[][] {{0, 0}}, 1);
    // Five standard errors, sqrt(0.23 / 40,000) each; the means follow from a recursion.
    assertThat(error(likeNoise, 10, 1, false)).isCloseTo(0.191, within(0.012));
    assertThat(error(likeNoise, 160, 1, false)).isCloseTo(0.010, within(0.012));
    assertThat(error(likeNoise, 10, 1, true)).isCloseTo(0, within(0.012));
  }

  @Test
  @DisplayName("is not replaced by more steps where data are unlike the noise")
  void moreStepsAreNoCure() {
    KnownMixture model = new KnownMixture(new double[][] {{0.4, 0.4}}, 0.6);
    assertThat(error(model, 10, -1, true)).isCloseTo(0.045, within(0.012));
    assertThat(error(model, 160, -1, true)).isCloseTo(0.067, within(0.012));
  }

  private static Estimate unweighted(Estimate estimate) {
    return new Estimate(estimate.runs(), new double[estimate.runs().length]);
  }

  @Test
  @DisplayName("conditions on elements that are known: the rest, and the density of what is known")
  void knownElements() {
    KnownMixture model = mixture(2);
    double[] y = {0.35, 0};
    Prior known = known(y, 1, 0);
    Exact exact = model.times(y, new double[] {0, Double.POSITIVE_INFINITY});
    Estimate estimate = run(model, 120, known, 60, 200);
    assertThat(estimate.expectation(x -> x[0] - y[0]).value()).isBetween(-1e-6, 1e-6);
    estimate.logEvidenceValue().assertIs("log density", exact.logEvidence());
    estimate.expectation(x -> x[1]).assertIs("mean", exact.mean()[1]);
    estimate
        .expectation(x -> Math.pow(x[1] - exact.mean()[1], 2))
        .assertIs("variance", exact.covariance()[1][1]);
  }

  private static Prior known(double[] values, double... mask) {
    return like ->
        List.of(new Factor.Known(row(like.getManager(), values), row(like.getManager(), mask)));
  }

  @ParameterizedTest(name = "finds mean, covariance and Z on the path {0}, for a small error too")
  @ValueSource(strings = {"variance-preserving", "variance-exploding", "sub-vp", "conditional-ot"})
  void paths(String path) {
    KnownMixture model = gaussian(2);
    Diffusion diffusion = model.diffusion(30, Kernels.gaussian(path));
    assertIs(
        run(diffusion, measured(measurement(2)), 40, 500), model.times(measurement(2), noise(2)));
    double[] small = {1e-4, 1e-4};
    Prior sharp =
        like -> {
          NDArray mean = row(like.getManager(), measurement(2));
          DiagonalGaussian law = DiagonalGaussian.of(mean, mean.onesLike().mul(1e-4f));
          return List.of(new Factor.Factorised(law, mean.onesLike(), 0, OnTheWay.DIFFUSED));
        };
    assertIs(run(diffusion, sharp, 40, 500), model.times(measurement(2), small));
  }

  @Test
  @DisplayName("finds three posteriors at once, of three conditions and measurements")
  void conditions() {
    KnownMixture model = new KnownMixture(new double[][] {{0, 0}}, 0.6);
    NDArray y = manager.create(new float[] {-0.5f, 0.2f, 1}, new Shape(3, 1));
    Diffusion conditional = model.diffusion(20).conditional(1);
    Prior three =
        like -> {
          NDArray mean =
              like.getManager().create(new float[] {0, 1, 0.5f, 0.5f, -1, 1}, new Shape(3, 2));
          NDArray variance = mean.onesLike().mul((float) NOISE);
          return List.of(
              new Factor.Factorised(
                  DiagonalGaussian.of(mean, variance), mean.onesLike(), 0, OnTheWay.DIFFUSED));
        };
    double[][] measured = {{0, 1}, {0.5, 0.5}, {-1, 1}};
    Settings settings = new Settings(50, 0.5, 0, 0);
    Noise noise = Noise.of(5, "conditions");
    PosteriorDraws together =
        new SequentialMonteCarlo(conditional.given(y), three, settings)
            .sample(manager, 0, 6, noise, Progress.NONE);
    for (int i = 0; i < 3; i++) {
      PosteriorDraws alone =
          new SequentialMonteCarlo(
                  conditional.given(y.get(i + ":" + (i + 1))), measured(measured[i]), settings)
              .sample(manager, 2L * i, 2, noise, Progress.NONE);
      float[] draws = together.x().get(100 * i + ":" + (100 * i + 100)).toFloatArray();
      // To the rounding of a matrix product in batches of another size.
      assertThat(alone.x().toFloatArray()).containsExactly(draws, within(1e-4f));
      assertThat(alone.logEvidence()[0]).isCloseTo(together.logEvidence()[2 * i], within(1e-4));
    }
  }
}
