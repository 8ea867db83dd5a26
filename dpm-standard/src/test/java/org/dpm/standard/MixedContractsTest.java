package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Multipliable;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.binomial.BinomialPlugin;
import org.dpm.categorical.CategoricalPlugin;
import org.dpm.core.DataDescription;
import org.dpm.core.Parts;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.gaussian.GaussianPlugin;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.MultipliableContract;
import org.dpm.testkit.ReverseKernelContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, bits and categories by turns, so that no kind stands together. */
@DisplayName("Mixed kernels")
class MixedContractsTest {

  private static final Space REAL = new Space.Real(0);
  private static final Space BIT = new Space.Bit();
  private static final Space COLOUR = new Space.Category(List.of("red", "green", "blue"));
  private static final Space SEX = new Space.Category(List.of("f", "m"));

  private static final List<Space> PERSON = List.of(REAL, COLOUR, BIT, REAL, SEX, BIT);

  /** Kernels as a pipeline has them: the network is never asked. */
  private static Parts parts(String kernel, List<Space> spaces) {
    try (Registry registry =
        Registry.of(
            new StandardPlugin(),
            new GaussianPlugin(),
            new BinomialPlugin(),
            new CategoricalPlugin(),
            new SilentPlugin())) {
      Pipeline pipeline =
          new PipelineReader(registry)
              .read(
                  "mixed.yaml",
                  kernel
                      + """

                      data: { kind: test/silent }
                      steps: 5
                      schedule: { kind: log-snr-linear, first: 0.02, last: 0.02 }
                      network: { kind: test/silent }
                      objective: { kind: variational-bound }
                      training: { updates: 1 }
                      """,
                  List.of());
      List<Variable> variables = new ArrayList<>();
      for (Space space : spaces) {
        variables.add(Variable.column("x" + (variables.size() + 1), space));
      }
      int size = spaces.size();
      // Rates of bits by which no kernel could hide that it has another element's.
      List<Double> mean =
          IntStream.range(0, size)
              .mapToObj(i -> spaces.get(i) == BIT ? (i + 1) / 8.0 : 0.0)
              .toList();
      return Wiring.parts(
          registry,
          pipeline,
          new DataDescription(
              new Variables(variables),
              mean,
              Collections.nCopies(size, 1.0),
              Collections.nCopies(size, 0.0),
              Collections.nCopies(size, 1.0),
              Map.of(),
              0,
              1));
    }
  }

  private static final String GAUSSIAN = "{ kind: gaussian }";
  private static final String BINOMIAL = "{ kind: binomial, rateFrom: data-mean }";
  private static final String UNIFORM = "{ kind: categorical, transition: uniform }";
  private static final String ABSORBING = "{ kind: categorical, transition: absorbing }";

  private static String mixed(String categorical) {
    return "kernel: { kind: mixed, kernels: [%s, %s, %s] }"
        .formatted(GAUSSIAN, BINOMIAL, categorical);
  }

