package org.dpm.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A range")
final class RangeTest {

  @Test
  @DisplayName("is divided at round numbers")
  void ticksAreRound() {
    assertThat(new Range(-13.1, 16).ticks(5)).containsExactly(-10, 0, 10);
    assertThat(new Range(0, 1).ticks(5)).containsExactly(0, 0.2, 0.4, 0.6000000000000001, 0.8, 1);
    assertThat(new Range(-0.031, 0.044).ticks(5)).containsExactly(-0.02, 0, 0.02, 0.04);
  }

  @Test
  @DisplayName("of values leaves out what is no number, and has a length even for one value")
  void isNeverEmpty() {
    assertThat(Range.of(DoubleStream.of(3, Double.NaN, -1, Double.NEGATIVE_INFINITY)))
        .isEqualTo(new Range(-1, 3));
    assertThat(Range.of(DoubleStream.of(2))).isEqualTo(new Range(1.5, 2.5));
    assertThat(Range.of(DoubleStream.empty())).isEqualTo(new Range(0, 1));
  }
}
