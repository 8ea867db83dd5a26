package org.dpm.categorical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.dpm.api.Bernoulli;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;
import org.dpm.api.VariationalBound;
import org.dpm.categorical.CategoricalForwardKernel.Transition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cells of three, two and twice four labels, abar_t = 1 - t over ten steps, of which the last
 * leaves nothing, against sums over all classes.
 */
@DisplayName("The categorical kernels")
class CategoricalKernelsTest {

  private static final int STEPS = 10;
  private static final Schedule SCHEDULE = time -> time.neg().add(1f).log().sub(time.log());
  private static final int[] LABELS = {3, 2, 4, 4};

  /** What is given has no slots. */
  private static final Variables VARIABLES =
      new Variables(
          List.of(
              column("colour", "red", "green", "blue"),
              new Variable("age", new Shape(), new Space.Real(0), Role.GIVEN, 0),
              column("sex", "f", "m"),
              Variable.array("answers", new Shape(2), space("never", "once", "often", "always"))));

  private static NDManager manager;

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static Space space(String... labels) {
    return new Space.Category(List.of(labels));
  }

  private static Variable column(String name, String... labels) {
    return Variable.column(name, space(labels));
  }

  private static CategoricalForwardKernel forward(Transition transition, Variables variables) {
    return new CategoricalForwardKernel(
        new CategoricalForwardKernel.Settings(transition), variables);
  }

  private static Diffusion diffusion(
      CategoricalForwardKernel forward, int slots, LastStep last, Diffusion.Answer network) {
    return new Diffusion(
        new Shape(slots),
        Grid.even(STEPS),
        last,
        SCHEDULE,
        forward,
        new CategoricalReverseKernel(forward),
        network);
  }

  private static final Diffusion.Answer NOTHING =
      (x, time, condition) -> x.zerosLike().expandDims(1);

  private static double kept(int step) {
    return 1 - (double) step / STEPS;
  }

  /** All pairs (x_0, x_t) of each cell that can be, in one batch. */
  private static final class Everything {

    private final boolean absorbing;
    private final int rows;

    Everything(Transition transition) {
      absorbing = transition == Transition.ABSORBING;
      int most = 4 + (absorbing ? 1 : 0);
      rows = 4 * most;
    }

    int width(int cell) {
      return LABELS[cell] + (absorbing ? 1 : 0);
    }

    int slots() {
      return IntStream.range(0, LABELS.length).map(this::width).sum();
    }

    int data(int row, int cell) {
      return row % 4 % LABELS[cell];
    }

    /** Masked, or, where masks absorb, unchanged. */
    int current(int row, int cell) {
      int any = row / 4 % width(cell);
      return absorbing && any < LABELS[cell] ? data(row, cell) : any;
    }

    double[][] matrix(int cell, double kept) {
      return ExactCategories.matrix(LABELS[cell], absorbing, kept);
    }

    /** A belief that leans to some labels, and excludes what is masked. */
    double[] belief(int row, int cell) {
      double[] b = new double[width(cell)];
      for (int k = 0; k < LABELS[cell]; k++) {
        b[k] = Math.exp(Math.sin(3.0 * row + 5 * cell + 7 * k) * 2);
      }
      int seen = current(row, cell);
      if (absorbing && seen < LABELS[cell]) {
        Arrays.fill(b, 0);
        b[seen] = 1;
      }
      return ExactCategories.normalised(b);
    }

    interface OfCell {
      double[] slots(int row, int cell);
    }

    double[] slots(OfCell cells) {
      return IntStream.range(0, rows)
          .boxed()
          .flatMapToDouble(
              row ->
                  IntStream.range(0, LABELS.length)
                      .boxed()
                      .flatMapToDouble(cell -> Arrays.stream(cells.slots(row, cell))))
          .toArray();
    }

    NDArray array(OfCell cells) {
      return manager.create(slots(cells), new Shape(rows, slots()));
    }

