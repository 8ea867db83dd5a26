package org.dpm.data.image;

/** Which channels an image is kept in. */
public enum Colours {
  /** One: of a colour image, its brightness (0.299 red + 0.587 green + 0.114 blue). */
  GREY(1),
  /** Three: of a grey image, all the same. */
  RGB(3);

  private final int channels;

  Colours(int channels) {
    this.channels = channels;
  }

  /** How many they are. */
  public int channels() {
    return channels;
  }

  /**
   * The colours of images with so many channels.
   *
   * @throws IllegalArgumentException if they are neither 1 nor 3
   */
  public static Colours of(long channels) {
    for (Colours colours : values()) {
      if (colours.channels == channels) {
        return colours;
      }
    }
    throw new IllegalArgumentException("channels must be 1 or 3, but are " + channels);
  }

  /** The level that a pixel has in a channel. */
  int level(int channel, int red, int green, int blue) {
    if (this == GREY) {
      return (int) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    }
    return channel == 0 ? red : channel == 1 ? green : blue;
  }
}
