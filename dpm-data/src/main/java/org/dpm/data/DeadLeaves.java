package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.image.ImageSettings;

/**
 * Grey images of leaves that have fallen upon each other: disks that hide what lies below them,
 * with radii distributed by a power law and a grey level each. Cut from an endless carpet: no pixel
 * differs from another, at the border neither.
 *
 * <p>An image is a function of the seed, its set and its number. Levels from 0 to 255 are kept as
 * bytes, and are made continuous as they are read.
 */
final class DeadLeaves implements DataSource {

  record Settings(
      @JsonProperty(defaultValue = "32") @JsonPropertyDescription("height and width of an image")
          int size,
      @JsonProperty(defaultValue = "3")
          @JsonPropertyDescription(
              "the density of radii falls with this power; about 3 looks the same at every distance")
          double exponent,
      @JsonProperty(defaultValue = "2") @JsonPropertyDescription("smallest radius, in pixels")
          double minimumRadius,
      @JsonProperty(defaultValue = "16") @JsonPropertyDescription("largest radius, in pixels")
          double maximumRadius,
      @JsonProperty(defaultValue = "50000") @JsonPropertyDescription("number of training examples")
          int count,
      @JsonProperty(defaultValue = "10000") @JsonPropertyDescription("number of held-out examples")
          int heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed gives the same training examples")
          long seed,
      @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("the same seed gives the same held-out examples")
          long heldOutSeed,
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription("whether to add uniform noise of one grey level")
          boolean dequantise)
      implements ImageSettings {

    Settings {
      // Each carpet needs a byte per pixel; more would be a mistake.
      if (size < 1 || size > 1024) {
        throw new IllegalArgumentException("size must be from 1 to 1024, but is " + size);
      }
      if (count < 2) {
        throw new IllegalArgumentException("count must be at least 2, but is " + count);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("heldOut must be at least 1, but is " + heldOut);
      }
      FallingLeaves.check(size, exponent, minimumRadius, maximumRadius);
    }

    /** Levels are bytes. */
    @Override
    public double white() {
      return 255;
    }
  }

  private final int size;
  private final boolean dequantise;
  private final Splits examples;

  @Inject
  DeadLeaves(Settings settings) {
    size = settings.size();
    dequantise = settings.dequantise();
    FallingLeaves leaves =
        new FallingLeaves(
            size, settings.exponent(), settings.minimumRadius(), settings.maximumRadius());
    examples =
        Splits.of(
            draw(leaves, settings.count(), settings.seed(), "dead-leaves training"),
            draw(leaves, settings.heldOut(), settings.heldOutSeed(), "dead-leaves held-out"));
  }

  private static Rows draw(FallingLeaves leaves, int count, long seed, String purpose) {
    Noise noise = Noise.of(seed, purpose);
    List<byte[]> images =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(index -> leaves.image(noise.from(index)))
            .toList();
    return new ByteImages(images);
  }

  @Override
  public Variables variables() {
    return Variables.of(
        Variable.array("image", new Shape(1, size, size), Dequantisation.space(dequantise)));
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
    if (dequantise) {
      Dequantisation.add(noise, target, offset, size * size);
    }
  }
}
