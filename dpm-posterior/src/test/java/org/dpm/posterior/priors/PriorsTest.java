package org.dpm.posterior.priors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.Component;
import org.dpm.api.DataUnits;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.posterior.FactorOnTheWay;
import org.dpm.posterior.Kernels;
import org.dpm.testkit.DifferentiablePriorContract;
import org.dpm.testkit.PriorContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Priors:")
class PriorsTest {

  private static final ForwardKernel KERNEL = Kernels.gaussian("variance-preserving");
  private static final Variables DATA = Variables.columns(List.of("height", "weight"));
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** Means of 10 and -1, deviations of 2 and 0.5. */
  private static final DataUnits UNITS =
      new DataUnits() {
        @Override
        public double toModel(int cell, double value) {
          return cell == 0 ? (value - 10) / 2 : (value + 1) / 0.5;
        }

        @Override
        public double scale(int cell) {
          return cell == 0 ? 2 : 0.5;
        }

        @Override
        public int slot(int cell) {
          return cell;
        }

        @Override
        public int width(int cell) {
          return 1;
        }
      };

  /** A number, and a category of which the kernel sees a number for each class. */
  private static final Variables MIXED =
      new Variables(
          List.of(
              Variable.column("colour", new Space.Category(List.of("red", "green", "blue"))),
              Variable.column("sure", new Space.Bit())));

  private static final DataUnits BLOCKS =
      new DataUnits() {
        @Override
        public double toModel(int cell, double value) {
          return value;
        }

        @Override
        public double scale(int cell) {
          return 1;
        }

        @Override
        public int slot(int cell) {
          return 3 * cell;
        }

        @Override
        public int width(int cell) {
          return cell == 0 ? 3 : 1;
        }
      };

  /** Builds one prior, whatever it is asked for. */
  private static Factory always(Prior prior) {
    return new Factory() {
      @Override
      @SuppressWarnings("unchecked") // only priors are asked for
      public <T> T create(Component<T> component, Map<Class<?>, Object> offers) {
        return (T) prior;
      }
    };
  }

  private static GaussianPrior gaussian(OnTheWay onTheWay) {
    return new GaussianPrior(
        new GaussianPrior.Settings(List.of("weight"), List.of(-0.7), List.of(0.2), onTheWay),
        KERNEL,
        DATA,
        UNITS);
  }

  private static RangePrior range() {
    return new RangePrior(
        new RangePrior.Settings(
            List.of("height"), Optional.of(9.0), Optional.of(12.0), 0.5, OnTheWay.DIFFUSED),
        KERNEL,
        DATA,
        UNITS);
  }

  private static TemperedPrior tempered(Prior inner) {
    ObservedPrior.Settings any = new ObservedPrior.Settings(List.of(), List.of(1.0), List.of());
    return new TemperedPrior(
        new TemperedPrior.Settings(new Component<>(Prior.class, "any", any)),
        always(inner),
        KERNEL);
  }

  private static ObservedPrior observed(List<String> elements, Double... values) {
    return new ObservedPrior(
        new ObservedPrior.Settings(elements, List.of(values), List.of()), MIXED, BLOCKS);
  }

  private static ObservedPrior labelled(String... labels) {
    return new ObservedPrior(
        new ObservedPrior.Settings(List.of("colour"), List.of(), List.of(labels)), MIXED, BLOCKS);
  }

  private static NDArray some(NDManager manager) {
    return manager.create(new double[] {0.3, -0.4, 1.1, 0.2, -0.8, 0.9}, new Shape(3, 2));
  }

  private static final double SIGNAL = 1 / (1 + Math.exp(-0.7));

  private static Stage halfWay(NDManager manager) {
    NDArray one = manager.ones(new Shape(1, 1));
    return Stage.of(new double[] {0.5}, new double[] {0.4}, one.mul(number(one, 0.7)), one);
  }

  /** log r of a prior of one factor. */
  private static double[] log(Prior prior, NDArray x, Stage stage) {
    Factor factor = prior.factors(x).get(0);
    return FactorOnTheWay.of(factor, KERNEL)
        .logDensity(x, stage)
        .toType(DataType.FLOAT64, false)
        .toDoubleArray();
  }

  @Nested
  @DisplayName("gaussian")
  class Gaussian extends PriorContract {
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
      Factor.Density tempered =
          (Factor.Density)
              tempered(gaussian(OnTheWay.CONSTANT))
                  .factors(NDManager.newBaseManager().zeros(new Shape(3, 2), DataType.FLOAT64))
                  .get(0);
      // At the noise itself nothing is left of r, which the contract takes for a mistake.
      return like ->
          List.of(
              new Factor.Density(
                  (x, stage) ->
                      tempered.log().of(x, stage).add(x.sum(new int[] {1}).mul(number(x, 1e-3)))));
    }

