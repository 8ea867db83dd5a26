package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import java.util.stream.IntStream;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a network answers in the right shape, listens to all that it is told, and can learn. */
@DisplayName("A network")
public abstract class NetworkContract extends Contract {

  private static final int STEPS = 10;
  private static final Grid GRID = Grid.even(STEPS);
  private static final int CONDITION = 3;
  private static final int OUTPUTS = 2;
  private static final int EXAMPLES = 4;

  /**
   * What is tested. Small, since slopes are found by trying.
   *
   * @param grid the times that a model is trained at, for a network that has to know them
   */
  protected abstract Network network(Grid grid);

  /**
   * Shapes of an example to try. One that the network refuses as {@link InvalidInput} is passed
   * over.
   */
  protected List<Shape> elements() {
    return List.of(new Shape(2), new Shape(1, 8, 8), new Shape(3, 4, 4), new Shape());
  }

  /**
   * A few different x_t to show it, [4, element...]: normal numbers, unless it sees something else,
   * such as bits or classes.
   */
  protected NDArray points(NDManager manager, Shape element) {
    return noise("points")
        .gaussian(manager.zeros(new Shape(EXAMPLES).addAll(element), DataType.FLOAT64));
  }

  /** Whether its answers can be followed uphill in x; not so where it looks classes up. */
  protected boolean hasSlopes() {
    return true;
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
      Signature signature = new Signature(element, OUTPUTS);
      Block block = network(GRID).block(signature);
      block.initialize(manager, DataType.FLOAT32, signature.inputs());
      NDArray x = points(element).toType(DataType.FLOAT32, false);
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
    assumeTrue(hasSlopes(), "has no slopes in x");
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
  @DisplayName("listens to a condition, to one that is not given too, or refuses to be told any")
  void conditionMatters() {
    for (Shape element : accepted()) {
      Signature signature = new Signature(element, OUTPUTS, CONDITION);
      Block block;
      try {
        block = fresh(signature);
      } catch (InvalidInput refusal) {
        continue;
      }
      HandedOut store = new HandedOut(block);
      NDArray x = points(element);
      NDArray one = manager.ones(new Shape(EXAMPLES, 1), DataType.FLOAT64);
      NDArray y = noise("y").gaussian(one.repeat(1, CONDITION));
      double[] told = answers(block, store, x, y.concat(one, 1));
      double[] otherwise = answers(block, store, x, y.neg().concat(one, 1));
      double[] untold = answers(block, store, x, y.concat(one, 1).zerosLike());
      assertThat(
              block.getOutputShapes(new Shape[] {x.getShape(), times().getShape(), y.getShape()}))
          .as("what it says of its answer for %s", element)
          .containsExactly(new Shape(EXAMPLES, OUTPUTS).addAll(element));
      int size = told.length / EXAMPLES;
      for (int i = 0; i < EXAMPLES; i++) {
        String what = "answer to example %d given %s, for %s".formatted(i, "%s", element);
        assertThat(change(told, otherwise, i, size)).as(what, "another condition").isPositive();
        assertThat(change(told, untold, i, size)).as(what, "none").isPositive();
        String row = i + ":" + (i + 1);
        NDArray alone =
            block
                .forward(
                    store,
                    new NDList(x.get(row), times().get(row), y.concat(one, 1).get(row)),
                    false)
                .singletonOrThrow();
        assertAlike(
            what.formatted("its condition, alone"),
            x,
            doubles(alone),
            Arrays.copyOfRange(told, i * size, (i + 1) * size));
      }
      assertThat(Arrays.stream(untold).allMatch(Double::isFinite)).as("finite untold").isTrue();
    }
  }

  private double[] answers(Block block, ParameterStore store, NDArray x, NDArray condition) {
    return doubles(
        block.forward(store, new NDList(x, times(), condition), false).singletonOrThrow());
  }

  private static double change(double[] one, double[] other, int example, int size) {
    return IntStream.range(example * size, (example + 1) * size)
        .mapToDouble(i -> Math.abs(one[i] - other[i]))
        .max()
        .orElse(0);
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
      network(GRID).block(new Signature(element, OUTPUTS));
      return true;
    } catch (InvalidInput refusal) {
      return false;
    }
  }

  private Block fresh(Shape element) {
    return fresh(new Signature(element, OUTPUTS));
  }

  private Block fresh(Signature signature) {
    Block block = network(GRID).block(signature);
    block.initialize(manager, DataType.FLOAT64, signature.inputs());
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
    NDArray points = points(manager, element);
    assertThat(points.getShape())
        .as("shape of points(...)")
        .isEqualTo(new Shape(EXAMPLES).addAll(element));
    return points.getDataType() == DataType.FLOAT64
        ? points
        : points.toType(DataType.FLOAT64, false);
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
