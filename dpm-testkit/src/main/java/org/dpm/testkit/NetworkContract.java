package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a network answers in the right shape, listens to all that it is told, and can learn. */
@DisplayName("A network")
public abstract class NetworkContract extends Contract {

  private static final int STEPS = 10;
  private static final int OUTPUTS = 2;
  private static final int EXAMPLES = 4;

  /**
   * What is tested. Small, since slopes are found by trying.
   *
   * @param steps T, for a network that has to know it
   */
  protected abstract Network network(int steps);

  /**
   * Shapes of an example to try. One that the network refuses as {@link InvalidInput} is passed
   * over.
   */
  protected List<Shape> elements() {
    return List.of(new Shape(2), new Shape(1, 8, 8), new Shape(3, 4, 4), new Shape());
  }

  @Test
  @DisplayName("can be built for some shape")
  void canBeBuilt() {
    assertThat(accepted()).as("shapes that are not refused, of %s", elements()).isNotEmpty();
  }

  @Test
  @DisplayName("answers with its outputs for every number of an example, whatever its shape")
  void keepsShape() {
    for (Shape element : accepted()) {
      Block block = network(STEPS).block(element, OUTPUTS);
      block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(element), new Shape(1));
      NDArray x = manager.zeros(new Shape(EXAMPLES).addAll(element));
      NDArray time = times().toType(DataType.FLOAT32, false);
      NDArray answer = answer(block, new ParameterStore(manager, false), x, time);
      Shape expected = new Shape(EXAMPLES, OUTPUTS).addAll(element);
      assertThat(answer.getShape()).as("answer for %s", element).isEqualTo(expected);
      assertThat(answer.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(block.getOutputShapes(new Shape[] {x.getShape(), time.getShape()}))
          .as("what it says of its answer for %s", element)
          .containsExactly(expected);
    }
  }

  @Test
  @DisplayName("begins with the same weights for the same seed and others for another")
  void beginsBySeed() {
    double[] first = weights(11);
    assertThat(weights(11)).as("weights, same seed").isEqualTo(first);
    if (Arrays.stream(first).anyMatch(w -> w != first[0])) {
      assertThat(weights(12)).as("weights, other seed").isNotEqualTo(first);
    }
  }

  private double[] weights(int seed) {
    Engine.getInstance().setRandomSeed(seed);
    return fresh(accepted().get(0)).getParameters().values().stream()
        .flatMapToDouble(parameter -> Arrays.stream(doubles(parameter.getArray())))
        .toArray();
  }