    @Override
    protected NDArray points(NDManager manager) {
      return some(manager);
    }
  }

  @Nested
  @DisplayName("linear")
  class Linear extends PriorContract {

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
          new LinearPrior.Settings(file, list, List.of(0.3), OnTheWay.DIFFUSED), DATA, UNITS);
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
        double atData = log(linear("1,2", 7.4), x, Stage.ofData(x))[0];
        assertThat(atData).isCloseTo(normal(7.4, 8, 0.09), within(1e-4));
        double mean = 1 * 10 + 2 * -1 + Math.sqrt(SIGNAL) * (2 * 0.5 + 2 * 0.5 * -1);
        double variance = 0.09 + (1 - SIGNAL) * (2 * 2 + 1 * 1);
        // All of it up to a constant on the way: a quotient of two.
        NDArray other = x.zerosLike();
        double quotient =
            log(linear("1,2", 7.4), x, halfWay(manager))[0]
                - log(linear("1,2", 7.4), other, halfWay(manager))[0];
        assertThat(quotient)
            .isCloseTo(normal(7.4, mean, variance) - normal(7.4, 8, variance), within(1e-4));
      }
    }

    @Test
    @DisplayName("is the density of every measurement where there are more than elements")
    void moreThanElements() {
      try (NDManager manager = NDManager.newBaseManager()) {
        NDArray x = manager.create(new float[] {0.5f, -1}, new Shape(1, 2));
        double three = log(linear("1,2\n1,0\n0,1\n", 7.4, 11.2, -1.4), x, Stage.ofData(x))[0];
        double each = normal(7.4, 8, 0.09) + normal(11.2, 11, 0.09) + normal(-1.4, -1.5, 0.09);
        assertThat(three).isCloseTo(each, within(1e-3));
      }
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

  @Nested
  @DisplayName("observed")
  class Observed extends PriorContract {
    @Override
    protected Prior prior() {
      return labelled("green");
    }

    @Override
    protected NDArray points(NDManager manager) {
      return manager.create(new double[] {1, 0, 0, 1, 0, 1, 0, 0}, new Shape(2, 4));
    }
  }

  @Test
  @DisplayName("observed knows a category by its label or its number, and bits")
  void observed() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = manager.zeros(new Shape(1, 4));
      for (Prior prior : List.of(labelled("green"), observed(List.of("colour"), 1.0))) {
        Factor.Known known = (Factor.Known) prior.factors(like).get(0);
        assertThat(known.values().toFloatArray()).containsExactly(0, 1, 0, 0);
        assertThat(known.mask().toFloatArray()).containsExactly(1, 1, 1, 0);
      }
      Factor.Known both =
          (Factor.Known) observed(List.of("sure", "colour"), 1.0, 2.0).factors(like).get(0);
      assertThat(both.values().toFloatArray()).containsExactly(0, 0, 1, 1);
      assertThat(both.mask().toFloatArray()).containsOnly(1);
    }
  }

  @Test
  @DisplayName("gaussian is N(y; x, sigma^2) of data units at the data, and y seen through noise")
  void gaussian() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {0.5f, -1, 0.5f, 0}, new Shape(2, 2));
      Prior prior = gaussian(OnTheWay.DIFFUSED);
      assertThat(log(prior, x, Stage.ofData(x))[0])
          .isCloseTo(normal(-0.7, -1.5, 0.04), within(1e-3));
      double[] onTheWay = log(prior, x, halfWay(manager));
      // N(y; a x, sigma^2 + 1 - a^2) up to a constant, y = 0.6 and sigma = 0.4 as z-scores.
      double variance = 0.16 + 1 - SIGNAL;
      assertThat(onTheWay[0] - onTheWay[1])
          .isCloseTo(
              normal(0.6, -Math.sqrt(SIGNAL), variance) - normal(0.6, 0, variance), within(1e-4));
      double[] constant = log(gaussian(OnTheWay.CONSTANT), x, halfWay(manager));
      assertThat(constant[0]).isCloseTo(normal(-0.7, -1.5, 0.04), within(1e-3));
    }
  }

  @Test
  @DisplayName("refuse nonsense in settings, and elements that they are not made for")
  void refusals() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> observed(List.of("sure"), 0.5))
        .withMessageContaining("0.5 cannot be a value of this model's bits");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> labelled("geen"))
        .withMessageContaining("there is no 'geen'. Did you mean 'green'?");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(
            () ->
                new GaussianPrior(
                    new GaussianPrior.Settings(
                        List.of("colour"), List.of(1.0), List.of(1.0), OnTheWay.DIFFUSED),
                    KERNEL,
                    MIXED,
                    BLOCKS))
        .withMessageContaining("is about numbers, but this model is of categories");
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
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = manager.zeros(new Shape(1, 4));
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> tempered(labelled("red")).factors(like))
          .withMessageContaining("cannot be tempered");
    }
  }
}