    NDArray data() {
      return array((row, cell) -> point(width(cell), data(row, cell)));
    }

    NDArray current() {
      return array((row, cell) -> point(width(cell), current(row, cell)));
    }

    private static double[] point(int width, int k) {
      double[] x = new double[width];
      x[k] = 1;
      return x;
    }

    /** To the precision of the numbers, in both. */
    static void assertLaw(Distribution law, double[] expected, String what) {
      double[] p = doubles(law.mean());
      double precision = law.mean().getDataType() == DataType.FLOAT64 ? 1e-14 : 1e-6;
      assertThat(p).as(what).containsExactly(expected, within(precision));
    }

    private static double[] doubles(NDArray array) {
      return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }
  }

  /** Those steps which differ: from the data, in between, and where nothing is left. */
  private static final int[] SOME = {1, 2, 5, 9, 10};

  private static final List<DataType> TYPES = List.of(DataType.FLOAT32, DataType.FLOAT64);

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("replace classes by the matrices of the textbook, and end where those lead")
  void laws(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    Diffusion diffusion = diffusion(forward, all.slots(), LastStep.LEARNED, NOTHING);
    for (DataType type : TYPES) {
      NDArray data = all.data().toType(type, true);
      NDArray current = all.current().toType(type, true);
      for (int t : SOME) {
        Stage stage = diffusion.stage(data, t);
        Everything.assertLaw(
            forward.marginal(data, stage),
            all.slots((row, cell) -> all.matrix(cell, kept(t))[all.data(row, cell)]),
            "marginal at " + t);
        Everything.assertLaw(
            forward.transition(current, stage),
            all.slots(
                (row, cell) -> all.matrix(cell, kept(t) / kept(t - 1))[all.current(row, cell)]),
            "transition at " + t);
        Everything.assertLaw(
            forward.end(data, stage),
            all.slots((row, cell) -> mixture(all, cell, kept(t))),
            "end at " + t);
        Everything.assertLaw(
            forward.alone(current, stage),
            all.slots(
                (row, cell) ->
                    t == STEPS && all.current(row, cell) < LABELS[cell] && all.absorbing
                        ? Everything.point(all.width(cell), all.current(row, cell))
                        : ExactCategories.alone(
                            LABELS[cell], all.matrix(cell, kept(t)), all.current(row, cell))),
            "alone at " + t);
      }
      Everything.assertLaw(
          diffusion.nullLaw(data), all.slots((row, cell) -> mixture(all, cell, 1)), "null law");
    }
  }

