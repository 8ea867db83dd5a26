package org.dpm.data.image;

import ai.djl.ndarray.types.Shape;

/** An image in memory: a byte for each level from 0 to 255, [channels, height, width]. */
public final class Picture {

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] levels;

  /**
   * @param levels kept, not copied
   */
  public Picture(int channels, int height, int width, byte[] levels) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.levels = levels;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** [channels, height, width]. */
  public Shape shape() {
    return new Shape(channels, height, width);
  }

  /** As people say it: {@code 640 x 480}, the width first. */
  public String size() {
    return width + " x " + height;
  }

  /** Row-major; not a copy. */
  public byte[] levels() {
    return levels;
  }

  /** Unpacks the square that begins at a row and a column. */
  public void cut(int top, int left, int side, float[] target, int offset) {
    int to = offset;
    for (int c = 0; c < channels; c++) {
      for (int y = top; y < top + side; y++) {
        unpack(levels, (c * height + y) * width + left, side, target, to);
        to += side;
      }
    }
  }

  /** The largest square in the middle, enlarged or reduced to a side of so many pixels. */
  public Picture square(int side) {
    int smaller = Math.min(height, width);
    Resampling across = new Resampling(width, (width - smaller) / 2.0, smaller, side);
    Resampling down = new Resampling(height, (height - smaller) / 2.0, smaller, side);
    byte[] resized = new byte[channels * side * side];
    for (int c = 0; c < channels; c++) {
      float[] plane = new float[height * width];
      unpack(levels, c * plane.length, plane.length, plane, 0);
      float[] narrow = new float[height * side];
      for (int y = 0; y < height; y++) {
        across.line(plane, y * width, 1, narrow, y * side, 1);
      }
      float[] small = new float[side * side];
      for (int x = 0; x < side; x++) {
        down.line(narrow, x, side, small, x, side);
      }
      for (int i = 0; i < small.length; i++) {
        resized[c * small.length + i] = (byte) Math.round(small[i]);
      }
    }
    return new Picture(channels, side, side, resized);
  }

  /** Unsigned bytes to floats. */
  public static void unpack(byte[] levels, int from, int size, float[] target, int offset) {
    for (int i = 0; i < size; i++) {
      target[offset + i] = levels[from + i] & 0xff;
    }
  }
}
