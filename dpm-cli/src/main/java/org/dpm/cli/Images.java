package org.dpm.cli;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;

/**
 * Images of a model's shape, in data units.
 *
 * @param names what each is called in names of files
 * @param values [n][channels * height * width]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Images(List<String> names, float[][] values) {

  /**
   * Reads files, or the first held-out examples of the model's own data.
   *
   * @throws InvalidInput if there are neither or both, or one has another shape than the model's
   */
  static Images of(Model model, Registry registry, List<Path> files, int heldOut) {
    Shape element = model.data().summary().element();
    if (element.dimension() != 3 || (element.get(0) != 1 && element.get(0) != 3)) {
      throw new InvalidInput(
          "this is a model of examples of shape %s; images have [1 or 3, height, width]."
              .formatted(element));
    }
    if (files.isEmpty() == (heldOut == 0)) {
      throw new InvalidInput(
          "give images, or --held-out N for N of the model's held-out examples.");
    }
    return files.isEmpty() ? heldOut(model, registry, heldOut) : read(model, files);
  }

  private static Images heldOut(Model model, Registry registry, int count) {
    DataSource source = Wiring.dataSource(registry, model.pipeline());
    int there = source.count(Split.HELD_OUT);
    Require.that(
        count >= 1 && count <= there,
        "--held-out must be 1 to %d, but is %d".formatted(there, count));
    return of(source, Split.HELD_OUT, count, model.pipeline().training().seed());
  }

  /** The first examples of a data source. */
  static Images of(DataSource source, Split split, int count, long seed) {
    int size = Math.toIntExact(source.element().size());
    float[][] values = new float[count][size];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      source.read(split, i, Noise.of(seed, "images", i), values[i], 0);
      names.add("held-out-" + i);
    }
    return new Images(names, values);
  }

  private static Images read(Model model, List<Path> files) {
    List<String> names = new ArrayList<>();
    float[][] values = new float[files.size()][];
    for (int i = 0; i < values.length; i++) {
      Path file = files.get(i);
      values[i] = inDataUnits(model.data(), levels(file, model.data().summary().element()));
      String name = String.valueOf(file.getFileName());
      names.add(name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name);
    }
    return new Images(names, values);
  }

  /** Black is the smallest value of the training data, white the largest. */
  private static float[] inDataUnits(DataDescription data, int[] levels) {
    float[] values = new float[levels.length];
    for (int i = 0; i < levels.length; i++) {
      values[i] = (float) (data.minimum() + (data.maximum() - data.minimum()) * levels[i] / 255);
    }
    return values;
  }

  /**
   * Grey or colour levels from 0 to 255, a channel after the other.
   *
   * @throws InvalidInput if the file is no image, or of another size
   */
  static int[] levels(Path file, Shape element) {
    BufferedImage image = image(file);
    int channels = (int) element.get(0);
    int height = (int) element.get(1);
    int width = (int) element.get(2);
    if (image.getHeight() != height || image.getWidth() != width) {
      throw new InvalidInput(
          "%s: is %d wide and %d high, but must be %d wide and %d high like the model's images."
              .formatted(file, image.getWidth(), image.getHeight(), width, height));
    }
    int[] levels = new int[channels * height * width];
    Raster grey = image.getRaster();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        int[] colours = {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
        for (int c = 0; c < channels; c++) {
          levels[(c * height + y) * width + x] =
              channels == 3
                  ? colours[c]
                  // Java converts grey to colour by a curve: the stored level is what is meant.
                  : grey.getNumBands() < 3 && grey.getTransferType() == 0
                      ? stored(image, grey, x, y)
                      : (colours[0] + colours[1] + colours[2]) / 3;
        }
      }
    }
    return levels;
  }

  private static int stored(BufferedImage image, Raster grey, int x, int y) {
    return image.getType() == BufferedImage.TYPE_BYTE_GRAY
        ? grey.getSample(x, y, 0)
        : image.getRGB(x, y) & 255;
  }

  private static BufferedImage image(Path file) {
    if (!Files.exists(file)) {
      throw new InvalidInput(file + ": there is no such file.");
    }
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new InvalidInput(file + ": is no image that can be read; PNG can.");
      }
      return image;
    } catch (IOException e) {
      throw new InvalidInput(file + ": cannot be read as an image: " + e.getMessage(), e);
    }
  }
}
