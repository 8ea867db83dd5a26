package org.dpm.binomial;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The prior 'bits'")
class BitsPriorTest {

  private static final Variables ANSWERS =
      new Variables(
          List.of(
              Variable.column("smokes", new Space.Bit()),
              Variable.column("drinks", new Space.Bit()),
              Variable.column("sleeps", new Space.Bit())));

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private static BitsPrior prior(List<String> elements, Variables variables, Double... logOdds) {
    return new BitsPrior(
        new BitsPrior.Settings(elements, List.of(logOdds), OnTheWay.CONSTANT), variables);
  }

  @Test
  @DisplayName("is d(x_0) of the named bits, and says nothing of the others")
  void factor() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = manager.zeros(new Shape(4, 3));
      List<Factor> factors = prior(List.of("sleeps", "smokes"), ANSWERS, 1.5, -0.5).factors(like);
      assertThat(factors).hasSize(1);
      Factor.Factorised opinion = (Factor.Factorised) factors.get(0);
      assertThat(opinion.mask().toFloatArray()).containsExactly(1, 0, 1);
      assertThat(opinion.logConstant()).isZero();
      assertThat(opinion.onTheWay()).isEqualTo(OnTheWay.CONSTANT);
      float[] d = opinion.distribution().mean().toFloatArray();
      assertThat(d[0]).isCloseTo((float) (1 / (1 + Math.exp(0.5))), within(1e-6f));
      assertThat(d[1]).isEqualTo(0.5f);
      assertThat(d[2]).isCloseTo((float) (1 / (1 + Math.exp(-1.5))), within(1e-6f));
    }
  }

  @Test
  @DisplayName("has the shape of one example, such as an image")
  void image() {
    Variables image = Variables.of(Variable.array("image", new Shape(1, 2, 2), new Space.Bit()));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray like = manager.zeros(new Shape(5, 1, 2, 2));
      Factor.Factorised opinion =
          (Factor.Factorised) prior(List.of("x3"), image, 2.0).factors(like).get(0);
      assertThat(opinion.mask().getShape()).isEqualTo(new Shape(1, 1, 2, 2));
      assertThat(opinion.mask().toFloatArray()).containsExactly(0, 0, 1, 0);
    }
  }

  @Test
  @DisplayName("refuses a model of anything but bits, a name that is unknown, and certainty")
  void refusals() {
    Variables mixed =
        new Variables(
            List.of(
                Variable.column("smokes", new Space.Bit()),
                Variable.column("height", new Space.Real(0))));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(List.of("smokes"), mixed, 1.0))
        .withMessageContaining("this model is of numbers ('height'), not of bits");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(List.of("smoks"), ANSWERS, 1.0))
        .withMessageContaining("no element 'smoks'. Did you mean 'smokes'?");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> prior(List.of(), ANSWERS, 1.0, 2.0))
        .withMessage("logOdds: must be 3, one for each element, or 1 for all, but are 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prior(List.of(), ANSWERS, Double.POSITIVE_INFINITY))
        .withMessageContaining("what is certain goes into a prior 'observed'");
  }
}
