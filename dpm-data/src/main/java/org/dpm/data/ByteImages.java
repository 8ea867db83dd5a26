package org.dpm.data;

import java.util.List;
import org.dpm.data.image.Picture;

/**
 * Images of one shape, a byte for each level from 0 to 255: a quarter of what floats would take.
 */
final class ByteImages implements Rows {

  private final List<byte[]> images;

  /**
   * @param images [channels, height, width] in row-major order
   */
  ByteImages(List<byte[]> images) {
    this.images = List.copyOf(images);
  }

  @Override
  public int rows() {
    return images.size();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    byte[] image = images.get(row);
    Picture.unpack(image, 0, image.length, target, offset);
  }
}
