package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.api.VariationalBound;
import org.dpm.binomial.BinomialPlugin;
import org.dpm.categorical.CategoricalPlugin;
import org.dpm.core.DataDescription;
import org.dpm.core.Parts;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.data.DataPlugin;
import org.dpm.gaussian.GaussianPlugin;
import org.dpm.networks.NetworksPlugin;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.MultipliableContract;
import org.dpm.testkit.ReverseKernelContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers, bits and categories by turns, so that no kind stands together. */
@DisplayName("Mixed kernels")
class MixedContractsTest {

  private static final Space REAL = new Space.Real(0);
  private static final Space BIT = new Space.Bit();
  private static final Space COLOUR = new Space.Category(List.of("red", "green", "blue"));
  private static final Space SEX = new Space.Category(List.of("f", "m"));

  private static final List<Space> PERSON = List.of(REAL, COLOUR, BIT, REAL, SEX, BIT);

  /** Rates of bits, by which a kernel of another element would be caught. */
  private static final List<Double> MEANS = List.of(0.0, 0.0, 0.375, 0.0, 0.0, 0.75);

  /** Kernels as a pipeline has them; data and network are never asked. */
  private static Parts parts(String kernel, List<Space> spaces, List<Double> means) {
    String pipeline =
        """
        data: { kind: swiss-roll }
        steps: 5
        schedule: { kind: log-snr-linear, first: 0.02, last: 1.0e-4 }
        network: { kind: mlp }
        objective: { kind: variational-bound }
        training: { updates: 1 }
        """;
    try (Registry registry =
        Registry.of(
            new StandardPlugin(),
            new GaussianPlugin(),
            new BinomialPlugin(),
            new CategoricalPlugin(),
            new NetworksPlugin(),
            new DataPlugin())) {
      int size = spaces.size();
      Variables variables =
          new Variables(
              IntStream.range(0, size)
                  .mapToObj(i -> Variable.column("x" + (i + 1), spaces.get(i)))
                  .toList());
      return Wiring.parts(
          registry,
          new PipelineReader(registry)
              .read("mixed.yaml", "kernel: " + kernel + "\n" + pipeline, List.of()),
          new DataDescription(
              variables,
              means,
              Collections.nCopies(size, 1.0),
              Collections.nCopies(size, 0.0),
              Collections.nCopies(size, 1.0),
              Map.of(),
              0,
              1));
    }
  }

  private static Parts person(String categorical) {
    return parts(
        "{ kind: mixed, kernels: [%s, %s, %s] }".formatted(GAUSSIAN, BINOMIAL, categorical),
        PERSON,
        MEANS);
  }

  private static final String GAUSSIAN = "{ kind: gaussian }";
  private static final String BINOMIAL = "{ kind: binomial, rateFrom: data-mean }";
  private static final String UNIFORM = "{ kind: categorical, transition: uniform }";
  private static final String ABSORBING = "{ kind: categorical, transition: absorbing }";

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
  @DisplayName("go forward as a kernel that")
  class Forward extends ForwardKernelContract {

    private final ForwardKernel kernel = person(UNIFORM).forward();

    @Override
    protected ForwardKernel kernel() {
      return kernel;
    }

    @Override
    protected NDArray data(NDManager manager) {
      return people(manager, UNIFORM);
    }

    @Override
    protected List<Space> spaces() {
      return PERSON;
    }

    @Override
    protected boolean isStationary() {
      return true;
    }
  }

  @Nested
  @DisplayName("go back as a kernel that")
  class Reverse extends ReverseKernelContract {

    private final Parts parts = person(UNIFORM);

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

