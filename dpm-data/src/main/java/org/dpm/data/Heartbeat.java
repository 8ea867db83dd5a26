package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;

/**
 * Bits with a 1 in every {@code period}-th place, in any of {@code period} phases, each as likely
 * as the others. Sohl-Dickstein et al. 2015, section 3.1.2, with 20 bits and the period 5.
 *
 * <p>The true log probability of a sequence is minus log(period), or minus infinity where the beat
 * is broken.
 */
final class Heartbeat implements DataSource {

  record Settings(
      @JsonProperty(defaultValue = "20") @JsonPropertyDescription("number of bits in a sequence")
          int length,
      @JsonProperty(defaultValue = "5")
          @JsonPropertyDescription("bits from one beat to the next; at most the length")
          int period,
      @JsonProperty(defaultValue = "20000") @JsonPropertyDescription("number of training examples")
          int count,
      @JsonProperty(defaultValue = "5000") @JsonPropertyDescription("number of held-out examples")
          int heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed gives the same examples")
          long seed) {

    Settings {
      if (period < 2) {
        throw new IllegalArgumentException("period must be at least 2, but is " + period);
      }
      if (length < period) {
        throw new IllegalArgumentException(
            "length must be at least period, which is %d, but is %d".formatted(period, length));
      }
      if (count < 2) {
        throw new IllegalArgumentException("count must be at least 2, but is " + count);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("heldOut must be at least 1, but is " + heldOut);
      }
    }
  }

  private final int length;
  private final int period;
  private final int[] training;
  private final int[] heldOut;

  @Inject
  Heartbeat(Settings settings) {
    length = settings.length();
    period = settings.period();
    training = phases(settings.count(), settings.seed(), "heartbeat training");
    heldOut = phases(settings.heldOut(), settings.seed(), "heartbeat held-out");
  }

  private int[] phases(int count, long seed, String purpose) {
    Noise noise = Noise.of(seed, purpose);
    return IntStream.range(0, count).map(i -> (int) (noise.from(i).uniform() * period)).toArray();
  }

  private int[] phases(Split split) {
    return switch (split) {
      case TRAINING -> training;
      case HELD_OUT -> heldOut;
    };
  }

  @Override
  public Variables variables() {
    return Variables.of(Variable.array("bits", new Shape(length), new Space.Bit()));
  }

  @Override
  public int count(Split split) {
    return phases(split).length;
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    System.arraycopy(beat(phases(split)[index]), 0, target, offset, length);
  }

  private float[] beat(int phase) {
    float[] bits = new float[length];
    for (int i = phase; i < length; i += period) {
      bits[i] = 1;
    }
    return bits;
  }

  @Override
  public OptionalDouble trueLogDensity(float[] example) {
    boolean valid =
        IntStream.range(0, period).anyMatch(phase -> Arrays.equals(example, beat(phase)));
    return OptionalDouble.of(valid ? -Math.log(period) : Double.NEGATIVE_INFINITY);
  }
}
