package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The heartbeat")
class HeartbeatTest {

  private static DataSource heartbeat(int length, int period, int count, int heldOut, long seed) {
    return new Heartbeat(new Heartbeat.Settings(length, period, count, heldOut, seed));
  }

  @Test
  @DisplayName("beats once in every period, in each phase equally often")
  void beats() {
    int count = 10_000;
    DataSource source = heartbeat(20, 5, count, 7, 1);
    assertThat(Sources.shape(source)).isEqualTo(new Shape(20));
    assertThat(source.count(Split.HELD_OUT)).isEqualTo(7);
    assertThat(Sources.space(source)).isEqualTo(new Space.Bit());
    int[] seen = new int[5];
    for (float[] bits : Sources.examples(source, Split.TRAINING)) {
      int phase = 0;
      while (bits[phase] == 0) {
        phase++;
      }
      seen[phase]++;
      for (int i = 0; i < 20; i++) {
        assertThat(bits[i]).isEqualTo(i % 5 == phase ? 1 : 0);
      }
    }
    double expected = count / 5.0;
    double chiSquared =
        Arrays.stream(seen).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    // The 99.9% point for 4 degrees of freedom.
    assertThat(chiSquared).isLessThan(18.47);
  }

  @Test
  @DisplayName("may end within a period, and is read into its place")
  void otherLengths() {
    DataSource source = heartbeat(7, 3, 50, 1, 1);
    float[] target = new float[9];
    Arrays.fill(target, 9);
    source.read(Split.TRAINING, 0, Noise.of(1, "unused"), target, 1);
    assertThat(Arrays.copyOfRange(target, 1, 8))
        .isIn(
            new float[] {1, 0, 0, 1, 0, 0, 1},
            new float[] {0, 1, 0, 0, 1, 0, 0},
            new float[] {0, 0, 1, 0, 0, 1, 0});
    assertThat(target[0]).isEqualTo(9);
    assertThat(target[8]).isEqualTo(9);
  }

  @Test
  @DisplayName("has one of as many equally likely sequences as the period is long, and no other")
  void truth() {
    DataSource source = heartbeat(20, 5, 10, 10, 1);
    float[] valid = Sources.examples(source, Split.HELD_OUT)[3];
    assertThat(source.trueLogDensity(valid).getAsDouble() / Math.log(2))
        .isCloseTo(-2.3219, within(1e-4));
    valid[0] = 1 - valid[0];
    assertThat(source.trueLogDensity(valid).getAsDouble()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(source.trueLogDensity(new float[20]).getAsDouble())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  @DisplayName("is the same for the same seed, and another for another seed or set")
  void seeds() {
    float[][] examples = Sources.examples(heartbeat(20, 5, 50, 50, 3), Split.TRAINING);
    assertThat(Sources.examples(heartbeat(20, 5, 50, 50, 3), Split.TRAINING))
        .isDeepEqualTo(examples);
    assertThat(
            Arrays.deepEquals(
                Sources.examples(heartbeat(20, 5, 50, 50, 4), Split.TRAINING), examples))
        .isFalse();
    assertThat(
            Arrays.deepEquals(
                Sources.examples(heartbeat(20, 5, 50, 50, 3), Split.HELD_OUT), examples))
        .isFalse();
  }

  @Test
  @DisplayName("begins with the same examples however many there are")
  void grows() {
    float[][] few = Sources.examples(heartbeat(20, 5, 30, 20, 3), Split.TRAINING);
    float[][] many = Sources.examples(heartbeat(20, 5, 50, 40, 3), Split.TRAINING);
    assertThat(Arrays.copyOf(many, 30)).isDeepEqualTo(few);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | 1 | 10 | 10 | period must be at least 2, but is 1",
        "4  | 5 | 10 | 10 | length must be at least period, which is 5, but is 4",
        "20 | 5 | 1  | 10 | count must be at least 2, but is 1",
        "20 | 5 | 10 | 0  | heldOut must be at least 1, but is 0"
      })
  @DisplayName("refuses settings that make no sense")
  void refusals(int length, int period, int count, int heldOut, String message) {
    assertThatThrownBy(() -> heartbeat(length, period, count, heldOut, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
