package org.dpm.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.dpm.api.DataSource;
import org.dpm.data.image.Colours;

/** Images that a test draws, in two folders, one of them to be held out, and settings for these. */
final class GivenImages {

  private final Path folder;
  private final Path other;

  /**
   * @param temporary where both folders are made
   */
  GivenImages(Path temporary) throws IOException {
    folder = Files.createDirectory(temporary.resolve("training"));
    other = Files.createDirectory(temporary.resolve("other"));
  }

  Path folder() {
    return folder;
  }

  /** Holds every image that is written into the first folder. */
  Path other() {
    return other;
  }

  /** Writes an image into both folders. */
  void write(String name, BufferedImage image) throws IOException {
    for (Path place : List.of(folder, other)) {
      Path file = place.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      ImageIO.write(image, "png", file.toFile());
    }
  }

  /** Levels by column and row. */
  static BufferedImage grey(int width, int height, IntBinaryOperator level) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, level.applyAsInt(x, y));
      }
    }
    return image;
  }

  /** Alpha, red, green and blue by column and row. */
  static BufferedImage colour(int width, int height, IntBinaryOperator pixel) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, pixel.applyAsInt(x, y));
      }
    }
    return image;
  }

  /** Settings under construction, for the first folder in grey without noise. */
  Given given() {
    return new Given(folder);
  }

  /** Settings under construction, with the second folder held out. */
  Given all() {
    return given().heldOut(other);
  }

  /** Settings under construction. */
  static final class Given {

    private final Path path;
    private Optional<String> include = Optional.empty();
    private Colours colours = Colours.GREY;
    private Optional<Integer> resize = Optional.empty();
    private Optional<Integer> patch = Optional.empty();
    private Optional<Integer> count = Optional.empty();
    private Optional<Integer> heldOutCount = Optional.empty();
    private Optional<Path> heldOutPath = Optional.empty();
    private double heldOut = Splits.HELD_OUT;
    private boolean dequantise;

    Given(Path path) {
      this.path = path;
    }

    Given include(String pattern) {
      include = Optional.of(pattern);
      return this;
    }

    Given rgb() {
      colours = Colours.RGB;
      return this;
    }

    Given resize(int side) {
      resize = Optional.of(side);
      return this;
    }

    Given patch(int side, int training, int held) {
      patch = Optional.of(side);
      heldOutCount = Optional.of(held);
      return count(training);
    }

    Given count(int training) {
      count = Optional.of(training);
      return this;
    }

    Given heldOut(Path folder) {
      heldOutPath = Optional.of(folder);
      return this;
    }

    Given fraction(double held) {
      heldOut = held;
      return this;
    }

    Given dequantised() {
      dequantise = true;
      return this;
    }

    ImageFolder.Settings settings() {
      return new ImageFolder.Settings(
          path,
          include,
          colours,
          resize,
          patch,
          count,
          heldOutCount,
          heldOutPath,
          heldOut,
          1,
          dequantise,
          Optional.of("Ask Ada."));
    }

    DataSource source() {
      return new ImageFolder(settings());
    }
  }
}