  private static NDArray people(NDManager manager, String categorical) {
    return categorical.equals(ABSORBING)
        ? manager.create(
            new double[] {
              0.3, 1, 0, 0, 0, 1, -1.2, 0, 1, 0, 0, -2, 0, 0, 1, 0, 0, 0.1, 1, 0, 0, 1, 1.1, 0, 1,
              0, 0, 1, 0.7, 1, 0, 0, 1
            },
            new Shape(3, 11))
        : manager.create(
            new double[] {
              0.3, 1, 0, 0, 1, -1.2, 0, 1, 0, -2, 0, 0, 1, 0, 0.1, 1, 0, 1, 1.1, 0, 1, 0, 1, 0.7, 1,
              0, 1
            },
            new Shape(3, 9));
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @ValueSource(strings = {UNIFORM, ABSORBING})
  @DisplayName("go forward as a kernel that, with categories of")
  class Forward extends ForwardKernelContract {

    private final String categorical;
    private final ForwardKernel kernel;

    Forward(String categorical) {
      this.categorical = categorical;
      kernel = parts(mixed(categorical), PERSON).forward();
    }

    @Override
    protected ForwardKernel kernel() {
      return kernel;
    }

    @Override
    protected NDArray data(NDManager manager) {
      return people(manager, categorical);
    }

    @Override
    protected List<Space> spaces() {
      return PERSON;
    }

    @Override
    protected boolean isStationary() {
      return categorical.equals(UNIFORM);
    }
  }

  @Nested
  @DisplayName("go back as a kernel that")
  class Reverse extends ReverseKernelContract {

    private final Parts parts = parts(mixed(UNIFORM), PERSON);

    @Override
    protected ReverseKernel reverse() {
      return parts.reverse();
    }

    @Override
    protected ForwardKernel forward() {
      return parts.forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return people(manager, UNIFORM);
    }

    @Override
    protected List<Space> spaces() {
      return PERSON;
    }

    /** The second is the variance of a number. */
    @Override
    protected int outputs(Space space) {
      return space == REAL ? 2 : 1;
    }
  }

  /** What the contract of distributions can look at is of one kind: two kernels for each. */
  private enum Kind {
    NUMBERS(
        REAL,
        1,
        "kernels: [{ kind: gaussian }, { kind: gaussian }]",
        List.of(),
        new double[] {0.5, -3, 2},
        new double[] {0.4, -1, 3}),
    BITS(
        BIT,
        1,
        "kernels: [{ kind: binomial }]",
        List.of(new double[] {0}, new double[] {1}),
        new double[] {0, 1, 1},
        new double[] {1, 0, 1}),
    CATEGORIES(
        COLOUR,
        3,
        "kernels: [{ kind: categorical }]",
        List.of(new double[] {1, 0, 0}, new double[] {0, 1, 0}, new double[] {0, 0, 1}),
        new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
        new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0});

    private final Space space;
    private final int width;
    private final String kernels;
    private final List<double[]> outcomes;
    private final double[] one;
    private final double[] other;

    Kind(
        Space space,
        int width,
        String kernels,
        List<double[]> outcomes,
        double[] one,
        double[] other) {
      this.space = space;
      this.width = width;
      this.kernels = kernels;
      this.outcomes = outcomes;
      this.one = one;
      this.other = other;
    }
  }

  /** Laws of one kind in two groups, the second of which stands between the cells of the first. */
  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("use a distribution that, of")
  class Law extends MultipliableContract {

    private final Kind kind;
    private final ForwardKernel single;

    Law(Kind kind) {
      this.kind = kind;
      single =
          parts("kernel: { kind: mixed, %s }".formatted(kind.kernels), List.of(kind.space))
              .forward();
    }

    /** Each cell by a kernel of its own: the first and the last are one group. */
    private Multipliable of(NDManager manager, double signal, double... x) {
      int width = kind.width;
      NDArray all = manager.create(x, new Shape(1, x.length));
      NDArray lambda = manager.create(new double[] {signal}, new Shape(1, 1));
      Stage stage =
          Stage.of(
              new double[] {0.5}, new double[] {0}, lambda, lambda.add(Double.POSITIVE_INFINITY));
      Groups groups = new Groups(new int[] {0, 1, 0}, new int[] {width, width, width});
      List<NDArray> apart = groups.apart(all);
      ForwardKernel two =
          parts(
                  "kernel: { kind: mixed, %s }".formatted(kind.kernels),
                  List.of(kind.space, kind.space))
              .forward();
      return new MixedDistribution(
          groups, List.of(two.alone(apart.get(0), stage), single.alone(apart.get(1), stage)));
    }

    @Override
    protected Multipliable distribution(NDManager manager) {
      return of(manager, 0.3, kind.one);
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return of(manager, -0.4, kind.other);
    }

    @Override
    protected List<double[]> outcomes() {
      return kind.outcomes;
    }
  }
}
