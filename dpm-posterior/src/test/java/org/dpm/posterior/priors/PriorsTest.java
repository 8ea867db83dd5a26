package org.dpm.posterior.priors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Bernoulli;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.Component;
import org.dpm.core.DataDescription;
import org.dpm.core.PriorFactory;
import org.dpm.core.Scaling;
import org.dpm.testkit.DifferentiablePriorContract;
import org.dpm.testkit.PriorContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Priors:")
class PriorsTest {

  private static final DataSummary SUMMARY =
      new DataSummary(new Shape(2), List.of(10.0, -1.0), List.of(2.0, 0.5));
  private static final DataDescription DATA =
      new DataDescription(SUMMARY, List.of("height", "weight"), 0, -5, 20);
  private static final Scaling SCALING = new Scaling(SUMMARY, true);
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private static GaussianPrior gaussian(OnTheWay onTheWay) {
    return new GaussianPrior(
        new GaussianPrior.Settings(List.of("weight"), List.of(-0.7), List.of(0.2), onTheWay),
        DATA,
        SCALING);
  }

  private static RangePrior range() {
    return new RangePrior(
        new RangePrior.Settings(
            List.of("height"), Optional.of(9.0), Optional.of(12.0), 0.5, OnTheWay.DIFFUSED),
        DATA,
        SCALING);
  }

  private static NDArray some(NDManager manager) {
    return manager.create(new double[] {0.3, -0.4, 1.1, 0.2, -0.8, 0.9}, new Shape(3, 2));
  }

  /** x_0: no noise. */
  private static Stage clean(NDManager manager) {
    NDArray zero = manager.zeros(new Shape(1, 1));
    NDArray infinite = zero.add(Float.POSITIVE_INFINITY);
    return Stage.of(zero, infinite, infinite);
  }

  private static Stage halfWay(NDManager manager) {
    NDArray one = manager.ones(new Shape(1, 1));
    return Stage.of(one.mul(0.5f), one.mul(0.7f), one);
  }

  @Nested
  @DisplayName("gaussian")
  class Gaussian extends DifferentiablePriorContract {
    @Override
    protected Prior prior() {
      return gaussian(OnTheWay.DIFFUSED);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return some(manager);
    }
  }

  @Nested
  @DisplayName("range")
  class Range extends DifferentiablePriorContract {
    @Override
    protected Prior prior() {
      return range();
    }

    @Override
    protected NDArray points(NDManager manager) {
      return some(manager);
    }
  }

  @Nested
  @DisplayName("tempered")
  class Tempered extends DifferentiablePriorContract {
    @Override
    protected Prior prior() {
      Component<Prior> inner =
          new Component<>(
              Prior.class,
              "gaussian",
              new GaussianPrior.Settings(List.of(), List.of(1.0), List.of(0.5), OnTheWay.CONSTANT));
      PriorFactory factory = component -> gaussian(OnTheWay.CONSTANT);
      Prior tempered = new TemperedPrior(new TemperedPrior.Settings(inner), factory);
      // At the noise itself nothing is left of r, which the contract takes for a mistake.
      return (x, stage) ->
          tempered.logDensity(x, stage).add(x.sum(new int[] {1}).mul(number(x, 1e-3)));
    }

    @Override
    protected NDArray points(NDManager manager) {
      return some(manager);
    }
  }

  @Nested
  @DisplayName("linear")
  class Linear extends DifferentiablePriorContract {

    @TempDir private Path directory;

