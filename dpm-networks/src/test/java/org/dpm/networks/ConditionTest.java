package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.api.Grid;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A network that is told a condition")
class ConditionTest extends EngineFixture {

  private static final Grid GRID = Grid.even(10);
  private static final int BATCH = 3;

  /** Numbers of a condition y. */
  private static final int NUMBERS = 2;

  private record Case(String name, Network network, Shape element) {

    Signature signature() {
      return new Signature(element, 2, NUMBERS);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> networks() {
    Shape pair = new Shape(2);
    Stream<Case> mlps =
        Arrays.stream(TimeInput.values()).map(t -> new Case("mlp " + t, mlp(t), pair));
    var multiscale =
        new MultiscaleConvNetwork.Settings(
            3, 2, 3, 3, Activation.SOFTPLUS, 1, 4, 2, 1, 3, Activation.TANH, 3);
    var unet = new UnetNetwork.Settings(List.of(3, 4), 1, 2, 2, 3, Precision.AUTO);
    Stream<Case> others =
        Stream.of(
            new Case("rbf", new RbfNetwork(new RbfNetwork.Settings(5), GRID), pair),
            new Case("multiscale-conv", new MultiscaleConvNetwork(multiscale), new Shape(1, 4, 8)),
            new Case("unet", new UnetNetwork(unet, GRID), new Shape(1, 8, 8)));
    return Stream.concat(mlps, others);
  }

  private static Network mlp(TimeInput time) {
    return new MlpNetwork(
        new MlpNetwork.Settings(6, 3, Activation.SILU, time, Optional.empty()), GRID);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("begins at zero whatever the condition, where the kernel has its own default")
  void beginsAtZero(Case c) {
    assertThat(doubles(answer(fresh(c), points(c), conditions()))).containsOnly(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("gives other answers to another condition, to none, and to one of zeros")
  void listens(Case c) {
    Block block = moved(c);
    NDArray x = points(c);
    double[] first = doubles(answer(block, x, each(0.7, -1.1, 1)));
    double[] second = doubles(answer(block, x, each(0.7, -1, 1)));
    double[] zeros = doubles(answer(block, x, each(0, 0, 1)));
    double[] none = doubles(answer(block, x, each(0, 0, 0)));
    assertThat(distance(first, second)).isGreaterThan(1e-3);
    assertThat(distance(zeros, none)).isGreaterThan(1e-3);
    assertThat(distance(first, none)).isGreaterThan(1e-3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("gives each of three conditions in a batch what it gives it alone")
  void answersEachByItself(Case c) {
    Block block = moved(c);
    NDArray x = points(c);
    NDArray conditions = conditions();
    NDArray together = answer(block, x, conditions);
    for (int i = 0; i < BATCH; i++) {
      NDIndex row = new NDIndex("%d:%d".formatted(i, i + 1));
      NDList one = new NDList(x.get(row), times().get(row), conditions.get(row));
      ParameterStore store = new ParameterStore(manager, false);
      double[] alone = doubles(block.forward(store, one, false).singletonOrThrow());
      // Double precision, added up in another order.
      assertThat(doubles(together.get(row))).containsExactly(alone, within(1e-10));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("has the gradient that its differences show, in every parameter")
  void learnsFromIt(Case c) {
    Block block = moved(c);
    NDArray x = points(c);
    NDArray conditions = conditions();
    block.getParameters().values().forEach(p -> p.getArray().setRequiresGradient(true));
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(answer(block, x, conditions).square().sum());
    }
    Noise noise = Noise.of(6, "directions");
    for (Parameter parameter : block.getParameters().values()) {
      NDArray value = parameter.getArray();
      NDArray gradient = parameter.getArray().getGradient().duplicate();
      value.setRequiresGradient(false);
      NDArray step = noise.gaussian(value).mul(1e-5);
      value.addi(step);
      double above = answer(block, x, conditions).square().sum().getDouble();
      value.subi(step.mul(2));
      double below = answer(block, x, conditions).square().sum().getDouble();
      value.addi(step);
      double slope = gradient.mul(step).sum().getDouble() * 2;
      // The third derivative times 1e-10, and 1e-16 of rounding over 1e-5 of a step.
      assertThat(slope).as(parameter.getName()).isNotZero();
      assertThat(above - below).isCloseTo(slope, within(1e-5 * Math.abs(slope) + 1e-10));
    }
  }

  private Block fresh(Case c) {
    Engine.getInstance().setRandomSeed(3);
    Block block = c.network().block(c.signature());
    block.initialize(manager, DataType.FLOAT64, c.signature().inputs());
    return block;
  }

  /** With every parameter moved away from where it begins. */
  private Block moved(Case c) {
    Block block = fresh(c);
    Noise noise = Noise.of(3, "parameters");
    for (Parameter parameter : block.getParameters().values()) {
      NDArray value = parameter.getArray();
      value.addi(noise.gaussian(value).mul(0.3));
    }
    return block;
  }

  private NDArray answer(Block block, NDArray x, NDArray conditions) {
    ParameterStore store = new ParameterStore(manager, false);
    return block.forward(store, new NDList(x, times(), conditions), false).singletonOrThrow();
  }

  private NDArray points(Case c) {
    NDArray like = manager.zeros(new Shape(BATCH).addAll(c.element()), DataType.FLOAT64);
    return Noise.of(4, "points").gaussian(like);
  }

  private NDArray times() {
    return manager.create(new double[] {0.1, 0.4, 1});
  }

  /** Two conditions, and none. */
  private NDArray conditions() {
    double[] rows = {0.7, -1.1, 1, -0.2, 0.9, 1, 0, 0, 0};
    return manager.create(rows, new Shape(BATCH, NUMBERS + 1));
  }

  private NDArray each(double... row) {
    return manager.create(row, new Shape(1, row.length)).repeat(0, BATCH);
  }

  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