  /** Labels that are all alike, diffused. */
  private static double[] mixture(Everything all, int cell, double kept) {
    double[] law = new double[all.width(cell)];
    double[][] q = all.matrix(cell, kept);
    for (int k = 0; k < LABELS[cell]; k++) {
      for (int j = 0; j < law.length; j++) {
        law[j] += q[k][j] / LABELS[cell];
      }
    }
    return law;
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("reach the marginal step by step, as products of matrices do")
  void compose(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    Diffusion diffusion = diffusion(forward, all.slots(), LastStep.LEARNED, NOTHING);
    double[][][] product = new double[LABELS.length][][];
    Arrays.setAll(product, cell -> all.matrix(cell, 1));
    NDArray probability = all.data();
    for (int t = 1; t <= STEPS; t++) {
      Stage stage = diffusion.stage(probability, t);
      for (int cell = 0; cell < LABELS.length; cell++) {
        product[cell] =
            ExactCategories.product(product[cell], all.matrix(cell, kept(t) / kept(t - 1)));
      }
      probability = forward.transition(probability, stage).mean();
      double[] expected = all.slots((row, cell) -> product[cell][all.data(row, cell)]);
      assertThat(probability.toDoubleArray()).containsExactly(expected, within(1e-13));
      Everything.assertLaw(forward.marginal(all.data(), stage), expected, "step " + t);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("obey Bayes for each x_0, and average the posterior, not the class, over a belief")
  void bayes(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    Diffusion diffusion = diffusion(forward, all.slots(), LastStep.LEARNED, NOTHING);
    for (DataType type : TYPES) {
      NDArray data = all.data().toType(type, true);
      NDArray current = all.current().toType(type, true);
      Blocks blocks = Blocks.of(VARIABLES, forward::width);
      NDArray shares = all.array(all::belief).toType(type, true);
      Categorical belief = Categorical.of(blocks, blocks.apart(shares, 0));
      for (int t : SOME) {
        if (t == STEPS && all.absorbing) {
          // Nothing but masks is left at the end.
          current = all.array((row, cell) -> Everything.point(all.width(cell), LABELS[cell]));
          current = current.toType(type, true);
          belief = forward.alone(current, diffusion.stage(current, t));
        }
        Stage stage = diffusion.stage(data, t);
        boolean end = t == STEPS && all.absorbing;
        Everything.assertLaw(
            forward.posterior(data, current, stage),
            all.slots(
                (row, cell) ->
                    ExactCategories.posterior(
                        all.matrix(cell, kept(t - 1)),
                        all.matrix(cell, kept(t) / kept(t - 1)),
                        all.data(row, cell),
                        end ? LABELS[cell] : all.current(row, cell))),
            "posterior at " + t);
        Everything.assertLaw(
            forward.posterior(belief, current, stage),
            all.slots(
                (row, cell) ->
                    ExactCategories.average(
                        end ? mixture(all, cell, 1) : all.belief(row, cell),
                        all.matrix(cell, kept(t - 1)),
                        all.matrix(cell, kept(t) / kept(t - 1)),
                        end ? LABELS[cell] : all.current(row, cell))),
            "average at " + t);
      }
    }
  }

  @Test
  @DisplayName("do not take the average class for the class: far from the data the two differ")
  void averageClass() {
    Variables one = Variables.of(column("colour", "red", "green", "blue"));
    CategoricalForwardKernel forward = forward(Transition.UNIFORM, one);
    Diffusion diffusion = diffusion(forward, 3, LastStep.LEARNED, NOTHING);
    double[] belief = {0.5, 0.5, 0};
    NDArray shares = manager.create(belief, new Shape(1, 3));
    NDArray current = manager.create(new double[] {1, 0, 0}, new Shape(1, 3));
    Stage stage = diffusion.stage(shares, new double[] {0.5}, new double[] {0.1});
    Blocks blocks = new Blocks(List.of(3));
    double[][] before = ExactCategories.matrix(3, false, 0.9);
    double[][] step = ExactCategories.matrix(3, false, 0.5 / 0.9);
    double[] right = ExactCategories.average(belief, before, step, 0);
    double[] mistaken =
        ExactCategories.normalised(
            IntStream.range(0, 3)
                .mapToDouble(
                    i -> (belief[0] * before[0][i] + belief[1] * before[1][i]) * step[i][0])
                .toArray());
    assertThat(Math.abs(right[0] - mistaken[0])).isGreaterThan(0.1);
    Categorical law = Categorical.of(blocks, shares.reshape(1, 1, 3));
    assertThat(forward.posterior(law, current, stage).mean().toDoubleArray())
        .containsExactly(right, within(1e-14));
    // Data that are given as probabilities mean the same.
    assertThat(forward.posterior(shares, current, stage).mean().toDoubleArray())
        .containsExactly(right, within(1e-14));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("have a belief that adds the answer to what x_t says, and is that of every s")
  void beliefs(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    CategoricalReverseKernel reverse = new CategoricalReverseKernel(forward);
    Diffusion diffusion = diffusion(forward, all.slots(), LastStep.LEARNED, NOTHING);
    NDArray output =
        all.array((row, cell) -> IntStream.range(0, all.width(cell)).mapToDouble(k -> k).toArray());
    assertThat(reverse.outputs()).isEqualTo(1);
    Stage far = diffusion.stage(output, new double[] {0.5}, new double[] {0.1});
    Stage near = diffusion.stage(output, new double[] {0.5}, new double[] {0.4});
    Distribution belief = reverse.data(all.current(), output.expandDims(1), far);
    Everything.assertLaw(
        belief,
        all.slots(
            (row, cell) -> {
              double[] alone =
                  ExactCategories.alone(
                      LABELS[cell], all.matrix(cell, 0.5), all.current(row, cell));
              return ExactCategories.normalised(
                  IntStream.range(0, alone.length)
                      .mapToDouble(k -> alone[k] * Math.exp(k))
                      .toArray());
            }),
        "belief");
    assertThat(reverse.data(all.current(), output.expandDims(1), near).mean())
        .isEqualTo(belief.mean());
    Stage toData = diffusion.stage(output, new double[] {0.5}, new double[] {0});
    Everything.assertLaw(
        reverse.transition(all.current(), output.expandDims(1), toData),
        belief.mean().toDoubleArray(),
        "at the data");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("of one cell whose law is known have K = log p, to the last step: nothing is lost")
  void exactCell(Transition transition) {
    double[] p = {0.6, 0.3, 0.1};
    boolean absorbing = transition == Transition.ABSORBING;
    int width = absorbing ? 4 : 3;
    Variables one = Variables.of(column("colour", "red", "green", "blue"));
    CategoricalForwardKernel forward = forward(transition, one);
    // What is said of the mask is of no account.
    float[] known = {(float) Math.log(p[0]), (float) Math.log(p[1]), (float) Math.log(p[2]), 7};
    NDArray answer = manager.create(Arrays.copyOf(known, width), new Shape(1, 1, width));
    Diffusion diffusion =
        diffusion(
            forward,
            width,
            LastStep.LEARNED,
            (x, time, condition) -> answer.broadcast(x.getShape().get(0), 1, width));
    double cost = 0;
    for (int k = 0; k < 3; k++) {
      NDArray data = points(width, k);
      cost += p[k] * new VariationalBound(diffusion).prior(data).getFloat();
      for (int t = 1; t <= STEPS; t++) {
        Stage stage = diffusion.stage(data, t);
        double[] chance = ExactCategories.matrix(3, absorbing, kept(t))[k];
        for (int j = 0; j < width; j++) {
          if (chance[j] > 0) {
            cost += p[k] * chance[j] * cost(diffusion, data, points(width, j), stage);
          }
        }
      }
    }
    // Of some hundred terms in single precision.
    assertThat(cost).isCloseTo(ExactCategories.entropy(p), within(2e-6));
  }

  private static NDArray points(int width, int k) {
    float[] x = new float[width];
    x[k] = 1;
    return manager.create(x, new Shape(1, width));
  }

  private static double cost(Diffusion diffusion, NDArray data, NDArray current, Stage stage) {
    Distribution back = diffusion.back(current, stage);
    NDArray cost =
        stage.leadsToData()
            ? back.logProbability(data).neg()
            : diffusion.forward().posterior(data, current, stage).divergence(back);
    return cost.sum().getFloat();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("of two cells that hang together have the K that sums over all states have")
  void exactPair(Transition transition) {
    Pair pair = new Pair(transition == Transition.ABSORBING);
    Variables two = new Variables(List.of(column("a", "0", "1"), column("b", "0", "1", "2")));
    CategoricalForwardKernel forward = forward(transition, two);
    Diffusion diffusion =
        diffusion(
            forward, pair.slots(), LastStep.FORWARD, (x, time, condition) -> pair.answer(x, time));
    int states = pair.states();
    NDArray data = pair.batch(i -> i / states / 3, i -> i / states % 3);
    NDArray current = pair.batch(i -> pair.a(i % states), i -> pair.b(i % states));
    double expected = 0;
    double computed = 0;
    for (int t = 2; t <= STEPS; t++) {
      Stage stage = diffusion.stage(data, t);
      float[] cost =
          Distribution.perExample(
                  forward
                      .posterior(data, current, stage)
                      .divergence(diffusion.back(current, stage)))
              .toFloatArray();
      for (int i = 0; i < cost.length; i++) {
        double chance = pair.joint(i / states) * pair.chance(i / states, i % states, kept(t));
        // What cannot be has no cost, and is asked for to fill the batch only.
        if (chance > 0) {
          expected += chance * pair.divergence(i / states, i % states, t);
          computed += chance * cost[i];
        }
      }
    }
    assertThat(expected).isGreaterThan(0.1);
    assertThat(computed).isCloseTo(expected, within(2e-6));
  }

  /** A cell of two labels and one of three, and all that they can be together, in 64 bits. */
  private record Pair(boolean absorbing) {

    private static final double[] JOINT = {0.4, 0.05, 0.05, 0.1, 0.1, 0.3};

    double joint(int data) {
      return JOINT[data];
    }

    int slots() {
      return absorbing ? 7 : 5;
    }

    int wide() {
      return absorbing ? 4 : 3;
    }

    int states() {
      return (slots() - wide()) * wide();
    }

    int a(int current) {
      return current / wide();
    }

    int b(int current) {
      return current % wide();
    }

    double chance(int data, int current, double kept) {
      return ExactCategories.matrix(2, absorbing, kept)[data / 3][a(current)]
          * ExactCategories.matrix(3, absorbing, kept)[data % 3][b(current)];
    }

    /** p(x_0 | x_t) of the first or the second cell. */
    double[] belief(int cell, int current, double kept) {
      double[] b = new double[cell == 0 ? slots() - wide() : wide()];
      for (int data = 0; data < 6; data++) {
        b[cell == 0 ? data / 3 : data % 3] += joint(data) * chance(data, current, kept);
      }
      return ExactCategories.normalised(b);
    }

    double divergence(int data, int current, int t) {
      double sum = 0;
      for (int cell = 0; cell < 2; cell++) {
        double[][] before = ExactCategories.matrix(2 + cell, absorbing, kept(t - 1));
        double[][] step = ExactCategories.matrix(2 + cell, absorbing, kept(t) / kept(t - 1));
        int seen = cell == 0 ? a(current) : b(current);
        sum +=
            ExactCategories.divergence(
                ExactCategories.posterior(before, step, cell == 0 ? data / 3 : data % 3, seen),
                ExactCategories.average(belief(cell, current, kept(t)), before, step, seen));
      }
      return sum;
    }

    /** Every x_0 with every x_t. */
    NDArray batch(IntUnaryOperator a, IntUnaryOperator b) {
      int rows = 6 * states();
      float[] x = new float[rows * slots()];
      for (int i = 0; i < rows; i++) {
        x[i * slots() + a.applyAsInt(i)] = 1;
        x[i * slots() + slots() - wide() + b.applyAsInt(i)] = 1;
      }
      return manager.create(x, new Shape(rows, slots()));
    }

    /** The best network there can be, for that batch: its belief beside what x_t says. */
    NDArray answer(NDArray x, NDArray time) {
      double kept = 1 - Math.rint(time.getFloat(0) * STEPS) / STEPS;
      int rows = 6 * states();
      float[] answer = new float[rows * slots()];
      for (int i = 0; i < rows; i++) {
        int current = i % states();
        for (int cell = 0; cell < 2; cell++) {
          double[] belief = belief(cell, current, kept);
          int seen = cell == 0 ? a(current) : b(current);
          double[] alone =
              ExactCategories.alone(
                  2 + cell, ExactCategories.matrix(2 + cell, absorbing, kept), seen);
          int from = i * slots() + (cell == 0 ? 0 : slots() - wide());
          for (int k = 0; k < belief.length; k++) {
            answer[from + k] = alone[k] > 0 ? (float) Math.log(belief[k] / alone[k]) : 0;
          }
        }
      }
      return x.getManager().create(answer, new Shape(rows, 1, slots()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("have K = L_null while the network says nothing")
  void untrained(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    Diffusion diffusion = diffusion(forward, all.slots(), LastStep.FORWARD, NOTHING);
    NDArray data = all.data().toType(DataType.FLOAT32, true).repeat(0, 200);
    NDArray total = new VariationalBound(diffusion).total(data, Noise.of(3, "bound"));
    double expected = 2 * Math.log(4) + Math.log(3) + Math.log(2);
    double error = total.sub(total.mean()).square().mean().sqrt().getFloat();
    assertThat((double) total.mean().getFloat())
        .isCloseTo(expected, within(4 * error / Math.sqrt((double) total.size())));
    double nothing =
        Distribution.perExample(diffusion.nullLaw(data).logProbability(data)).mean().getFloat();
    assertThat(nothing).isCloseTo(-expected, within(1e-5));
    assertThat(new VariationalBound(diffusion).prior(data).toFloatArray()).containsOnly(0);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("give finite gradients at every step, whatever the network says")
  void gradients(Transition transition) {
    Everything all = new Everything(transition);
    CategoricalForwardKernel forward = forward(transition, VARIABLES);
    NDArray data = all.data().toType(DataType.FLOAT32, true);
    for (int t : SOME) {
      NDArray current =
          forward
              .marginal(
                  data, diffusion(forward, all.slots(), LastStep.LEARNED, NOTHING).stage(data, t))
              .sample(Noise.of(t, "x"));
      for (float size : new float[] {0, 3, 200}) {
        NDArray output = Noise.of(5, "output").gaussian(data).mul(size).expandDims(1);
        output.setRequiresGradient(true);
        Diffusion diffusion =
            diffusion(forward, all.slots(), LastStep.LEARNED, (x, time, condition) -> output);
        float loss;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          Stage stage = diffusion.stage(data, t);
          Distribution step = diffusion.back(current, stage);
          NDArray cost =
              t == 1
                  ? step.logProbability(data).neg().sum()
                  : forward.posterior(data, current, stage).divergence(step).sum();
          collector.backward(cost);
          loss = cost.getFloat();
        }
        assertThat(loss).as("step %d, answers of %s", t, size).isFinite();
        for (float gradient : output.getGradient().toFloatArray()) {
          assertThat(gradient).as("step %d, answers of %s", t, size).isFinite();
        }
      }
    }
  }

  @Test
  @DisplayName("take categories, with one number more for a mask, and nothing else")
  void spaces() {
    Space three = space("red", "green", "blue");
    CategoricalForwardKernel uniform = forward(Transition.UNIFORM, VARIABLES);
    assertThat(uniform.width(three)).hasValue(3);
    assertThat(forward(Transition.ABSORBING, VARIABLES).width(three)).hasValue(4);
    assertThat(uniform.width(new Space.Bit())).isEmpty();
    assertThat(uniform.width(new Space.Real(0))).isEmpty();
    assertThat(uniform.width(new Space.Circle(7))).isEmpty();
    assertThat(uniform.reparameterised()).isFalse();
    assertThat(uniform.path()).isEmpty();
  }

  @Test
  @DisplayName("refuse beliefs about anything else")
  void otherFamilies() {
    CategoricalForwardKernel forward = forward(Transition.UNIFORM, VARIABLES);
    NDArray x = new Everything(Transition.UNIFORM).data();
    Stage stage = diffusion(forward, 13, LastStep.LEARNED, NOTHING).stage(x, 3);
    assertThatThrownBy(() -> forward.posterior(Bernoulli.of(x), x, stage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a belief about categories must be of the same categories, but is Bernoulli");
  }

  @Test
  @DisplayName("come in one plugin that the service loader finds")
  void plugin() {
    assertThat(ServiceLoader.load(DpmPlugin.class))
        .anyMatch(plugin -> plugin.id().equals("categorical") && plugin.extensions().size() == 3);
  }
}