  @Test
  @DisplayName("passes the right gradient to every parameter that the store handed it")
  void gradientReachesEveryParameter() {
    for (Shape element : accepted()) {
      Block block = fresh(element);
      HandedOut store = new HandedOut(block);
      NDArray x = points(element);
      store.values().forEach(value -> value.setRequiresGradient(true));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, loss(block, store, x));
      }
      for (Parameter parameter : block.getParameters().values()) {
        assertGradient(element, block, store, parameter, x);
      }
    }
  }

  private void assertGradient(
      Shape element, Block block, HandedOut store, Parameter parameter, NDArray x) {
    String what = "gradient in %s for %s".formatted(parameter.getName(), element);
    NDArray value = store.value(parameter);
    double[] gradient = doubles(value.getGradient());
    assertThat(Arrays.stream(gradient).map(Math::abs).sum()).as(what).isPositive();
    new Slopes(
            value.stopGradient(), moved -> doubles(loss(block, store.with(parameter, moved), x))[0])
        .assertMatch(what, gradient);
  }

  @Test
  @DisplayName("lets the gradient through to x, for priors and samplers that follow it")
  void gradientReachesTheInput() {
    for (Shape element : accepted()) {
      Block block = fresh(element);
      HandedOut store = new HandedOut(block);
      NDArray points = points(element);
      NDArray x = points.duplicate();
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, loss(block, store, x));
      }
      double[] gradient = doubles(x.getGradient());
      assertThat(gradient).as("gradient in x for %s", element).doesNotContain(0.0);
      new Slopes(points, moved -> doubles(loss(block, store, moved))[0])
          .assertMatch("gradient in x for " + element, gradient);
    }
  }

  @Test
  @DisplayName("answers each example by its own point and time, whatever the rest of the batch")
  void examplesAreIndependent() {
    for (Shape element : accepted()) {
      Block block = fresh(element);
      HandedOut store = new HandedOut(block);
      NDArray x = points(element);
      double[] together = doubles(answer(block, store, x, times()));
      int size = together.length / EXAMPLES;
      for (int i = 0; i < EXAMPLES; i++) {
        String row = i + ":" + (i + 1);
        assertThat(doubles(answer(block, store, x.get(row), times().get(row))))
            .as("answer to example %d alone, for %s", i, element)
            .containsExactly(
                Arrays.copyOfRange(together, i * size, (i + 1) * size), within(rounding(x, 1)));
      }
    }
  }

  @Test
  @DisplayName("answers differently at every step")
  void timeMatters() {
    for (Shape element : accepted()) {
      Block block = fresh(element);
      double[] times = new double[STEPS];
      Arrays.setAll(times, i -> (i + 1.0) / STEPS);
      NDArray x = points(element).get("0:1").repeat(0, STEPS);
      double[] answers = doubles(answer(block, new HandedOut(block), x, manager.create(times)));
      int size = answers.length / STEPS;
      for (int i = 1; i < STEPS; i++) {
        double change = 0;
        for (int j = 0; j < size; j++) {
          change = Math.max(change, Math.abs(answers[i * size + j] - answers[(i - 1) * size + j]));
        }
        assertThat(change)
            .as("change of the answer from step %d to %d, for %s", i, i + 1, element)
            .isGreaterThan(1e-6);
      }
    }
  }

  private List<Shape> accepted() {
    return elements().stream().filter(this::accepts).toList();
  }

  private boolean accepts(Shape element) {
    try {
      network(STEPS).block(element, OUTPUTS);
      return true;
    } catch (InvalidInput refusal) {
      return false;
    }
  }

  private Block fresh(Shape element) {
    Block block = network(STEPS).block(element, OUTPUTS);
    block.initialize(manager, DataType.FLOAT64, new Shape(1).addAll(element), new Shape(1));
    return block;
  }

  private static NDArray answer(Block block, ParameterStore store, NDArray x, NDArray time) {
    return block.forward(store, new NDList(x, time), false).singletonOrThrow();
  }

  private NDArray loss(Block block, ParameterStore store, NDArray x) {
    NDArray answer = answer(block, store, x, times());
    return answer.sub(noise("target").gaussian(answer)).square().mean();
  }

  private NDArray points(Shape element) {
    NDArray like = manager.zeros(new Shape(EXAMPLES).addAll(element), DataType.FLOAT64);
    return noise("points").gaussian(like);
  }

  /** Steps 1, 4, 4 and 10. */
  private NDArray times() {
    return manager.create(new double[] {0.1, 0.4, 0.4, 1});
  }

  /**
   * Hands out other arrays than the parameters hold, as training and averaged weights do: moved
   * from where they begin, so that none is zero. A block that reads its parameters itself gets no
   * gradient here.
   */
  private final class HandedOut extends ParameterStore {

    private final Map<Parameter, NDArray> values = new LinkedHashMap<>();

    HandedOut(Block block) {
      super(manager, false);
      block
          .getParameters()
          .forEach(
              named -> {
                NDArray value = named.getValue().getArray();
                NDArray change = noise(named.getKey()).gaussian(value).mul(0.3);
                values.put(named.getValue(), value.add(change).stopGradient());
              });
    }

    private HandedOut(Map<Parameter, NDArray> values) {
      super(manager, false);
      this.values.putAll(values);
    }

    HandedOut with(Parameter parameter, NDArray value) {
      HandedOut changed = new HandedOut(values);
      changed.values.put(parameter, value);
      return changed;
    }

    Iterable<NDArray> values() {
      return values.values();
    }

    NDArray value(Parameter parameter) {
      NDArray value = values.get(parameter);
      if (value == null) {
        throw new IllegalArgumentException(
            "the block asks for a parameter that it does not list: " + parameter.getName());
      }
      return value;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return value(parameter);
    }
  }
}