    private LinearPrior linear(String matrix, double... values) {
      Path file = directory.resolve("a.csv");
      try {
        Files.writeString(file, matrix);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      List<Double> list = Arrays.stream(values).boxed().toList();
      return new LinearPrior(
          new LinearPrior.Settings(file, list, List.of(0.3), OnTheWay.DIFFUSED), DATA, SCALING);
    }

    @Override
    protected Prior prior() {
      return linear("1,2\n0.5,-1\n", 8.0, 6.0);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return some(manager);
    }

    @Test
    @DisplayName("is the density of y at the data, and of what noise leaves of it on the way")
    void closedForm() {
      try (NDManager manager = NDManager.newBaseManager()) {
        NDArray x = manager.create(new float[] {0.5f, -1}, new Shape(1, 2));
        // In data units x = (11, -1.5), so that A x = 1 * 11 + 2 * -1.5 = 8.
        double atData = prior(1, 2, 7.4, clean(manager), x);
        assertThat(atData).isCloseTo(normal(7.4, 8, 0.09), within(1e-4));
        double a = 1 / (1 + Math.exp(-0.7));
        double mean = 1 * 10 + 2 * -1 + Math.sqrt(a) * (2 * 0.5 + 2 * 0.5 * -1);
        double variance = 0.09 + (1 - a) * (2 * 2 + 1 * 1);
        assertThat(prior(1, 2, 7.4, halfWay(manager), x))
            .isCloseTo(normal(7.4, mean, variance), within(1e-4));
      }
    }

    private double prior(double a, double b, double y, Stage stage, NDArray x) {
      return linear(a + "," + b, y).logDensity(x, stage).toFloatArray()[0];
    }

    @Test
    @DisplayName("refuses a matrix of another width, by line, and text in it")
    void badMatrix() {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> linear("1,2\n3\n", 1, 2))
          .withMessageContaining("a.csv:2: must have 2 numbers");
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> linear("1,two\n", 1))
          .withMessageContaining("'two' is not a number");
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> linear("1,2\n", 1, 2))
          .withMessageContaining("values: must be 1");
    }
  }

  private static double normal(double y, double mean, double variance) {
    return -0.5 * ((y - mean) * (y - mean) / variance + Math.log(variance) + LOG_TWO_PI);
  }

  /** Bits that are drawn anew, as a half, where the noise is. */
  private static final class Flips implements ForwardKernel {

    @Override
    public Distribution stationary(NDArray like) {
      return Bernoulli.ofLogOdds(like.zerosLike());
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return mixed(previous, stage.kept());
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return mixed(data, stage.signal());
    }

    private static Distribution mixed(NDArray x, NDArray kept) {
      return Bernoulli.of(x.sub(0.5f).mul(kept).add(0.5f));
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      throw new IllegalStateException("is not needed here");
    }

    @Override
    public boolean supports(double value) {
      return value == 0 || value == 1;
    }
  }

  private static BitsPrior bits() {
    return new BitsPrior(
        new BitsPrior.Settings(List.of("height"), List.of(1.5), OnTheWay.DIFFUSED),
        new Flips(),
        DATA);
  }

  private static ObservedPrior observed(double value) {
    return new ObservedPrior(
        new ObservedPrior.Settings(List.of("weight"), List.of(value)),
        new Flips(),
        DATA,
        new Scaling(SUMMARY, false));
  }

  private static NDArray someBits(NDManager manager) {
    return manager.create(new double[] {0, 1, 1, 1, 1, 0}, new Shape(3, 2));
  }

  @Nested
  @DisplayName("bits")
  class Bits extends PriorContract {
    @Override
    protected Prior prior() {
      return bits();
    }

    @Override
    protected NDArray points(NDManager manager) {
      return someBits(manager);
    }
  }

  @Nested
  @DisplayName("observed")
  class Observed extends PriorContract {
    @Override
    protected Prior prior() {
      return observed(1);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return someBits(manager);
    }
  }

  @Test
  @DisplayName("gaussian is N(y; x, sigma^2) of data units at the data")
  void gaussianAtData() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {0.5f, -1}, new Shape(1, 2));
      Prior prior = gaussian(OnTheWay.DIFFUSED);
      assertThat(prior.logDensity(x, clean(manager)).toFloatArray()[0])
          .isCloseTo((float) normal(-0.7, -1.5, 0.04), within(1e-3f));
    }
  }

  @Test
  @DisplayName("gaussian and bits say the same as a function and as a distribution")
  void factorsAgree() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Stage stage : List.of(clean(manager), halfWay(manager))) {
        NDArray x = manager.create(new float[] {0.5f, -1, 0.2f, 0.6f}, new Shape(2, 2));
        Prior gaussian = gaussian(OnTheWay.DIFFUSED);
        DiagonalGaussian factors = (DiagonalGaussian) gaussian.factors(x, stage).orElseThrow();
        assertThat(factors.variance().get(":, 0").toFloatArray())
            .containsOnly(Float.POSITIVE_INFINITY);
        float[] asDistribution = factors.logProbability(x).get(":, 1").toFloatArray();
        float[] asFunction = gaussian.logDensity(x, stage).toFloatArray();
        assertThat(asDistribution[0] - asDistribution[1])
            .isCloseTo(asFunction[0] - asFunction[1], within(1e-3f));
        NDArray states = manager.create(new float[] {0, 0, 1, 0}, new Shape(2, 2));
        Bernoulli odds = (Bernoulli) bits().factors(states, stage).orElseThrow();
        float[] density = bits().logDensity(states, stage).toFloatArray();
        assertThat(odds.logOdds().toFloatArray()[0])
            .isCloseTo(density[1] - density[0], within(1e-5f));
        assertThat(odds.logOdds().toFloatArray()[1]).isZero();
      }
      NDArray like = manager.zeros(new Shape(1, 2));
      NDArray atData = bits().factors(like, clean(manager)).orElseThrow().mean();
      assertThat(atData.toFloatArray()[0])
          .isCloseTo((float) (1 / (1 + Math.exp(-1.5))), within(1e-6f));
    }
  }

  @Test
  @DisplayName("refuse names that the model does not have, and nonsense in settings")
  void refusals() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("hieght"), DATA))
        .withMessageContaining("no element 'hieght'. Did you mean 'height'?")
        .withMessageContaining("It has: height, weight.");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("height", "height"), DATA))
        .withMessageContaining("named twice");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> observed(0.5))
        .withMessageContaining("0.5 cannot be a value of this model's data");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new GaussianPrior.Settings(
                    List.of(), List.of(1.0), List.of(0.0), OnTheWay.DIFFUSED))
        .withMessage("sigmas must be positive, but is 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RangePrior.Settings(
                    List.of(), Optional.of(2.0), Optional.of(1.0), 0.1, OnTheWay.DIFFUSED))
        .withMessageContaining("low must be below high");
  }

  @Test
  @DisplayName("tempered refuses elements that are known exactly")
  void temperedKnown() {
    Component<Prior> inner =
        new Component<>(
            Prior.class, "observed", new ObservedPrior.Settings(List.of(), List.of(1.0)));
    TemperedPrior tempered =
        new TemperedPrior(new TemperedPrior.Settings(inner), component -> observed(1));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = someBits(manager);
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> tempered.known(like))
          .withMessageContaining("cannot be tempered");
    }
  }
}