  /** The contract of distributions looks at one kind only: here in two groups. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to them
  private enum Kind {
    NUMBERS(REAL, GAUSSIAN, new double[] {0.5, -3, 2}, new double[] {0.4, -1, 3}),
    BITS(BIT, "{ kind: binomial, rate: 0.3 }", new double[] {0, 1, 1}, new double[] {1, 0, 0}),
    CATEGORIES(
        COLOUR,
        UNIFORM,
        new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
        new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0});

    private final Space space;
    private final String kernel;
    private final double[] one;
    private final double[] other;

    Kind(Space space, String kernel, double[] one, double[] other) {
      this.space = space;
      this.kernel = kernel;
      this.one = one;
      this.other = other;
    }

    ForwardKernel kernel(int cells) {
      return parts(kernel, Collections.nCopies(cells, space), Collections.nCopies(cells, 0.0))
          .forward();
    }
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("use a distribution that, of")
  class Law extends MultipliableContract {

    private final Kind kind;
    private final ForwardKernel ofOuter;
    private final ForwardKernel ofMiddle;

    Law(Kind kind) {
      this.kind = kind;
      ofOuter = kind.kernel(2);
      ofMiddle = kind.kernel(1);
    }

    /** Of what x says by itself: the first and the last cell are one group. */
    private MixedDistribution of(NDManager manager, double logSnr, double... x) {
      int width = x.length / 3;
      Groups groups = new Groups(new int[] {0, 1, 0}, new int[] {width, width, width});
      Stage stage =
          Stage.of(
              new double[] {0.5},
              new double[] {0},
              manager.create(new double[] {logSnr}, new Shape(1, 1)),
              manager.create(new double[] {Double.POSITIVE_INFINITY}, new Shape(1, 1)));
      List<NDArray> apart = groups.apart(manager.create(x, new Shape(1, x.length)));
      return new MixedDistribution(
          groups, List.of(ofOuter.alone(apart.get(0), stage), ofMiddle.alone(apart.get(1), stage)));
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
      return switch (kind) {
        case NUMBERS -> List.of();
        case BITS -> bits();
        case CATEGORIES -> oneHot(3);
      };
    }
  }

  /** A kind of cells in a diffusion of its own, and where they are among all. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Child(Parts parts, int... places) {

    NDArray own(NDArray whole) {
      return whole.get(new NDIndex("..., {}", whole.getManager().create(places)));
    }
  }

  private static List<Child> children(String categorical) {
    boolean masked = categorical.equals(ABSORBING);
    List<Double> none = List.of(0.0, 0.0);
    return List.of(
        new Child(parts(GAUSSIAN, List.of(REAL, REAL), none), 0, masked ? 6 : 5),
        new Child(
            parts(BINOMIAL, List.of(BIT, BIT), List.of(MEANS.get(2), MEANS.get(5))),
            masked ? new int[] {5, 10} : new int[] {4, 8}),
        new Child(
            parts(categorical, List.of(COLOUR, SEX), none),
            masked ? new int[] {1, 2, 3, 4, 7, 8, 9} : new int[] {1, 2, 3, 6, 7}));
  }

  private static Diffusion diffusion(Parts parts, NDArray answer) {
    return new Diffusion(
        answer.getShape().slice(2),
        Grid.even(5),
        LastStep.LEARNED,
        parts.schedule(),
        parts.forward(),
        parts.reverse(),
        (x, time, condition) -> answer.repeat(0, x.getShape().get(0)));
  }

  private static final double[] COLOURS = {Math.log(0.5), Math.log(0.3), Math.log(0.2)};
  private static final double[] SEXES = {Math.log(0.6), Math.log(0.4)};

  /**
   * For numbers of N(0, 1) and bits of their rates there is nothing to add to what x_t says under
   * the null law; for categories their log probabilities.
   */
  private static NDArray exactAnswers(NDManager manager, String categorical) {
    int masks = categorical.equals(ABSORBING) ? 1 : 0;
    int slots = 9 + 2 * masks;
    double[] answers = new double[2 * slots];
    System.arraycopy(COLOURS, 0, answers, 1, COLOURS.length);
    System.arraycopy(SEXES, 0, answers, 6 + masks, SEXES.length);
    return manager.create(answers, new Shape(1, 2, slots));
  }

  /** Of the examples of people(...). */
  private static double[] logProbabilities() {
    double normal = -Math.log(2 * Math.PI);
    return new double[] {
      normal - (0.09 + 1.44) / 2 + COLOURS[0] + SEXES[1] + Math.log(0.375 * 0.25),
      normal - (4 + 0.01) / 2 + COLOURS[2] + SEXES[0] + Math.log(0.625 * 0.75),
      normal - (1.21 + 0.49) / 2 + COLOURS[1] + SEXES[0] + Math.log(0.375 * 0.75)
    };
  }

