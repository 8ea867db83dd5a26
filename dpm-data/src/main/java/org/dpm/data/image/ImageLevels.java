package org.dpm.data.image;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dpm.api.InvalidInput;

/** Reads single images as levels. */
public final class ImageLevels {

  private ImageLevels() {}

  /**
   * Grey or colour levels from 0 to 255, a channel after the other.
   *
   * @throws InvalidInput if the file is no image, or of another size
   */
  public static int[] read(Path file, Shape element) {
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
