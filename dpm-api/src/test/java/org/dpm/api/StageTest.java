package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stage")
final class StageTest extends ManagerFixture {

  private NDArray column(DataType type, double... values) {
    NDArray column = manager.create(values, new Shape(values.length, 1));
    return type == DataType.FLOAT64 ? column : column.toType(type, false);
  }

  private Stage stage(DataType type, double logSnr, double previous) {
    return Stage.of(
        new double[] {0.5}, new double[] {0.25}, column(type, logSnr), column(type, previous));
  }

  private static double value(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray()[0];
  }

  @Test
  @DisplayName("has the fractions that follow from lambda at both ends")
  void fractions() {
    Stage stage = stage(DataType.FLOAT64, -1, 2);
    double now = 1 / (1 + Math.exp(1));
    double before = 1 / (1 + Math.exp(-2));
    assertThat(value(stage.signal())).isCloseTo(now, within(1e-15));
    assertThat(value(stage.noise())).isCloseTo(1 - now, within(1e-15));
    assertThat(value(stage.previousSignal())).isCloseTo(before, within(1e-15));
    assertThat(value(stage.kept())).isCloseTo(now / before, within(1e-14));
    assertThat(value(stage.beta())).isCloseTo(1 - now / before, within(1e-14));
    double odds = Math.log((1 - now / before) / (now / before));
    assertThat(value(stage.logOddsOfBeta())).isCloseTo(odds, within(1e-13));
    assertThat(value(stage.lostShare())).isCloseTo(1 - Math.exp(-3), within(1e-14));
  }

  @Test
  @DisplayName("loses no digits of a tiny step, even in single precision")
  void tinySteps() {
    // 2^-14 apart, which single precision holds exactly.
    double gap = 0x1p-14;
    Stage stage = stage(DataType.FLOAT32, 3, 3 + gap);
    assertThat(value(stage.lostShare())).isCloseTo(-Math.expm1(-gap), within(1e-6 * gap));
    double now = 1 / (1 + Math.exp(-3));
    assertThat(value(stage.beta())).isCloseTo(-Math.expm1(-gap) * (1 - now), within(1e-6 * gap));
  }

  @Test
  @DisplayName("keeps its meaning where nothing is left, and where nothing is lost")
  void ends() {
    for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
      Stage last = stage(type, Double.NEGATIVE_INFINITY, -3);
      assertThat(value(last.signal())).isZero();
      assertThat(value(last.noise())).isEqualTo(1);
      assertThat(value(last.kept())).isZero();
      assertThat(value(last.beta())).isEqualTo(1);
      assertThat(value(last.lostShare())).isEqualTo(1);
      assertThat(value(last.logOddsOfBeta())).isEqualTo(Double.POSITIVE_INFINITY);
      Stage first = stage(type, 4, Double.POSITIVE_INFINITY);
      assertThat(value(first.previousSignal())).isEqualTo(1);
      assertThat(value(first.previousNoise())).isZero();
      assertThat(value(first.lostShare())).isEqualTo(1);
      assertThat(value(first.beta())).isCloseTo(value(first.noise()), within(1e-7));
    }
  }

  @Test
  @DisplayName("of the data has no noise, stands at time 0 and leads nowhere else")
  void ofData() {
    for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
      Stage data = Stage.ofData(manager.zeros(new Shape(3, 2, 2), type));
      assertThat(data.leadsToData()).isTrue();
      assertThat(data.logSnr().getShape()).isEqualTo(new Shape(1, 1, 1));
      assertThat(data.logSnr().getDataType()).isEqualTo(type);
      assertThat(value(data.signal())).isEqualTo(1);
      assertThat(value(data.noise())).isZero();
      assertThat(value(data.time())).isZero();
    }
  }

  @Test
  @DisplayName("leads to the data only if it does for every example")
  void leadsToData() {
    Stage mixed =
        Stage.of(
            new double[] {0.5, 0.5},
            new double[] {0, 0.25},
            column(DataType.FLOAT64, 1, 1),
            column(DataType.FLOAT64, Double.POSITIVE_INFINITY, 2));
    assertThat(mixed.leadsToData()).isFalse();
    assertThat(mixed.previousTime().toDoubleArray()).containsExactly(0, 0.25);
  }

  @Test
  @DisplayName("computes what is derived from it once")
  void derivedOnce() {
    Stage stage = stage(DataType.FLOAT64, 1, 2);
    int[] times = new int[1];
    Object first = stage.derived("key", () -> "value" + times[0]++);
    assertThat(stage.<Object>derived("key", () -> "another")).isSameAs(first);
    assertThat(times[0]).isEqualTo(1);
  }

  @Test
  @DisplayName("refuses other times than it has signal-to-noise ratios")
  void refusesNonsense() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Stage.of(
                    new double[2],
                    new double[2],
                    column(DataType.FLOAT64, 1),
                    column(DataType.FLOAT64, 2)))
        .withMessageContaining("times must be as many as signal-to-noise ratios");
  }
}
