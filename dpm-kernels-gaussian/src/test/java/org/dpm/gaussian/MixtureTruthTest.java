package org.dpm.gaussian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.dpm.api.DataSummary;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.VariationalBound;
import org.dpm.gaussian.GaussianReverseKernel.Prediction;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three normal distributions in many dimensions, of which E[x_0 | x_t] is known: paths and
 * predictions are ways of writing down one and the same model.
 */
@DisplayName("With the exact denoiser of a mixture of Gaussians,")
class MixtureTruthTest extends EngineFixture {

  private static final int COMPONENTS = 3;
  private static final double DEVIATION = 0.5;

  /** Moments that single precision holds exactly, of what is only roughly so. */
  private static final double MEAN = 0.25;

  /** From lambda = 8 to -8. */
  private static final Schedule SCHEDULE = time -> time.mul(-16).add(8);

  private static double logSnr(double time) {
    return 8 - 16 * time;
  }

  private static double[][] centres(int dimensions) {
    Random random = new Random(dimensions);
    double[][] centres = new double[COMPONENTS][dimensions];
    for (double[] centre : centres) {
      Arrays.setAll(centre, i -> random.nextGaussian());
    }
    return centres;
  }

  /** E[x_0 | x_t]: each component's regression, weighed by what it says of x_t. */
  private static double[] denoised(double[][] centres, double a, double s, double... x) {
    double total = a * a * DEVIATION * DEVIATION + s * s;
    double gain = a * DEVIATION * DEVIATION / total;
    double[] log = new double[COMPONENTS];
    for (int k = 0; k < COMPONENTS; k++) {
      for (int i = 0; i < x.length; i++) {
        log[k] -= Math.pow(x[i] - a * centres[k][i], 2) / (2 * total);
      }
    }
    double largest = Arrays.stream(log).max().orElseThrow();
    double sum = Arrays.stream(log).map(l -> Math.exp(l - largest)).sum();
    double[] data = new double[x.length];
    for (int k = 0; k < COMPONENTS; k++) {
      double weight = Math.exp(log[k] - largest) / sum;
      for (int i = 0; i < x.length; i++) {
        data[i] += weight * (centres[k][i] + gain * (x[i] - a * centres[k][i]));
      }
    }
    return data;
  }

  /** What stands for the exact E[x_0 | x_t] in a prediction's terms. */
  private static double answer(
      Prediction prediction, Paths path, double lambda, double x, double data) {
    double a = path.signal(lambda);
    double s = path.noise(lambda);
    return switch (prediction) {
      case DATA -> data;
      case NOISE -> (x - a * data) / s;
      case SCORE -> (a * data - x) / (s * s);
      case VELOCITY -> (c(path, a) * x - data) / s;
      case PRECONDITIONED -> {
        double seen = a * a + s * s;
        yield (data - MEAN - (x - a * MEAN) * a / seen) * Math.sqrt(seen) / s;
      }
      case PAPER -> throw new IllegalArgumentException("the step of the paper is no belief");
    };
  }

  private static double c(Paths path, double a) {
    return switch (path) {
      case VARIANCE_PRESERVING -> a;
      case VARIANCE_EXPLODING, CONDITIONAL_OT -> 1;
      case SUB_VP -> 2 * a / (1 + a * a);
    };
  }

  private static Diffusion diffusion(
      int dimensions, int steps, Paths which, Prediction prediction) {
    double[][] centres = centres(dimensions);
    GaussianPath path = which.path();
    ForwardKernel forward = new GaussianForwardKernel(path);
    DataSummary summary =
        new DataSummary(
            new Shape(dimensions),
            Collections.nCopies(dimensions, MEAN),
            Collections.nCopies(dimensions, 1.0));
    GaussianReverseKernel reverse =
        new GaussianReverseKernel(
            new GaussianReverseKernel.Settings(prediction, GaussianReverseKernel.Variance.FORWARD),
            forward,
            path,
            SCHEDULE,
            Grid.even(steps),
            summary);
    return new Diffusion(
        new Shape(dimensions),
        Grid.even(steps),
        LastStep.LEARNED,
        SCHEDULE,
        forward,
        reverse,
        (shown, time, condition) -> answers(centres, which, prediction, shown, time));
  }

