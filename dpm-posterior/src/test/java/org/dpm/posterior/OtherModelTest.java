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
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.dpm.engine.Devices;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The product of two models")
class OtherModelTest {

  private static final double VARIANCE = 0.6;
  private static final double OTHER_VARIANCE = 0.3;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static double[] filled(int size, double value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  private static KnownMixture first(int size) {
    return new KnownMixture(new double[][] {filled(size, 0.4)}, VARIANCE);
  }

  private static KnownMixture second(int size) {
    return new KnownMixture(new double[][] {filled(size, -0.3)}, OTHER_VARIANCE);
  }

  /** The second's density of scale x + shift, and so of x times the scales. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Model(
      Diffusion second, double[] scale, double shift, boolean anyTime, int trajectories)
      implements Prior {

    Model(KnownMixture second, int steps, double[] scale, double shift, boolean anyTime) {
      this(second.diffusion(steps), scale, shift, anyTime, 1);
    }

    @Override
    public List<Factor> factors(NDArray like) {
      double logVolume = -Arrays.stream(scale).map(Math::log).sum();
      Shape row = new Shape(1, scale.length);
      return List.of(
          new Factor.OtherModel(
              second,
              Doubles.array(like, scale, row),
              Doubles.array(like, filled(scale.length, shift), row),
              logVolume,
              anyTime,
              trajectories));
    }
  }

  private Estimate run(int size, Prior prior, int particles) {
    return run(first(size).diffusion(30), prior, particles);
  }

  private Estimate run(Diffusion first, Prior prior, int particles) {
    Settings settings = new Settings(particles);
    return Estimate.of(
        new SequentialMonteCarlo(first, prior, settings)
            .sample(manager, 0, 8000 / particles, Noise.of(5, "two models"), Progress.NONE));
  }

  /** log Z, mean and covariance of N(0.4, 0.6) times N((-0.3 - shift) / scale, 0.3 / scale^2). */
  private static void assertIsProduct(Estimate estimate, double[] scale, double shift) {
    int size = scale.length;
    double[] y = new double[size];
    double[] noise = new double[size];
    for (int i = 0; i < size; i++) {
      y[i] = (-0.3 - shift) / scale[i];
      noise[i] = OTHER_VARIANCE / (scale[i] * scale[i]);
    }
    KnownMixture.Exact exact = first(size).times(y, noise);
    estimate.logEvidenceValue().assertIs("log Z", exact.logEvidence());
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

  @ParameterizedTest(name = "has mean, covariance and Z in closed form, in {0} dimensions")
  @ValueSource(ints = {2, 8})
  void closedForm(int size) {
    double[] scale = filled(size, 1);
    Prior prior = new Model(second(size), 30, scale, 0, true);
    assertIsProduct(run(size, prior, 200), scale, 0);
  }

  @Test
  @DisplayName("allows the other model its own units, one for all, and its own number of steps")
  void otherUnits() {
    double[] scale = {1.3, 1.3};
    assertIsProduct(run(2, new Model(second(2), 45, scale, -0.2, true), 200), scale, -0.2);
  }

  @Test
  @DisplayName("is right where the other's noise fits in no element, and its times are its steps")
  void nothingFits() {
    double[] scale = {0.85, 1.15};
    assertIsProduct(run(2, new Model(second(2), 20, scale, 0.1, false), 400), scale, 0.1);
    // Noises that differ more make weights of heavy tails, and this is said.
    double[] far = {0.7, 1.3};
    PosteriorDraws drawn =
        new SequentialMonteCarlo(
                first(2).diffusion(30),
                new Model(second(2), 20, far, 0.1, false),
                new Settings(400))
            .sample(manager, 0, 20, Noise.of(5, "far"), Progress.NONE);
    assertThat(new Posterior.Draws(new float[0][], drawn.logEvidence(), drawn.tail()).reliable())
        .isFalse();
  }

  @ParameterizedTest(name = "is that of the model on any path, as of the other on its own: {0}")
  @ValueSource(strings = {"variance-exploding", "sub-vp", "conditional-ot"})
  void otherPath(String path) {
    double[] scale = {1.3, 1.3};
    Diffusion second = second(2).diffusion(45, Kernels.gaussian(path));
    assertIsProduct(run(2, new Model(second, scale, -0.2, true, 1), 200), scale, -0.2);
    Diffusion first = first(2).diffusion(30, Kernels.gaussian(path));
    Prior prior = new Model(second(2), 30, scale, -0.2, true);
    assertIsProduct(run(first, prior, 200), scale, -0.2);
  }

  @Test
  @DisplayName("is nearly reached by one particle, since the steps of both are multiplied")
  void onTheWay() {
    Prior prior = new Model(second(2), 30, filled(2, 1), 0, true);
    Estimate one = run(2, prior, 1);
    Estimate unweighted = new Estimate(one.runs(), new double[one.logEvidence().length]);
    double exact = first(2).times(filled(2, -0.3), filled(2, OTHER_VARIANCE)).mean()[0];
    assertThat(unweighted.expectation(x -> x[0]).value()).isCloseTo(exact, within(0.05));
  }

  @Test
  @DisplayName("can be told from one in which the other model's density is left out at the end")
  void wrongEnd() {
    Prior wide =
        new Model(new KnownMixture(new double[][] {{-0.3, -0.3}}, 0.4), 30, filled(2, 1), 0, true);
    Estimate estimate = run(2, wide, 200);
    KnownMixture.Exact exact = first(2).times(filled(2, -0.3), filled(2, OTHER_VARIANCE));
    assertThat(estimate.expectation(x -> x[0]).is(exact.mean()[0])).isFalse();
    assertThat(estimate.logEvidenceValue().is(exact.logEvidence())).isFalse();
  }

  @Test
  @DisplayName("may be multiplied with more: a third model")
  void three() {
    Prior one = new Model(second(2), 30, filled(2, 1), 0, true);
    Prior both = one.and(one);
    // N(m, v)^2 = N(m, v / 2) / sqrt(4 pi v) in each element.
    KnownMixture.Exact exact = first(2).times(filled(2, -0.3), filled(2, OTHER_VARIANCE / 2));
    Estimate estimate = run(2, both, 200);
    estimate
        .logEvidenceValue()
        .assertIs("log Z", exact.logEvidence() - Math.log(4 * Math.PI * OTHER_VARIANCE));
    estimate.expectation(x -> x[0]).assertIs("mean", exact.mean()[0]);
  }

  /** A model of numbers whose steps back are all too wide: {@code widening} times the variance. */
  private static Diffusion careless(int steps, double widening) {
    Diffusion exact = second(2).diffusion(steps);
    return new Diffusion(
        exact.element(),
        exact.grid(),
        Diffusion.LastStep.LEARNED,
        exact.schedule(),
        exact.forward(),
        new ReverseKernel() {
          @Override
          public int outputs() {
            return 1;
          }

          @Override
          public Distribution data(NDArray current, NDArray output, Stage stage) {
            return exact.reverse().data(current, output, stage);
          }

          @Override
          public Distribution transition(NDArray current, NDArray output, Stage stage) {
            DiagonalGaussian step =
                (DiagonalGaussian) exact.reverse().transition(current, output, stage);
            return DiagonalGaussian.of(step.mean(), step.variance().mul((float) widening));
          }
        },
        (x, time, condition) -> x.zerosLike());
  }

  /** Mean and variance of an element of what such a model draws, step by step from the noise. */
  private double[] moments(Diffusion diffusion) {
    double mean = 0;
    double variance = 1;
    for (int t = diffusion.steps(); t >= 1; t--) {
      NDArray x = manager.create(new float[] {0, 1}).reshape(2, 1).broadcast(new Shape(2, 2));
      DiagonalGaussian step = (DiagonalGaussian) diffusion.back(x, diffusion.stage(x, t));
      float[] at = step.mean().get(":, 0").toFloatArray();
      double slope = at[1] - at[0];
      mean = at[0] + slope * mean;
      variance = slope * slope * variance + step.variance().get("0, 0").toFloatArray()[0];
    }
    return new double[] {mean, variance};
  }

  /** log Z of the first model times a careless one, and whether it is said to be reliable. */
  private Posterior.Draws withCareless(Diffusion careless, int trajectories) {
    Prior prior = new Model(careless, filled(2, 1), 0, true, trajectories);
    PosteriorDraws drawn =
        new SequentialMonteCarlo(first(2).diffusion(30), prior, new Settings(200))
            .sample(manager, 0, 20, Noise.of(5, "careless"), Progress.NONE);
    return new Posterior.Draws(new float[0][], drawn.logEvidence(), drawn.tail());
  }

  @Test
  @DisplayName("is right for a model whose steps lead back badly, given many trajectories of it")
  void manyTrajectories() {
    Diffusion careless = careless(30, 1.2);
    double[] moments = moments(careless);
    double exact = first(2).times(filled(2, moments[0]), filled(2, moments[1])).logEvidence();
    Posterior.Draws many = withCareless(careless, 16);
    assertThat(many.reliable()).isTrue();
    assertThat(many.logEvidenceOfAll()).isCloseTo(exact, within(4 * many.standardError()));
    assertThat(many.standardError()).isLessThan(0.05);
  }

  @Test
  @DisplayName("is called unreliable where single trajectories scatter too much")
  void heavyTails() {
    assertThat(withCareless(careless(30, 1.6), 1).reliable()).isFalse();
  }
}
