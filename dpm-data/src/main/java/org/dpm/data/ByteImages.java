package org.dpm.data;

import java.util.List;

/**
 * Images of one shape, a byte for each level from 0 to 255: a quarter of what floats would take.
 */
final class ByteImages implements Table {

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
    unpack(image, 0, image.length, target, offset);
  }

  /** Unsigned bytes to floats. */
  static void unpack(byte[] levels, int from, int size, float[] target, int offset) {
    for (int i = 0; i < size; i++) {
      target[offset + i] = levels[from + i] & 0xff;
    }
  }
}
