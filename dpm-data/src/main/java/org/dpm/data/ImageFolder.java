package org.dpm.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.file.DataFolder;
import org.dpm.data.image.Colours;
import org.dpm.data.image.ImageSettings;

/**
 * The PNG and JPEG files of a folder, at any depth: whole images, or squares cut out of them at
 * random. Levels from 0 to 255 are kept as bytes, and are made continuous as they are read.
 */
final class ImageFolder implements DataSource {

  record Settings(
      @JsonProperty @JsonPropertyDescription("the folder of .png, .jpg and .jpeg files") Path path,
      @JsonProperty
          @JsonPropertyDescription(
              "which of these files, a glob pattern for their names; all if not given")
          Optional<String> include,
      @JsonProperty(defaultValue = "rgb")
          @JsonPropertyDescription("whether images are kept in colour or as grey levels")
          Colours colours,
      @JsonProperty
          @JsonPropertyDescription(
              "bring each image to this side: the largest square in its middle, resized")
          Optional<Integer> resize,
      @JsonProperty
          @JsonPropertyDescription(
              "learn from squares of this side, cut out at random places afresh at each reading")
          Optional<Integer> patch,
      @JsonProperty
          @JsonPropertyDescription(
              "with patch, how many of them count as the training examples; 20000 if not given")
          Optional<Integer> count,
      @JsonProperty
          @JsonPropertyDescription(
              "with patch, how many are held out, the same at each reading; 5000 if not given")
          Optional<Integer> heldOutCount,
      @JsonProperty
          @JsonPropertyDescription(
              "a second folder whose images are all held out, instead of a fraction of the first")
          Optional<Path> heldOutPath,
      @JsonProperty(defaultValue = "0.2")
          @JsonPropertyDescription(
              "fraction to hold out: of the images, chosen at random, or with patch of the rows of each image, the lowest")
          double heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed holds the same images or patches out")
          long seed,
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription("whether to add uniform noise of one level")
          boolean dequantise,
      @JsonProperty
          @JsonPropertyDescription("how to get the images, told to the user when they are absent")
          Optional<String> obtain)
      implements ImageSettings {

    Settings {
      Splits.requireFraction(heldOut, "heldOutPath", heldOutPath.isPresent());
      requirePositive("resize", resize);
      requirePositive("patch", patch);
      requirePositive("count", count);
      requirePositive("heldOutCount", heldOutCount);
      if (resize.isPresent() && patch.isPresent()) {
        throw new IllegalArgumentException(
            "resize must be left out when patch is given, but is " + resize.get());
      }
      requirePatch("count", count, patch);
      requirePatch("heldOutCount", heldOutCount, patch);
      include.ifPresent(Settings::requireGlob);
      if (heldOutPath.isPresent() && heldOutPath.get().startsWith(path)) {
        throw new IllegalArgumentException(
            "heldOutPath must lie outside of path, from which images are taken at any depth, but is "
                + heldOutPath.get());
      }
    }

    /** Levels are bytes. */
    @Override
    public double white() {
      return 255;
    }

    private static void requirePositive(String name, Optional<Integer> value) {
      if (value.isPresent() && value.get() < 1) {
        throw new IllegalArgumentException(name + " must be at least 1, but is " + value.get());
      }
    }

    private static void requirePatch(
        String name, Optional<Integer> value, Optional<Integer> patch) {
      if (value.isPresent() && patch.isEmpty()) {
        throw new IllegalArgumentException(
            "%s must be given with patch only, but is %d".formatted(name, value.get()));
      }
    }

    private static void requireGlob(String pattern) {
      try {
        FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "include must be a glob pattern such as *.png, but is '%s': %s"
                .formatted(pattern, e.getDescription()),
            e);
      }
    }
  }

  private final Settings settings;
  private final ImageExamples examples;
  private final boolean dequantise;

  @Inject
  ImageFolder(Settings settings) {
    this.settings = settings;
    dequantise = settings.dequantise();
    DataFolder folder = new DataFolder(settings.path(), settings.obtain());
    Optional<DataFolder> heldOut =
        settings.heldOutPath().map(path -> new DataFolder(path, settings.obtain()));
    ImageLoader loader = new ImageLoader(settings);
    PictureSet training = loader.load(folder);
    Optional<PictureSet> second = heldOut.map(loader::load);
    examples =
        settings.patch().isPresent()
            ? RandomPatches.of(training, second, settings)
            : WholeImages.of(training, second, settings);
  }

  @Override
  public Variables variables() {
    return Variables.of(
        Variable.array("image", examples.element(), Dequantisation.space(dequantise)));
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, noise, target, offset);
    if (dequantise) {
      Dequantisation.add(noise, target, offset, (int) examples.element().size());
    }
  }

  @Override
  public String place(Split split, int index) {
    return examples.place(split, index);
  }

  /**
   * The source with the images of another folder held out: of the same size, or with {@code patch}
   * the patches of these.
   */
  @Override
  public DataSource withHeldOut(Path folder) {
    if (folder.startsWith(settings.path())) {
      throw new InvalidInput(
          "%s: cannot be evaluated, since it lies within %s, from which the model learned at any depth. Copy its images to a folder of their own."
              .formatted(folder, settings.path()));
    }
    return new ImageFolder(
        new Settings(
            settings.path(),
            settings.include(),
            settings.colours(),
            settings.resize(),
            settings.patch(),
            settings.count(),
            settings.heldOutCount(),
            Optional.of(folder),
            Splits.HELD_OUT,
            settings.seed(),
            settings.dequantise(),
            Optional.empty()));
  }
}
