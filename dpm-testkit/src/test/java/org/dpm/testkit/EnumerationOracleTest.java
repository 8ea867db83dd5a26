package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The enumeration oracle")
final class EnumerationOracleTest extends EngineFixture {

  private static final Schedule SCHEDULE = time -> time.mul(-5).add(3);

  /** Log odds that depend on all bits of x_t and on time: far from any exact model. */
  private static final class Entangled implements ReverseKernel {

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public boolean denoises() {
      return false;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      throw new IllegalStateException("this kernel predicts steps");
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return Bits.ofLogOdds(output.squeeze(1));
    }
  }

  private static Diffusion diffusion(int bits, int steps, LastStep lastStep) {
    return new Diffusion(
        new Shape(bits),
        Grid.even(steps),
        lastStep,
        SCHEDULE,
        new BitModel.Forward(),
        new Entangled(),
        (x, time, condition) -> {
          NDArray others = x.sum(new int[] {1}, true).mul(0.7).sub(time.reshape(-1, 1));
          return x.mul(3).sub(1.2).add(others).expandDims(1);
        });
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("agrees with sums over all trajectories, written out, for two bits and three steps")
  void bruteForce(LastStep lastStep) {
    Diffusion diffusion = diffusion(2, 3, lastStep);
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager);
    double[] logLikelihood = oracle.logLikelihood();
    double[] bound = oracle.bound();
    for (int x0 = 0; x0 < 4; x0++) {
      double likelihood = 0;
      double expected = 0;
      double[] third = new double[4];
      for (int x1 = 0; x1 < 4; x1++) {
        for (int x2 = 0; x2 < 4; x2++) {
          for (int x3 = 0; x3 < 4; x3++) {
            double forward = step(diffusion, x0, x1, 1) * step(diffusion, x1, x2, 2);
            forward *= step(diffusion, x2, x3, 3);
            double reverse = 0.25 * back(diffusion, x3, x2, 3) * back(diffusion, x2, x1, 2);
            reverse *= back(diffusion, x1, x0, 1);
            likelihood += reverse;
            expected += forward * (Math.log(reverse) - Math.log(forward));
            third[x3] += forward;
          }
        }
      }
      // Sums of 64 products of six numbers.
      assertThat(logLikelihood[x0]).isCloseTo(Math.log(likelihood), within(1e-12));
      assertThat(bound[x0]).isCloseTo(expected, within(1e-12));
      assertThat(oracle.forward(x0, 3)).containsExactly(third, within(1e-12));
    }
  }

  /** q(x_t | x_{t-1}), one pair of states alone. */
  private double step(Diffusion diffusion, int from, int to, int t) {
    NDArray x = state(from);
    return probability(diffusion.forward().transition(x, diffusion.stage(x, t)), to);
  }

  /** p(x_{t-1} | x_t), one pair of states alone. */
  private double back(Diffusion diffusion, int from, int to, int t) {
    NDArray x = state(from);
    return probability(diffusion.back(x, diffusion.stage(x, t)), to);
  }

  private double probability(Distribution distribution, int state) {
    return Math.exp(distribution.logProbability(state(state)).sum().getDouble());
  }

  private NDArray state(int number) {
    return manager.create(new double[] {number & 1, number >> 1}, new Shape(1, 2));
  }

  @Test
  @DisplayName("gives the kernel's own marginals, and all of one's probability")
  void forwardIsTheMarginal() {
    Diffusion diffusion = diffusion(4, 6, LastStep.LEARNED);
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager);
    NDArray states = oracle.states(manager);
    for (int step : new int[] {1, 3, 6}) {
      NDArray from = states.get("5:6").repeat(0, oracle.count());
      Distribution marginal = diffusion.forward().marginal(from, diffusion.stage(from, step));
      double[] expected =
          Distribution.perExample(marginal.logProbability(states)).exp().toDoubleArray();
      assertThat(oracle.forward(5, step)).containsExactly(expected, within(1e-12));
    }
    assertThat(Arrays.stream(oracle.logLikelihood()).map(Math::exp).sum())
        .isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("has K at most log p(x_0), for every x_0")
  void boundIsBelow(LastStep lastStep) {
    EnumerationOracle oracle = EnumerationOracle.of(diffusion(5, 8, lastStep), manager);
    double[] logLikelihood = oracle.logLikelihood();
    double[] bound = oracle.bound();
    for (int state = 0; state < oracle.count(); state++) {
      assertThat(bound[state]).as("K of state %d", state).isLessThan(logLikelihood[state]);
    }
  }

