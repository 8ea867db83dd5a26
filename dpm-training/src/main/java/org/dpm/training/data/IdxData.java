package org.dpm.training.data;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;

/**
 * Images, or other arrays of bytes, in the format of the MNIST files, compressed by gzip or not.
 *
 * <p>Images are one channel of grey levels from 0 to 255. They are kept as bytes; uniform noise of
 * one grey level is added afresh whenever an image is read, since a density of whole numbers would
 * grow without bound.
 */
final class IdxData implements DataSource {

  record Settings(
      @JsonProperty @JsonPropertyDescription("the file of images to learn from") Path path,
      @JsonProperty
          @JsonPropertyDescription(
              "a second file whose images are all held out, instead of a fraction of the first")
          Optional<Path> heldOutPath,
      @JsonProperty(defaultValue = "0.2")
          @JsonPropertyDescription("fraction of the images to hold out, chosen at random")
          double heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed holds the same images out")
          long seed,
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription("whether to add uniform noise of one grey level")
          boolean dequantise,
      @JsonProperty
          @JsonPropertyDescription("use only so many images from the beginning of each file")
          Optional<Integer> limit,
      @JsonProperty
          @JsonPropertyDescription("how to get the files, told to the user when one is absent")
          Optional<String> obtain) {

    Settings {
      Examples.requireFraction(heldOut, "heldOutPath", heldOutPath.isPresent());
      if (limit.isPresent() && limit.get() < 2) {
        throw new IllegalArgumentException("limit must be at least 2, but is " + limit.get());
      }
    }
  }

  /** A byte and sixteen binary places are what single precision holds: nothing is rounded up. */
  private static final double PLACES = 0x1p16;

  private final String trainingFile;
  private final String heldOutFile;
  private final Shape element;
  private final boolean dequantise;
  private final Examples examples;

  @Inject
  IdxData(Settings settings) {
    int limit = settings.limit().orElse(Integer.MAX_VALUE);
    dequantise = settings.dequantise();
    DataFile file = new DataFile(settings.path(), settings.obtain());
    trainingFile = file.name();
    if (settings.heldOutPath().isPresent()) {
      // Found absent before the first file is read, which takes longer.
      DataFile second = new DataFile(settings.heldOutPath().get(), settings.obtain());
      heldOutFile = second.name();
      PackedTable training = IdxReader.read(file, limit);
      element = training.layout().element();
      PackedTable heldOut = IdxReader.read(second, limit);
      if (!heldOut.layout().element().equals(element)) {
        throw second.invalid(
            "its examples have the shape %s, but those of %s have %s"
                .formatted(heldOut.layout().element(), file.path(), element));
      }
      examples = Examples.of(training, heldOut);
    } else {
      heldOutFile = trainingFile;
      PackedTable all = IdxReader.read(file, limit);
      element = all.layout().element();
      if (all.rows() < 2) {
        throw file.invalid("must hold at least 2 examples, but holds 1");
      }
      examples = Examples.dealt(all, settings.heldOut(), settings.seed());
    }
  }

  @Override
  public Shape element() {
    return element;
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
    if (dequantise) {
      for (int i = offset; i < offset + element.size(); i++) {
        target[i] += (float) (Math.floor(noise.uniform() * PLACES) / PLACES);
      }
    }
  }

  @Override
  public String place(Split split, int index) {
    String file = split == Split.TRAINING ? trainingFile : heldOutFile;
    return "%s: example %d".formatted(file, examples.row(split, index));
  }

  @Override
  public double grain() {
    return dequantise ? 1 : 0;
  }
}
