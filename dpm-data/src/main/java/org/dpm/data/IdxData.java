package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.file.DataFile;
import org.dpm.data.image.ImageSettings;

/**
 * Images, or other arrays of bytes, in the format of the MNIST files, compressed by gzip or not.
 *
 * <p>Images are one channel of grey levels from 0 to 255, kept as bytes. Whenever an image is read,
 * uniform noise of one grey level is added afresh, since a density of whole numbers would grow
 * without bound; or its levels are made bits.
 */
final class IdxData implements DataSource {

  /** How grey levels become bits. */
  enum Binarise {
    /** They stay grey levels. */
    NONE,
    /** 1 from a given level on. */
    THRESHOLD,
    /** 1 with the probability level / 255, drawn afresh at each reading. */
    STOCHASTIC
  }

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
      @JsonProperty
          @JsonPropertyDescription(
              "whether to add uniform noise of one grey level; true if not given, but bits have none")
          Optional<Boolean> dequantise,
      @JsonProperty(defaultValue = "none")
          @JsonPropertyDescription(
              "whether to make bits of the grey levels: 1 from a threshold on, or drawn with level / 255")
          Binarise binarise,
      @JsonProperty
          @JsonPropertyDescription(
              "with binarise: threshold, the lowest grey level that is 1; 128 if not given")
          Optional<Integer> threshold,
      @JsonProperty
          @JsonPropertyDescription("use only so many images from the beginning of each file")
          Optional<Integer> limit,
      @JsonProperty
          @JsonPropertyDescription("how to get the files, told to the user when one is absent")
          Optional<String> obtain)
      implements ImageSettings {

    Settings {
      Splits.requireFraction(heldOut, "heldOutPath", heldOutPath.isPresent());
      if (limit.isPresent() && limit.get() < 2) {
        throw new IllegalArgumentException("limit must be at least 2, but is " + limit.get());
      }
      if (binarise != Binarise.NONE && dequantise.orElse(false)) {
        throw new IllegalArgumentException(
            "dequantise must be false or left out when bits are made of the grey levels, but is true");
      }
      threshold.ifPresent(level -> requireLevel(binarise, level));
    }

    /** Levels are bytes, unless they are made bits. */
    @Override
    public double white() {
      return binarise == Binarise.NONE ? WHITE : 1;
    }

    private static void requireLevel(Binarise binarise, int level) {
      if (binarise != Binarise.THRESHOLD) {
        throw new IllegalArgumentException(
            "threshold must be given with binarise: threshold only, but is " + level);
      }
      if (level < 1 || level > WHITE) {
        throw new IllegalArgumentException(
            "threshold must be from 1 to %d, but is %d".formatted(WHITE, level));
      }
    }
  }

  private static final int WHITE = 255;
  private static final int MIDDLE = 128;

  private final Settings settings;
  private final String trainingFile;
  private final String heldOutFile;
  private final Shape element;
  private final boolean dequantise;
  private final Binarise binarise;
  private final int threshold;
  private final Splits examples;

  @Inject
  IdxData(Settings settings) {
    this.settings = settings;
    int limit = settings.limit().orElse(Integer.MAX_VALUE);
    binarise = settings.binarise();
    threshold = settings.threshold().orElse(MIDDLE);
    dequantise = settings.dequantise().orElse(binarise == Binarise.NONE);
    DataFile file = new DataFile(settings.path(), settings.obtain());
    trainingFile = file.name();
    if (settings.heldOutPath().isPresent()) {
      // Found absent before the first file is read, which takes longer.
      DataFile second = new DataFile(settings.heldOutPath().get(), settings.obtain());
      heldOutFile = second.name();
      PackedRows training = IdxReader.read(file, limit);
      element = training.layout().element();
      PackedRows heldOut = IdxReader.read(second, limit);
      if (!heldOut.layout().element().equals(element)) {
        throw second.invalid(
            "its examples have the shape %s, but those of %s have %s"
                .formatted(heldOut.layout().element(), file.path(), element));
      }
      examples = Splits.of(training, heldOut);
    } else {
      heldOutFile = trainingFile;
      PackedRows all = IdxReader.read(file, limit);
      element = all.layout().element();
      if (all.rows() < 2) {
        throw file.invalid("must hold at least 2 examples, but holds 1");
      }
      examples = Splits.dealt(all, settings.heldOut(), settings.seed());
    }
  }

  @Override
  public Variables variables() {
    return Variables.of(
        Variable.array(
            "image",
            element,
            binarise == Binarise.NONE ? Dequantisation.space(dequantise) : new Space.Bit()));
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
    int size = (int) element.size();
    if (dequantise) {
      Dequantisation.add(noise, target, offset, size);
    }
    for (int i = offset; binarise != Binarise.NONE && i < offset + size; i++) {
      target[i] = bit(target[i], noise);
    }
  }

  private float bit(float level, Noise noise) {
    boolean white =
        binarise == Binarise.THRESHOLD ? level >= threshold : noise.uniform() * WHITE < level;
    return white ? 1 : 0;
  }

  @Override
  public String place(Split split, int index) {
    String file = split == Split.TRAINING ? trainingFile : heldOutFile;
    return "%s: example %d".formatted(file, examples.row(split, index));
  }

  @Override
  public DataSource withHeldOut(Path file) {
    return new IdxData(
        new Settings(
            settings.path(),
            Optional.of(file),
            Splits.HELD_OUT,
            settings.seed(),
            settings.dequantise(),
            settings.binarise(),
            settings.threshold(),
            Optional.empty(),
            Optional.empty()));
  }
}
