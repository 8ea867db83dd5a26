package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A network")
class NetworkTest extends EngineTest {

  private static final int STEPS = 10;
  private static final int OUTPUTS = 2;
  private static final Shape PAIR = new Shape(2);
  private static final Shape IMAGE = new Shape(1, 4, 4);

  /** A network and its name. */
  private record Case(String name, Network network) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> networks() {
    Stream<Case> rbf =
        Stream.of(new Case("rbf", new RbfNetwork(new RbfNetwork.Settings(5), STEPS)));
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
    return new Case("mlp " + activation + " " + time, new MlpNetwork(settings, STEPS));
  }

  static Stream<Case> anyTimeNetworks() {
    return networks().filter(c -> c.network().anyTime());
  }

  static Stream<Case> stepNetworks() {
    return networks().filter(c -> !c.network().anyTime());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("answers with its outputs for each element, whatever the element's shape")
  void shapes(Case c) {
    for (Shape element : List.of(PAIR, IMAGE, new Shape())) {
      Block block = fresh(c, element, DataType.FLOAT32);
      NDArray x = manager.zeros(new Shape(3).addAll(element));
      NDArray answer = answer(block, x, manager.create(new float[] {0.1f, 0.5f, 1}));
      assertThat(answer.getShape()).isEqualTo(new Shape(3, OUTPUTS).addAll(element));
      assertThat(block.getOutputShapes(new Shape[] {x.getShape(), new Shape(3)}))
          .containsExactly(answer.getShape());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("begins at zero, where the kernel has its own default")
  void beginsAtZero(Case c) {
    NDArray answer = answer(fresh(c, PAIR, DataType.FLOAT64), points(PAIR), times());
    assertThat(doubles(answer)).containsOnly(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("passes the right gradient to every parameter")
  void gradientMatchesFiniteDifferences(Case c) {
    for (Shape element : List.of(PAIR, IMAGE)) {
      Block block = moved(c, element);
      NDArray x = points(element);
      for (Parameter parameter : block.getParameters().values()) {
        parameter.getArray().setRequiresGradient(true);
      }
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(loss(block, x));
      }
      for (var named : block.getParameters()) {
        assertGradient(named.getKey(), named.getValue().getArray(), block, x);
      }
    }
  }

  private void assertGradient(String name, NDArray parameter, Block block, NDArray x) {
    double[] gradient = doubles(parameter.getGradient());
    assertThat(Arrays.stream(gradient).map(Math::abs).sum()).as(name).isPositive();
    double step = 1e-4;
    // A few elements of each, the same every time; 7 is prime to most sizes.
    for (int k = 0; k < 4; k++) {
      int i = (k * 7 + 1) % gradient.length;
      double slope =
          (lossAt(parameter, i, step, block, x) - lossAt(parameter, i, -step, block, x))
              / (2 * step);
      // Off by h^2 f''' / 6, about 1e-8 times a third derivative that may reach 100; a kink of
      // relu within h of an input would show as far more.
      assertThat(gradient[i]).as("%s[%d]", name, i).isCloseTo(slope, within(2e-6));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("lets the gradient through to x, for priors and samplers that follow it")
  void gradientReachesTheInput(Case c) {
    Block block = moved(c, PAIR);
    NDArray x = points(PAIR);
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.backward(loss(block, x));
    }
    assertGradient("x", x, block, x);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("answers each example by its own point and time, whatever the rest of the batch")
  void examplesAreIndependent(Case c) {
    Block block = moved(c, PAIR);
    NDArray x = points(PAIR);
    double[] together = doubles(answer(block, x, times()));
    for (int i = 0; i < 4; i++) {
      String row = i + ":" + (i + 1);
      double[] alone = doubles(answer(block, x.get(row), times().get(row)));
      for (int j = 0; j < alone.length; j++) {
        assertThat(together[i * alone.length + j]).isCloseTo(alone[j], within(1e-12));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("answers differently at every step")
  void timeMatters(Case c) {
    Block block = moved(c, PAIR);
    NDArray x = manager.create(new double[] {0.3, -0.8}, new Shape(1, 2)).repeat(0, STEPS);
    double[] times = new double[STEPS];
    Arrays.setAll(times, i -> (i + 1.0) / STEPS);
    double[] answers = doubles(answer(block, x, manager.create(times)));
    int width = answers.length / STEPS;
    for (int i = 1; i < STEPS; i++) {
      assertThat(Math.abs(answers[i * width] - answers[(i - 1) * width])).isGreaterThan(1e-6);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("begins with the same weights for the same seed and others for another")
  void sameSeedSameWeights(Case c) {
    NDArray first = weights(c, 11);
    assertThat(weights(c, 11).toFloatArray()).isEqualTo(first.toFloatArray());
    assertThat(weights(c, 12).toFloatArray()).isNotEqualTo(first.toFloatArray());
  }

  private NDArray weights(Case c, int seed) {
    Engine.getInstance().setRandomSeed(seed);
    return fresh(c, PAIR, DataType.FLOAT32).getParameters().get(0).getValue().getArray();
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
        .hasMessageContaining("each of the 10 steps")
        .hasMessageContaining("time 0.125")
        .hasMessageContaining("time: fourier");
    for (double outside : new double[] {0, 1.1, Double.NaN}) {
      NDArray time = manager.create(new double[] {outside, 1});
      assertThatThrownBy(() -> answer(block, x, time)).isInstanceOf(InvalidInput.class);
    }
  }

  private Block fresh(Case c, Shape element, DataType type) {
    Block block = c.network().block(element, OUTPUTS);
    block.initialize(manager, type, new Shape(1).addAll(element), new Shape(1));
    return block;
  }

  /** In double precision, with every parameter moved away from where it begins. */
  private Block moved(Case c, Shape element) {
    Engine.getInstance().setRandomSeed(3);
    Block block = fresh(c, element, DataType.FLOAT64);
    Noise noise = Noise.of(3, "parameters", 0);
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
    return Noise.of(4, "points", 0).gaussian(like);
  }

  private NDArray loss(Block block, NDArray x) {
    NDArray answer = answer(block, x, times());
    NDArray target = Noise.of(6, "target", 0).gaussian(answer);
    return answer.sub(target).square().mean();
  }

  private double lossAt(NDArray array, int index, double change, Block block, NDArray x) {
    double[] original = array.toDoubleArray();
    double[] moved = original.clone();
    moved[index] += change;
    NDArray flat = manager.create(moved, array.getShape());
    NDArray difference = flat.sub(array);
    NDArray detached = difference.stopGradient();
    shift(array, detached);
    double loss = loss(block, x).getDouble();
    shift(array, detached.neg());
    return loss;
  }

  private static void shift(NDArray array, NDArray change) {
    boolean gradient = array.hasGradient();
    array.setRequiresGradient(false);
    array.addi(change);
    array.setRequiresGradient(gradient);
  }
}
