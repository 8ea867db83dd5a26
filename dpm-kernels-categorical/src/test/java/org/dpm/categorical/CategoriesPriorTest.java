package org.dpm.categorical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.categorical.CategoricalForwardKernel.Transition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The prior 'categories'")
class CategoriesPriorTest {

  private static final Variables PEOPLE =
      new Variables(
          List.of(
              Variable.column("sex", new Space.Category(List.of("f", "m"))),
              Variable.array(
                  "answers", new Shape(2), new Space.Category(List.of("no", "maybe", "yes")))));

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private static CategoriesPrior prior(
      Transition transition, Variables variables, String variable, Double... logOdds) {
    return new CategoriesPrior(
        new CategoriesPrior.Settings(variable, List.of(logOdds), OnTheWay.CONSTANT),
        new CategoricalForwardKernel(new CategoricalForwardKernel.Settings(transition), variables),
        variables);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("is d of each label in every cell of its variable, and 1 / K of a mask")
  void factor(Transition transition) {
    boolean absorbing = transition == Transition.ABSORBING;
    int width = absorbing ? 4 : 3;
    int from = absorbing ? 3 : 2;
    double[] d = ExactCategories.normalised(1, Math.exp(-1), Math.exp(0.5));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = manager.zeros(new Shape(3, from + 2 * width));
      Factor.Factorised opinion =
          (Factor.Factorised)
              // All are moved by the same.
              prior(transition, PEOPLE, "answers", 10.0, 9.0, 10.5).factors(like).get(0);
      assertThat(opinion.onTheWay()).isEqualTo(OnTheWay.CONSTANT);
      float[] mask = opinion.mask().toFloatArray();
      for (int slot = 0; slot < mask.length; slot++) {
        assertThat(mask[slot]).as("slot %d", slot).isEqualTo(slot < from ? 0 : 1);
      }
      for (int first = 0; first < width; first++) {
        for (int second = 0; second < width; second++) {
          float[] x = new float[mask.length];
          x[0] = 1;
          x[from + first] = 1;
          x[from + width + second] = 1;
          NDArray log =
              opinion
                  .distribution()
                  .logProbability(manager.create(x, new Shape(1, x.length)))
                  .mul(opinion.mask());
          double expected = Math.log(of(d, first)) + Math.log(of(d, second));
          assertThat(log.sum().getFloat() + opinion.logConstant())
              .isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  private static double of(double[] d, int k) {
    return k < d.length ? d[k] : 1.0 / d.length;
  }

  @Test
  @DisplayName("multiplies a belief as a label's weight does, and leaves the other cells alone")
  void product() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Blocks blocks = new Blocks(List.of(2, 3, 3));
      NDArray p =
          manager.create(new double[] {0.9, 0.1, 0.2, 0.3, 0.5, 0, 0.4, 0.6}, new Shape(1, 8));
      Categorical belief = Categorical.of(blocks, blocks.apart(p, 0));
      Factor.Factorised opinion =
          (Factor.Factorised)
              prior(Transition.UNIFORM, PEOPLE, "answers", 0.0, Math.log(2), Math.log(5))
                  .factors(p)
                  .get(0);
      assertThat(belief.times(opinion.distribution()).mean().toDoubleArray())
          .containsExactly(
              new double[] {0.9, 0.1, 0.2 / 3.3, 0.6 / 3.3, 2.5 / 3.3, 0, 0.8 / 3.8, 3.0 / 3.8},
              within(1e-14));
    }
  }

  @Test
  @DisplayName("refuses a model of anything else, a variable that is unknown, and other counts")
  void refusals() {
    Variables numbers =
        new Variables(List.of(PEOPLE.list().get(0), Variable.column("height", new Space.Real(0))));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(Transition.UNIFORM, numbers, "sex", 1.0, 2.0))
        .withMessageContaining("this model is of numbers ('height'), not of categories");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(Transition.UNIFORM, PEOPLE, "anwsers", 1.0, 2.0))
        .withMessageContaining("no variable 'anwsers'. Did you mean 'answers'?")
        .withMessageContaining("It has: sex, answers.");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(Transition.UNIFORM, PEOPLE, "answers", 1.0, 2.0))
        .withMessage(
            "logOdds: must be 3, one for each label of 'answers' (no, maybe, yes), but are 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prior(Transition.UNIFORM, PEOPLE, "sex", Double.NEGATIVE_INFINITY, 0.0))
        .withMessageContaining("what is certain goes into a prior 'observed'");
  }
}
