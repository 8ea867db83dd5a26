package org.dpm.data.image;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.dpm.api.InvalidInput;
import org.dpm.data.file.DataFile;

/** Reads single images, for a model that learned from such: as {@link ImageDecoder} reads all. */
public final class ImageLevels {

  private ImageLevels() {}

  /**
   * Grey or colour levels from 0 to 255, a channel after the other.
   *
   * @param element [1 or 3, height, width]
   * @throws InvalidInput if the file is no image, or of another size
   */
  public static int[] read(Path path, Shape element) {
    Picture picture = picture(new DataFile(path), Colours.of(element.get(0)));
    if (!picture.shape().equals(element)) {
      throw new InvalidInput(
          "%s: is %s pixels, but must be %d x %d like the model's images."
              .formatted(path, picture.size(), element.get(2), element.get(1)));
    }
    byte[] levels = picture.levels();
    int[] unsigned = new int[levels.length];
    for (int i = 0; i < levels.length; i++) {
      unsigned[i] = Byte.toUnsignedInt(levels[i]);
    }
    return unsigned;
  }

  private static Picture picture(DataFile file, Colours colours) {
    try {
      return new ImageDecoder(colours).read(file.path());
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
