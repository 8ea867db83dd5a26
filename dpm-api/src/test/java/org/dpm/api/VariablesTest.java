package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dpm.api.Variable.Role;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Variables")
final class VariablesTest {

  private static final Space NUMBER = new Space.Real(0);

  private final Variables variables =
      new Variables(
          List.of(
              Variable.column("height", NUMBER),
              Variable.array("scan", new Shape(2, 3), NUMBER),
              new Variable("label", new Shape(), new Space.Bit(), Role.GIVEN, 0)));

  @Test
  @DisplayName("count cells, and those that are modelled")
  void sizes() {
    assertThat(variables.size()).isEqualTo(8);
    assertThat(variables.dimensions()).isEqualTo(7);
    assertThat(variables.of(Role.GIVEN)).extracting(Variable::name).containsExactly("label");
  }

  @Test
  @DisplayName("name every cell")
  void names() {
    assertThat(variables.cellNames())
        .containsExactly("height", "scan1", "scan2", "scan3", "scan4", "scan5", "scan6", "label");
    assertThat(Variables.of(Variable.array("image", new Shape(3), NUMBER)).cellNames())
        .containsExactly("x1", "x2", "x3");
  }

  @Test
  @DisplayName("pool the pixels of an image, and nothing else")
  void pooled() {
    assertThat(Variable.array("image", new Shape(1, 4, 4), NUMBER).pooled()).isEqualTo(2);
    assertThat(Variable.array("row", new Shape(4), NUMBER).pooled()).isZero();
  }

  @Test
  @DisplayName("refuse two of one name, and none to model")
  void refusesNonsense() {
    Variable one = Variable.column("a", NUMBER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Variables(List.of(one, one)))
        .withMessage("names of variables must be different, but are [a, a]");
    Variable given = new Variable("g", new Shape(), NUMBER, Role.GIVEN, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Variables(List.of(given)))
        .withMessage("at least one variable must be modelled");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Variable("v", new Shape(2), NUMBER, Role.MODELLED, 2));
  }

  @Test
  @DisplayName("have spaces that know their values")
  void spaces() {
    assertThat(new Space.Bit().contains(1)).isTrue();
    assertThat(new Space.Bit().contains(0.5)).isFalse();
    Space category = new Space.Category(List.of("a", "b", "c"));
    assertThat(category.contains(2)).isTrue();
    assertThat(category.contains(3)).isFalse();
    assertThat(category.contains(0.5)).isFalse();
    assertThat(NUMBER.contains(Double.NaN)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Space.Category(List.of("a", "a")));
    assertThatIllegalArgumentException().isThrownBy(() -> new Space.Circle(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Space.Real(-1));
  }
}
