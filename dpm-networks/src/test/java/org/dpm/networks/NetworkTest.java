package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A network")
class NetworkTest extends EngineFixture {

  private static final int STEPS = 10;
  private static final Grid GRID = Grid.even(STEPS);
  private static final int OUTPUTS = 2;
  private static final Shape PAIR = new Shape(2);

  /** A network and its name. */
  private record Case(String name, Network network) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> networks() {
    Stream<Case> rbf = Stream.of(new Case("rbf", new RbfNetwork(new RbfNetwork.Settings(5), GRID)));
    Stream<Case> inputs = Stream.of(TimeInput.values()).map(t -> mlp(Activation.SILU, t));
    Stream<Case> activations =
        Stream.of(Activation.values())
            .filter(a -> a != Activation.SILU)
            .map(a -> mlp(a, TimeInput.FOURIER));
    return Stream.of(rbf, inputs, activations).flatMap(s -> s);
  }

  private static Case mlp(Activation activation, TimeInput time) {
    Optional<Integer> features = time == TimeInput.READOUT ? Optional.empty() : Optional.of(4);
    var settings = new MlpNetwork.Settings(6, 3, activation, time, features);
    return new Case("mlp " + activation + " " + time, new MlpNetwork(settings, GRID));
  }

  static Stream<Case> anyTimeNetworks() {
    return networks().filter(c -> c.network().anyTime());
  }

  static Stream<Case> stepNetworks() {
    return networks().filter(c -> !c.network().anyTime());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("begins at zero, where the kernel has its own default")
  void beginsAtZero(Case c) {
    NDArray answer = answer(fresh(c, PAIR, DataType.FLOAT64), points(PAIR), times());
    assertThat(doubles(answer)).containsOnly(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("anyTimeNetworks")
  @DisplayName("for any time changes smoothly between its steps and stays finite off them")
  void smoothBetweenSteps(Case c) {
    Block block = moved(c, PAIR);
    int fine = 40 * STEPS;
    double[] times = new double[fine];
    Arrays.setAll(times, i -> (i + 1.0) / fine);
    NDArray x = manager.create(new double[] {0.3, -0.8}, new Shape(1, 2)).repeat(0, fine);
    double[] answers = doubles(answer(block, x, manager.create(times)));
    double range =
        Arrays.stream(answers).max().orElseThrow() - Arrays.stream(answers).min().orElseThrow();
    int width = answers.length / fine;
    for (int i = width; i < answers.length; i++) {
      assertThat(answers[i]).isFinite();
      // A fortieth of a step: a curve that kept this pace would cross its range in half a step.
      assertThat(Math.abs(answers[i] - answers[i - width])).isLessThan(range / 20);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stepNetworks")
  @DisplayName("with a readout for each step refuses other times and says why")
  void refusesOtherTimes(Case c) {
    Block block = fresh(c, PAIR, DataType.FLOAT32);
    NDArray x = manager.zeros(new Shape(2, 2));
    NDArray between = manager.create(new double[] {0.5, 0.125});
    assertThatThrownBy(() -> answer(block, x, between))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("each of the 10 times")
        .hasMessageContaining("time 0.125: the nearest is 0.1")
        .hasMessageContaining("time: fourier");
    for (double outside : new double[] {0, 1.1, Double.NaN}) {
      NDArray time = manager.create(new double[] {outside, 1});
      assertThatThrownBy(() -> answer(block, x, time)).isInstanceOf(InvalidInput.class);
    }
  }

  @Test
  @DisplayName("with a readout for each step has one for each time of an uneven grid")
  void hasReadoutsOfAnUnevenGrid() {
    // Even steps would take the second time for the first one's, and the third for the last one's.
    float[] times = {0.1f, 0.15f, 0.9f, 1};
    Grid grid = Grid.of(0.1, 0.15, 0.9, 1);
    Block block = new RbfNetwork(new RbfNetwork.Settings(3), grid).block(new Signature(PAIR, 1));
    block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(PAIR), new Shape(1));
    NDArray table = block.getParameters().values().get(2).getArray();
    assertThat(table.getShape()).isEqualTo(new Shape(4, 2, 4));
    for (int i = 0; i < times.length; i++) {
      table.set(new NDIndex(i), i + 1);
    }
    // The basis adds up to one, and so does the bias: twice what the table holds.
    NDArray together = answer(block, points(PAIR).toType(DataType.FLOAT32, false), times(times));
    assertThat(together.toFloatArray()).containsExactly(2, 2, 4, 4, 6, 6, 8, 8);
    for (int i = 0; i < times.length; i++) {
      NDArray alone = answer(block, manager.zeros(new Shape(1, 2)), times(times[i]));
      assertThat(alone.toFloatArray()).containsExactly(2 * i + 2, 2 * i + 2);
    }
  }

  private NDArray times(float... times) {
    return manager.create(times);
  }

  private Block fresh(Case c, Shape element, DataType type) {
    Block block = c.network().block(new Signature(element, OUTPUTS));
    block.initialize(manager, type, new Shape(1).addAll(element), new Shape(1));
    return block;
  }

  /** In double precision, with every parameter moved away from where it begins. */
  private Block moved(Case c, Shape element) {
    Engine.getInstance().setRandomSeed(3);
    Block block = fresh(c, element, DataType.FLOAT64);
    Noise noise = Noise.of(3, "parameters");
    for (Parameter parameter : block.getParameters().values()) {
      NDArray value = parameter.getArray();
      value.addi(noise.gaussian(value).mul(0.3));
    }
    return block;
  }

  private NDArray answer(Block block, NDArray x, NDArray time) {
    ParameterStore store = new ParameterStore(manager, false);
    return block.forward(store, new NDList(x, time), false).singletonOrThrow();
  }

  /** Steps 1, 4, 4 and 10. */
  private NDArray times() {
    return manager.create(new double[] {0.1, 0.4, 0.4, 1});
  }

  private NDArray points(Shape element) {
    NDArray like = manager.zeros(new Shape(4).addAll(element), DataType.FLOAT64);
    return Noise.of(4, "points").gaussian(like);
  }
}