  @Test
  @DisplayName("has K equal to log p(x_0) but for what the noise remembers, when p is exact")
  void boundIsTightForTheExactModel() {
    KnownModel model = KnownModel.bits();
    int steps = 6;
    EnumerationOracle oracle = EnumerationOracle.of(model.diffusion(Grid.even(steps), 0), manager);
    double[] logLikelihood = oracle.logLikelihood();
    double[] bound = oracle.bound();
    for (int state = 0; state < oracle.count(); state++) {
      // abar_T = 0.0067: p(x_T) differs from q(x_T) by a few thousandths in each of three bits.
      assertThat(logLikelihood[state] - bound[state]).isBetween(0.0, 0.001);
    }
  }

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("agrees with the bound that is estimated from draws, within 4 standard errors")
  void boundIsTheEstimated(LastStep lastStep) {
    Diffusion diffusion = diffusion(4, 6, lastStep);
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager);
    double[] bound = oracle.bound();
    for (int state : new int[] {0, 6, 15}) {
      Draws costs = costs(diffusion, oracle, state);
      assertThat(-costs.mean())
          .as("K of state %d", state)
          .isCloseTo(bound[state], within(4 * costs.standardError()));
    }
  }

  @Test
  @DisplayName("shows that an estimate belongs to another model")
  void wrongModelShows() {
    Diffusion diffusion = diffusion(4, 6, LastStep.LEARNED);
    Diffusion wrong =
        new Diffusion(
            diffusion.element(),
            diffusion.grid(),
            diffusion.lastStep(),
            diffusion.schedule(),
            diffusion.forward(),
            diffusion.reverse(),
            (x, time, condition) ->
                diffusion
                    .output(x, Stage.of(Contract.doubles(time), Contract.doubles(time), time, time))
                    .add(0.3));
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager);
    Draws costs = costs(wrong, oracle, 6);
    assertThat(Math.abs(-costs.mean() - oracle.bound()[6]))
        .isGreaterThan(10 * costs.standardError());
  }

  private Draws costs(Diffusion diffusion, EnumerationOracle oracle, int state) {
    NDArray data = oracle.states(manager).get(state + ":" + (state + 1)).repeat(0, 4_000);
    NDArray cost = new VariationalBound(diffusion).total(data, Noise.of(4, "total " + state));
    return new Draws(cost.toDoubleArray());
  }

  @Test
  @DisplayName("works in single precision too, and with twelve bits")
  void twelveBits() {
    Diffusion diffusion = diffusion(12, 2, LastStep.FORWARD);
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, manager, DataType.FLOAT32);
    double[] logLikelihood = oracle.logLikelihood();
    // 4096 probabilities, each from 24 logarithms rounded to 1e-7.
    assertThat(Arrays.stream(logLikelihood).map(Math::exp).sum()).isCloseTo(1, within(1e-5));
    double[] bound = oracle.bound();
    for (int state = 0; state < oracle.count(); state++) {
      assertThat(bound[state]).isLessThan(logLikelihood[state] + 1e-5);
    }
  }

  @Test
  @DisplayName("numbers states by their bits, the first element the lowest")
  void numbersStates() {
    EnumerationOracle oracle = EnumerationOracle.of(diffusion(3, 2, LastStep.LEARNED), manager);
    NDArray states = oracle.states(manager);
    assertThat(states.get("3").toDoubleArray()).containsExactly(1, 1, 0);
    assertThat(oracle.indices(states)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> oracle.indices(states.mul(0.5)))
        .withMessage("a bit must be 0 or 1, but is 0.5");
  }

  @Test
  @DisplayName("refuses more states than it can go through")
  void refusesThirteenBits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EnumerationOracle.of(diffusion(13, 2, LastStep.LEARNED), manager))
        .withMessage("an example must have 1 to 12 bits, but has 13");
  }

  /** Two cells of three classes each, which the network ties together. */
  private static Diffusion classes(LastStep lastStep) {
    ReverseKernel reverse =
        new ReverseKernel() {
          @Override
          public int outputs() {
            return 1;
          }

          @Override
          public Distribution data(NDArray current, NDArray output, Stage stage) {
            return new Classes(output.squeeze(1));
          }

          @Override
          public Distribution transition(NDArray current, NDArray output, Stage stage) {
            return data(current, output, stage);
          }
        };
    return new Diffusion(
        new Shape(2 * Classes.K),
        Grid.even(3),
        lastStep,
        SCHEDULE,
        new RightOnesTest.ClassKernel(),
        reverse,
        (x, time, condition) ->
            x.flip(1).mul(1.5).add(x.cumSum(1)).sub(time.reshape(-1, 1)).expandDims(1));
  }

  private static final List<Space> TWO_OF_THREE =
      Collections.nCopies(2, new Space.Category(List.of("a", "b", "c")));

  @ParameterizedTest(name = "last step {0}")
  @EnumSource
  @DisplayName("of classes agrees with sums over all trajectories, written out")
  void bruteForceOfClasses(LastStep lastStep) {
    Diffusion diffusion = classes(lastStep);
    EnumerationOracle oracle =
        EnumerationOracle.of(diffusion, manager, DataType.FLOAT64, TWO_OF_THREE);
    NDArray states = oracle.states(manager);
    assertThat(oracle.count()).isEqualTo(9);
    assertThat(states.get("5").toDoubleArray()).containsExactly(0, 0, 1, 0, 1, 0);
    assertThat(oracle.indices(states)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    double[][][] steps = new double[3][][];
    for (int t = 1; t <= 3; t++) {
      int step = t;
      steps[t - 1] = each(states, x -> diffusion.back(x, diffusion.stage(x, step)));
    }
    double[][] end = each(states, diffusion::end);
    double[] logLikelihood = oracle.logLikelihood();
    for (int x0 = 0; x0 < 9; x0++) {
      double p = 0;
      for (int x1 = 0; x1 < 9; x1++) {
        for (int x2 = 0; x2 < 9; x2++) {
          for (int x3 = 0; x3 < 9; x3++) {
            p += end[0][x3] * steps[2][x3][x2] * steps[1][x2][x1] * steps[0][x1][x0];
          }
        }
      }
      assertThat(Math.exp(logLikelihood[x0])).as("p(x_0 = %d)", x0).isCloseTo(p, within(1e-12));
      double[] marginal =
          each(states, x -> diffusion.forward().marginal(x, diffusion.stage(x, 3)))[x0];
      assertThat(oracle.forward(x0, 3)).containsExactly(marginal, within(1e-12));
    }
  }

  private interface OfState {
    Distribution law(NDArray x);
  }

  /** The probability of every state, a row for each state that it depends on. */
  private static double[][] each(NDArray states, OfState law) {
    int count = (int) states.getShape().get(0);
    double[][] matrix = new double[count][count];
    for (int to = 0; to < count; to++) {
      NDArray x = states.get(to + ":" + (to + 1)).repeat(0, count);
      double[] log = Distribution.perExample(law.law(states).logProbability(x)).toDoubleArray();
      for (int from = 0; from < count; from++) {
        matrix[from][to] = Math.exp(log[from]);
      }
    }
    return matrix;
  }

  @Test
  @DisplayName("refuses more states of classes than it can go through, and what is not discrete")
  void refusesOtherCells() {
    Diffusion diffusion = classes(LastStep.LEARNED);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EnumerationOracle.of(
                    diffusion,
                    manager,
                    DataType.FLOAT64,
                    Collections.nCopies(8, TWO_OF_THREE.get(0))))
        .withMessage("an example must have at most 4096 states, but has 6561");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EnumerationOracle.of(
                    diffusion, manager, DataType.FLOAT64, List.of(new Space.Real(0))))
        .withMessage("cells must be bits or categories, but are numbers");
  }
}
