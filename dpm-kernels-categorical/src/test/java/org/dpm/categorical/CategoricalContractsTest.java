package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Multipliable;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.categorical.CategoricalForwardKernel.Transition;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.MultipliableContract;
import org.dpm.testkit.PriorContract;
import org.dpm.testkit.ReverseKernelContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The categorical plugin")
class CategoricalContractsTest {

  /** Cells of different widths, so that each has its own end. */
  private static final Variables VARIABLES =
      new Variables(
          List.of(
              Variable.column("colour", new Space.Category(List.of("red", "green", "blue"))),
              Variable.column("sex", new Space.Category(List.of("f", "m")))));

  private static final List<Space> SPACES = VARIABLES.list().stream().map(Variable::space).toList();

  private static ForwardKernel forwardKernel(Transition transition) {
    return new CategoricalForwardKernel(
        new CategoricalForwardKernel.Settings(transition), VARIABLES);
  }

  /** Of each colour, and of each sex; a mask that no example has is one slot more. */
  private static NDArray people(Transition transition, NDManager manager) {
    return transition == Transition.ABSORBING
        ? manager.create(
            new double[] {1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0},
            new Shape(3, 7))
        : manager.create(
            new double[] {1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0}, new Shape(3, 5));
  }

  static Stream<Arguments> forward() {
    return Stream.of(
        Arguments.of(Transition.UNIFORM, DataType.FLOAT64),
        Arguments.of(Transition.ABSORBING, DataType.FLOAT64),
        Arguments.of(Transition.ABSORBING, DataType.FLOAT32));
  }

  @Nested
  @ParameterizedClass(name = "{0} in {1}")
  @MethodSource("org.dpm.categorical.CategoricalContractsTest#forward")
  @DisplayName("has a forward kernel that, replacing by")
  class Forward extends ForwardKernelContract {

    private final Transition transition;
    private final DataType type;

    Forward(Transition transition, DataType type) {
      this.transition = transition;
      this.type = type;
    }

    @Override
    protected ForwardKernel kernel() {
      return forwardKernel(transition);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return people(transition, manager).toType(type, true);
    }

    @Override
    protected List<Space> spaces() {
      return SPACES;
    }

    /** Labels stay uniform where any may come; where masks do, they do not stay. */
    @Override
    protected boolean isStationary() {
      return transition == Transition.UNIFORM;
    }
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("has a reverse kernel that, after")
  class Reverse extends ReverseKernelContract {

    private final Transition transition;

    Reverse(Transition transition) {
      this.transition = transition;
    }

    @Override
    protected ReverseKernel reverse() {
      return new CategoricalReverseKernel(forward());
    }

    @Override
    protected ForwardKernel forward() {
      return forwardKernel(transition);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return people(transition, manager);
    }

    @Override
    protected List<Space> spaces() {
      return SPACES;
    }

    /** Masks: a label beside them is certain, and no answer moves it. */
    @Override
    protected NDArray undecided(NDArray current) {
      return transition == Transition.ABSORBING
          ? current
              .getManager()
              .create(new double[] {0, 0, 0, 1, 0, 0, 1}, new Shape(1, 7))
              .repeat(0, current.getShape().get(0))
          : current;
    }
  }

  @Nested
  @DisplayName("uses a distribution that")
  class Classes extends MultipliableContract {

    private static final int K = 3;

    @Override
    protected Multipliable distribution(NDManager manager) {
      return of(manager, 0.2, 0.3, 0.5, 0.9, 0.001, 0.099);
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return of(manager, 0.4, 0.5, 0.1, 0.3, 0.6, 0.1);
    }

    @Override
    protected List<double[]> outcomes() {
      return oneHot(K);
    }

    private Categorical of(NDManager manager, double... probabilities) {
      Blocks cells = new Blocks(Collections.nCopies(probabilities.length / K, K));
      NDArray p = manager.create(probabilities, new Shape(1, probabilities.length));
      return Categorical.of(cells, cells.apart(p, 0));
    }
  }

  static Stream<Arguments> priors() {
    return Stream.of(Transition.values())
        .flatMap(
            transition ->
                Stream.of(OnTheWay.values()).map(onTheWay -> Arguments.of(transition, onTheWay)));
  }

  @Nested
  @ParameterizedClass(name = "{0}, on the way {1}")
  @MethodSource("org.dpm.categorical.CategoricalContractsTest#priors")
  @DisplayName("has opinions on categories, which, after")
  class Opinions extends PriorContract {

    private final Transition transition;
    private final OnTheWay onTheWay;

    Opinions(Transition transition, OnTheWay onTheWay) {
      this.transition = transition;
      this.onTheWay = onTheWay;
    }

    @Override
    protected Prior prior() {
      return new CategoriesPrior(
          new CategoriesPrior.Settings("colour", List.of(1.0, 0.0, -2.0), onTheWay),
          forwardKernel(transition),
          VARIABLES);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return people(transition, manager);
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new CategoricalPlugin();
    }

    @Override
    protected Map<String, String> required(Extension<?> extension) {
      return extension.type() == Prior.class
          ? Map.of("variable", "colour", "logOdds", "[1, 0, -2]")
          : Map.of();
    }
  }
}
