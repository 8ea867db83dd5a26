package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dpm.api.Diffusion;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.Model;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.engine.Devices;
import org.dpm.posterior.SequentialMonteCarlo.Settings;
import org.dpm.testkit.EnumerationOracle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of which the network ties two categories together, against all of its states. */
@DisplayName("Sequential Monte Carlo on categories")
class CategoriesTest {

  private static final Variables VARIABLES =
      new Variables(
          List.of(
              Variable.column("colour", new Space.Category(List.of("red", "green", "blue"))),
              Variable.column("sex", new Space.Category(List.of("f", "m")))));

  private static final List<Space> SPACES = VARIABLES.list().stream().map(Variable::space).toList();

  private static final double[] LOG_ODDS = {0.2, -1, 1.5};

  /** What a label of one tells on those of the other: red and m, blue and f go together. */
  private static final double[][] TIES = {{-1, 1.5}, {0.5, 0}, {1, -2}};

  @TempDir private Path directory;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** A model, and what is said of its colours. */
  private record Known(Diffusion diffusion, Prior opinion, int masks) {

    int slots() {
      return 5 + 2 * masks;
    }

    int firstOfSex() {
      return 3 + masks;
    }

    Prior sexIs(int label) {
      double[] values = new double[slots()];
      double[] mask = new double[slots()];
      Arrays.fill(mask, firstOfSex(), slots(), 1);
      values[firstOfSex() + label] = 1;
      Shape row = new Shape(1, slots());
      return like ->
          List.of(
              new Factor.Known(Doubles.array(like, values, row), Doubles.array(like, mask, row)));
    }
  }

  private Known known(String transition, String onTheWay) throws IOException {
    int masks = transition.equals("absorbing") ? 1 : 0;
    Path prior =
        Files.writeString(
            directory.resolve("prior.yaml"),
            "kind: categories\nvariable: colour\nlogOdds: %s\nonTheWay: %s\n"
                .formatted(Arrays.toString(LOG_ODDS), onTheWay));
    String kernel = "steps: 8\nkernel: { kind: categorical, transition: %s }".formatted(transition);
    try (Registry registry = Registry.load(Optional.empty());
        Model model = Kernels.model(registry, kernel, VARIABLES, 0.5, 0.5)) {
      Diffusion of = model.diffusion();
      Diffusion diffusion =
          new Diffusion(
              of.element(),
              of.grid(),
              Diffusion.LastStep.LEARNED,
              of.schedule(),
              of.forward(),
              of.reverse(),
              (x, time, condition) -> tied(x, masks));
      return new Known(
          diffusion,
          model.prior(new PipelineReader(registry).component(Prior.class, prior)),
          masks);
    }
  }

  /** The network: the label of each tells on the other, and a mask tells nothing. */
  private static NDArray tied(NDArray x, int masks) {
    int sex = 3 + masks;
    int slots = 5 + 2 * masks;
    double[] map = new double[slots * slots];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 2; j++) {
        map[i * slots + sex + j] = TIES[i][j];
        map[(sex + j) * slots + i] = TIES[i][j];
      }
    }
    return x.matMul(Doubles.array(x, map, new Shape(slots, slots))).expandDims(1);
  }

  /** d of a colour. */
  private static double opinion(int colour) {
    return Math.exp(LOG_ODDS[colour]) / Arrays.stream(LOG_ODDS).map(Math::exp).sum();
  }

  private interface Weight {
    double of(int colour, int sex);
  }

  private Estimate estimate(Known known, Prior prior, int particles) {
    return Estimate.of(
        new SequentialMonteCarlo(known.diffusion(), prior, new Settings(particles))
            .sample(manager, 0, 40, Noise.of(3, "categories"), Progress.NONE));
  }

  /** p(x_0) r(x_0) of each colour and sex, by going through all states. */
  private double[][] masses(Known known, Weight weight) {
    double[] likelihood =
        EnumerationOracle.of(known.diffusion(), manager, DataType.FLOAT32, SPACES).logLikelihood();
    double[][] mass = new double[3][2];
    for (int colour = 0; colour < 3; colour++) {
      for (int sex = 0; sex < 2; sex++) {
        double p = Math.exp(likelihood[colour + sex * (3 + known.masks())]);
        mass[colour][sex] = p * weight.of(colour, sex);
      }
    }
    return mass;
  }

  private static double sum(double[][] mass) {
    return Arrays.stream(mass).flatMapToDouble(Arrays::stream).sum();
  }

  private void assertAgreesWithEnumeration(Known known, Estimate estimate, Weight weight) {
    double[][] mass = masses(known, weight);
    estimate.logEvidenceValue().assertIs("log Z", Math.log(sum(mass)));
    assertMarginals(known, estimate, mass);
  }

  private static void assertMarginals(Known known, Estimate estimate, double[][] mass) {
    for (int colour = 0; colour < 3; colour++) {
      int slot = colour;
      double either = mass[colour][0] + mass[colour][1];
      assertIs(estimate, x -> x[slot], either / sum(mass), "colour " + slot);
      for (int sex = 0; sex < 2; sex++) {
        int other = known.firstOfSex() + sex;
        assertIs(
            estimate,
            x -> x[slot] * x[other],
            mass[colour][sex] / sum(mass),
            "colour %d and sex %d".formatted(colour, sex));
      }
    }
  }

  /** Where something is impossible the runs agree to the last digit. */
  private static void assertIs(
      Estimate estimate, ToDoubleFunction<float[]> of, double exact, String what) {
    Estimate.Value value = estimate.expectation(of);
    if (value.standardError() < 1e-9) {
      assertThat(value.value()).as(what).isCloseTo(exact, within(1e-9));
    } else {
      value.assertIs(what, exact);
    }
  }

  @ParameterizedTest(name = "{0}, {1} on the way")
  @CsvSource({
    "uniform, constant",
    "uniform, diffused",
    "absorbing, constant",
    "absorbing, diffused"
  })
  @DisplayName("agrees with enumeration for opinions on the labels of one of them")
  void opinions(String transition, String onTheWay) throws IOException {
    Known known = known(transition, onTheWay);
    Estimate estimate = estimate(known, known.opinion(), 300);
    assertAgreesWithEnumeration(known, estimate, (colour, sex) -> opinion(colour));
    assertThatExceptionOfType(AssertionError.class)
        .as("without the opinion")
        .isThrownBy(() -> assertAgreesWithEnumeration(known, estimate, (colour, sex) -> 1));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"uniform", "absorbing"})
  @DisplayName("agrees with enumeration where the other is known besides")
  void knownLabel(String transition) throws IOException {
    Known known = known(transition, "diffused");
    assertAgreesWithEnumeration(
        known,
        estimate(known, known.opinion().and(known.sexIs(1)), 300),
        (colour, sex) -> sex == 1 ? opinion(colour) : 0);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"uniform", "absorbing"})
  @DisplayName("is caught when the weights are left out")
  void weightsMatter(String transition) throws IOException {
    Known known = known(transition, "constant");
    PosteriorDraws draws =
        new SequentialMonteCarlo(known.diffusion(), known.opinion(), new Settings(1))
            .sample(manager, 0, 20_000, Noise.of(3, "categories"), Progress.NONE);
    Estimate estimate = Estimate.of(draws);
    Estimate unweighted = new Estimate(estimate.runs(), new double[draws.logEvidence().length]);
    double[][] mass = masses(known, (colour, sex) -> opinion(colour));
    assertMarginals(known, estimate, mass);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> assertMarginals(known, unweighted, mass));
  }
}
