package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Variable.Role;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Elements")
class ElementsTest {

  private static final Space NUMBERS = new Space.Real(0);

  /** What is given stands in the middle, so that a modelled cell's number is not its place. */
  private static final Variables PEOPLE =
      new Variables(
          List.of(
              Variable.column("height", NUMBERS),
              new Variable("age", new Shape(), NUMBERS, Role.GIVEN, 0),
              Variable.array("pulse", new Shape(3), NUMBERS)));

  @Test
  @DisplayName("are all modelled cells where none is named")
  void all() {
    Elements elements = Elements.named(List.of(), PEOPLE);
    assertThat(elements.count()).isEqualTo(4);
    assertThat(elements.indices()).containsExactly(0, 1, 2, 3);
  }

  @Test
  @DisplayName("are found by name, and counted over what is modelled only")
  void named() {
    Elements elements = Elements.named(List.of("pulse2", "height"), PEOPLE);
    assertThat(elements.indices()).containsExactly(2, 0);
    assertThat(elements.spread(elements.each("values", List.of(5.0, 7.0)), -1))
        .containsExactly(7, -1, 5, -1);
    assertThat(elements.spread(elements.each("values", List.of(5.0)), 0))
        .containsExactly(5, 0, 5, 0);
  }

  @Test
  @DisplayName("refuse names that the model does not have, all in one, and offer the nearest")
  void unknown() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("hieght", "plse1", "height"), PEOPLE))
        .satisfies(e -> assertThat(e.problems()).hasSize(2))
        .withMessageContaining("no element 'hieght'. Did you mean 'height'?")
        .withMessageContaining("no element 'plse1'. Did you mean 'pulse1'?")
        .withMessageContaining("It has: height, pulse1, pulse2, pulse3.");
  }

  @Test
  @DisplayName("refuse what is told to the model and not modelled by it")
  void given() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("age"), PEOPLE))
        .withMessageContaining("'age' is told to the model as a condition");
  }

  @Test
  @DisplayName("refuse one that is named twice, and numbers that are not as many")
  void counts() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("height", "height"), PEOPLE))
        .withMessageContaining("named twice");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of(), PEOPLE).each("values", List.of(1.0, 2.0)))
        .withMessage("values: must be 4, one for each element, or 1 for all, but are 2");
  }

  @Test
  @DisplayName("are x1, x2, ... of an array that is the whole example, of which many are not told")
  void wholeExample() {
    Variables image = Variables.of(Variable.array("image", new Shape(1, 10, 10), NUMBERS));
    List<String> names = IntStream.of(1, 100).mapToObj(i -> "x" + i).toList();
    assertThat(Elements.named(names, image).indices()).containsExactly(0, 99);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Elements.named(List.of("y"), image))
        .withMessageContaining("It has: x1 to x100.");
  }
}
