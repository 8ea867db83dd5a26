package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A grid of times")
final class GridTest {

  private final Grid uneven = Grid.of(0.1, 0.5, 0.6, 1);

  @Test
  @DisplayName("begins at 0, with the data, and ends at 1")
  void ends() {
    assertThat(Grid.even(4).times()).containsExactly(0, 0.25, 0.5, 0.75, 1);
    assertThat(uneven.times()).containsExactly(0, 0.1, 0.5, 0.6, 1);
    assertThat(uneven.steps()).isEqualTo(4);
    assertThat(uneven.time(2)).isEqualTo(0.5);
  }

  @Test
  @DisplayName("knows where a step from any time leads")
  void before() {
    assertThat(uneven.before(0.1)).isZero();
    assertThat(uneven.before(0.05)).isZero();
    assertThat(uneven.before(0.11)).isEqualTo(1);
    assertThat(uneven.before(0.5)).isEqualTo(1);
    assertThat(uneven.before(1)).isEqualTo(3);
  }

  @Test
  @DisplayName("knows the nearest of its times, never that of the data")
  void nearest() {
    assertThat(uneven.nearest(0.01)).isEqualTo(1);
    assertThat(uneven.nearest(0.29)).isEqualTo(1);
    assertThat(uneven.nearest(0.31)).isEqualTo(2);
    assertThat(uneven.nearest(0.9)).isEqualTo(4);
    assertThat(uneven.nearest(1)).isEqualTo(4);
  }

  @Test
  @DisplayName("is within another that has all of its times, to rounding")
  void within() {
    assertThat(Grid.even(5).within(Grid.even(10))).isTrue();
    assertThat(Grid.even(10).within(Grid.even(5))).isFalse();
    assertThat(Grid.of((float) 0.1, (float) 0.7, 1).within(Grid.even(10))).isTrue();
  }

  @Test
  @DisplayName("equals one of the same times, and says what it is")
  void equality() {
    assertThat(Grid.of(0.25, 0.5, 0.75, 1)).isEqualTo(Grid.even(4)).hasToString("4 even steps");
    assertThat(uneven).isNotEqualTo(Grid.even(4)).hasToString("[0.1, 0.5, 0.6, 1.0]");
    assertThat(uneven.hashCode()).isEqualTo(Grid.of(0.1, 0.5, 0.6, 1).hashCode());
  }

  @Test
  @DisplayName("keeps its times to itself")
  void times() {
    uneven.times()[1] = 0.3;
    assertThat(uneven.time(1)).isEqualTo(0.1);
  }

  @Test
  @DisplayName("refuses times that do not increase to 1")
  void refusesNonsense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grid.even(1))
        .withMessage("steps must be at least 2, but is 1");
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(1));
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(0.5, 0.9));
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(0, 0.5, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(0.5, 0.5, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(0.5, Double.NaN, 1));
  }
}
