package org.dpm.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Variables;

/**
 * The two-dimensional swiss roll: a spiral of one and a half turns with normal noise about it.
 *
 * <p>With u uniform on [0, 1) and phi = 1.5 pi (1 + 2 u), an example is (phi cos phi, phi sin phi)
 * plus isotropic normal noise. The true density is an integral over phi, which is solved
 * numerically, so that a model can be compared with the best that any model can do.
 */
final class SwissRoll implements DataSource {

  record Settings(
      @JsonProperty(defaultValue = "20000") @JsonPropertyDescription("number of training examples")
          int count,
      @JsonProperty(defaultValue = "20000") @JsonPropertyDescription("number of held-out examples")
          int heldOut,
      @JsonProperty(defaultValue = "0.25")
          @JsonPropertyDescription(
              "standard deviation of the noise about the roll, whose radius goes from 4.7 to 14.1")
          double noise,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed gives the same examples")
          long seed) {

    Settings {
      if (count < 2) {
        throw new IllegalArgumentException("count must be at least 2, but is " + count);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("heldOut must be at least 1, but is " + heldOut);
      }
      // Splits are kept in single precision, which shows no less and overflows on much more.
      if (!(noise >= 1e-6 && noise <= 1e6)) {
        throw new IllegalArgumentException("noise must be from 1e-6 to 1e6, but is " + noise);
      }
    }
  }

  /** The angle, and so the radius, at which the roll begins. */
  static final double FIRST_ANGLE = 1.5 * Math.PI;

  /** The angle at which it ends. */
  static final double LAST_ANGLE = 4.5 * Math.PI;

  private final Splits examples;
  private final SwissRollDensity density;

  @Inject
  SwissRoll(Settings settings) {
    examples =
        Splits.of(
            draw(settings.count(), settings.noise(), settings.seed(), "swiss-roll training"),
            draw(settings.heldOut(), settings.noise(), settings.seed(), "swiss-roll held-out"));
    density = new SwissRollDensity(settings.noise());
  }

  private static Rows draw(int count, double deviation, long seed, String purpose) {
    Noise all = Noise.of(seed, purpose);
    List<float[]> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Noise noise = all.from(i);
      double angle = FIRST_ANGLE + (LAST_ANGLE - FIRST_ANGLE) * noise.uniform();
      points.add(
          new float[] {
            (float) (angle * Math.cos(angle) + deviation * noise.gaussian()),
            (float) (angle * Math.sin(angle) + deviation * noise.gaussian())
          });
    }
    return Rows.of(points);
  }

  @Override
  public Variables variables() {
    return Variables.columns(List.of("x1", "x2"));
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
  }

  @Override
  public OptionalDouble trueLogDensity(float[] example) {
    return OptionalDouble.of(density.log(example[0], example[1]));
  }
}