  private static final int COPIES = 4000;

  private record Mean(double value, double standardError) {

    static Mean of(double[] draws) {
      double mean = Arrays.stream(draws).average().orElseThrow();
      double squares = Arrays.stream(draws).map(x -> (x - mean) * (x - mean)).sum();
      return new Mean(mean, Math.sqrt(squares / draws.length / (draws.length - 1)));
    }
  }

  private static Mean bound(Diffusion diffusion, NDArray example, String purpose) {
    return Mean.of(
        new VariationalBound(diffusion)
            .total(example.repeat(0, COPIES), Noise.of(1, purpose))
            .neg()
            .toDoubleArray());
  }

  @Nested
  @DisplayName("have a bound that")
  class Bound extends EngineFixture {

    @ParameterizedTest(name = "{0}, answers off by {1}")
    @CsvSource(
        delimiter = ';',
        value = {UNIFORM + ";0", UNIFORM + ";0.5", ABSORBING + ";0", ABSORBING + ";0.5"})
    @DisplayName("is the sum of those of their kinds, and log p where the answers are exact")
    void isTheSum(String categorical, double off) {
      NDArray people = people(manager, categorical);
      NDArray exact = exactAnswers(manager, categorical);
      NDArray answers = exact.add(Noise.of(2, "off").gaussian(exact).mul(off));
      Diffusion mixed = diffusion(person(categorical), answers);
      List<Child> children = children(categorical);
      for (int i = 0; i < 3; i++) {
        NDArray example = people.get(i + ":" + (i + 1));
        Mean all = bound(mixed, example, "mixed");
        double sum = 0;
        double variance = all.standardError() * all.standardError();
        for (Child child : children) {
          NDArray told = child.own(answers).get(":, :" + child.parts().reverse().outputs());
          Mean own = bound(diffusion(child.parts(), told), child.own(example), "own");
          sum += own.value();
          variance += own.standardError() * own.standardError();
        }
        assertThat(all.value())
            .as("K of example %d", i)
            .isCloseTo(sum, within(4 * Math.sqrt(variance)));
        double truth = logProbabilities()[i];
        if (off == 0) {
          // abar_T = 1e-4 of the example is left in x_T, which p(x_T) knows nothing of.
          assertThat(all.value())
              .as("log p of example %d", i)
              .isCloseTo(truth, within(4 * all.standardError() + 1e-3));
        } else {
          assertThat(all.value()).isLessThan(truth - 4 * all.standardError());
        }
      }
    }
  }

  @Nested
  @DisplayName("have laws that")
  class Laws extends EngineFixture {

    @Test
    @DisplayName("are those of each kind in its own places, products too")
    void areTheirParts() {
      NDArray x = people(manager, UNIFORM);
      Stage stage =
          Stage.of(
              new double[] {0.5},
              new double[] {0},
              manager.create(new double[] {0.4}, new Shape(1, 1)),
              manager.create(new double[] {Double.POSITIVE_INFINITY}, new Shape(1, 1)));
      NDArray gradient = Noise.of(3, "gradient").gaussian(x);
      NDArray exponent = Noise.of(3, "exponent").uniform(x.get(":, :1"));
      Multipliable law = (Multipliable) person(UNIFORM).forward().alone(x, stage);
      Multipliable changed = law.tilted(gradient).times(law.power(exponent), law).repeated(6);
      for (Child child : children(UNIFORM)) {
        Multipliable own = (Multipliable) child.parts().forward().alone(child.own(x), stage);
        Multipliable expected =
            own.tilted(child.own(gradient)).times(own.power(exponent), own).repeated(6);
        NDArray twice = x.repeat(0, 2);
        assertSame(child, law.mean(), own.mean());
        assertSame(child, law.entropy(), own.entropy());
        assertSame(child, changed.mean(), expected.mean());
        assertSame(child, changed.logProbability(twice), expected.logProbability(child.own(twice)));
        assertSame(
            child, changed.divergence(law.repeated(6)), expected.divergence(own.repeated(6)));
      }
    }

    private void assertSame(Child child, NDArray whole, NDArray own) {
      assertThat(child.own(whole).toDoubleArray())
          .containsExactly(own.toDoubleArray(), within(1e-12));
    }
  }
}