  private static NDArray answers(
      double[][] centres, Paths path, Prediction prediction, NDArray shown, NDArray time) {
    double[] inputs = shown.toDoubleArray();
    double[] times = time.toDoubleArray();
    int dimensions = centres[0].length;
    double[] answers = new double[inputs.length];
    for (int row = 0; row < times.length; row++) {
      double lambda = logSnr(times[row]);
      double a = path.signal(lambda);
      double s = path.noise(lambda);
      double[] x = new double[dimensions];
      int from = row * dimensions;
      // The network is shown x_t in its own deviations.
      Arrays.setAll(x, i -> inputs[from + i] * Math.sqrt(a * a + s * s));
      double[] data = denoised(centres, a, s, x);
      for (int i = 0; i < dimensions; i++) {
        answers[from + i] = answer(prediction, path, lambda, x[i], data[i]);
      }
    }
    return shown.getManager().create(answers, new Shape(times.length, 1, dimensions));
  }

  private NDArray draws(int count, int dimensions) {
    double[][] centres = centres(dimensions);
    Random random = new Random(17);
    double[] x = new double[count * dimensions];
    for (int row = 0; row < count; row++) {
      double[] centre = centres[random.nextInt(COMPONENTS)];
      for (int i = 0; i < dimensions; i++) {
        x[row * dimensions + i] = centre[i] + DEVIATION * random.nextGaussian();
      }
    }
    return manager.create(x, new Shape(count, dimensions));
  }

  @ParameterizedTest(name = "in {0} dimensions")
  @ValueSource(ints = {2, 8, 50})
  @DisplayName("every path and every prediction has the same K, to 1e-4 bits")
  void oneBound(int dimensions) {
    NDArray data = draws(16, dimensions);
    double[] expected = new double[0];
    for (Paths path : Paths.values()) {
      for (Prediction prediction : Prediction.values()) {
        if (prediction != Prediction.PAPER) {
          double[] cost = cost(diffusion(dimensions, 16, path, prediction), data);
          expected = expected.length == 0 ? cost : expected;
          for (int i = 0; i < cost.length; i++) {
            assertThat(cost[i] / Math.log(2))
                .as("-K of example %d in bits, on %s, predicting %s", i, path, prediction)
                .isCloseTo(expected[i] / Math.log(2), within(1e-4));
          }
        }
      }
    }
  }

  private static double[] cost(Diffusion diffusion, NDArray data) {
    try (NDScope scope = new NDScope()) {
      return new VariationalBound(diffusion).total(data, Noise.of(3, "bound")).toDoubleArray();
    }
  }

  @Test
  @DisplayName("K shows that a prediction is another's")
  void anotherPredictionShows() {
    NDArray data = draws(16, 2);
    double[][] centres = centres(2);
    Diffusion right = diffusion(2, 16, Paths.SUB_VP, Prediction.VELOCITY);
    Diffusion wrong =
        new Diffusion(
            right.element(),
            right.grid(),
            right.lastStep(),
            right.schedule(),
            right.forward(),
            right.reverse(),
            (shown, time, condition) ->
                answers(centres, Paths.SUB_VP, Prediction.NOISE, shown, time));
    assertThat(Arrays.stream(cost(wrong, data)).sum() - Arrays.stream(cost(right, data)).sum())
        .isGreaterThan(1);
  }

  @ParameterizedTest(name = "on the path {0}")
  @EnumSource
  @DisplayName("draws are those of the mixture, and the same numbers on every path")
  void draws(Paths path) {
    int count = 2_000;
    double[] drawn = ancestral(diffusion(2, 100, path, Prediction.DATA), count);
    double[] truth = draws(count, 2).toDoubleArray();
    // Two samples of 2000 differ by more than this once in a million times.
    double limit = Math.sqrt(Math.log(4e6) / count);
    for (int i = 0; i < 2; i++) {
      assertThat(
              new KolmogorovSmirnovTest()
                  .kolmogorovSmirnovStatistic(column(drawn, i), column(truth, i)))
          .as("distance of the laws of number %d", i)
          .isLessThan(limit);
    }
    double[] first =
        ancestral(diffusion(2, 100, Paths.VARIANCE_PRESERVING, Prediction.NOISE), count);
    assertThat(drawn).containsExactly(first, within(1e-6));
  }

  private static double[] column(double[] rows, int index) {
    double[] column = new double[rows.length / 2];
    Arrays.setAll(column, i -> rows[2 * i + index]);
    return column;
  }

  private double[] ancestral(Diffusion diffusion, int count) {
    NDArray like = manager.zeros(new Shape(count).addAll(diffusion.element()), DataType.FLOAT64);
    try (NDScope scope = new NDScope()) {
      NDArray x = diffusion.end(like).sample(Noise.of(5, "start"));
      for (int t = diffusion.steps(); t >= 1; t--) {
        x = diffusion.back(x, diffusion.stage(x, t)).sample(Noise.of(5, "back").at(t));
      }
      return x.toDoubleArray();
    }
  }
}
