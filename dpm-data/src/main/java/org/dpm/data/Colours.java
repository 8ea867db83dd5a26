package org.dpm.data;

/** Which channels an image is kept in. */
enum Colours {
  /** One: of a colour image, its brightness (0.299 red + 0.587 green + 0.114 blue). */
  GREY(1),
  /** Three: of a grey image, all the same. */
  RGB(3);

  private final int channels;

  Colours(int channels) {
    this.channels = channels;
  }

  int channels() {
    return channels;
  }

  /** The level that a pixel has in a channel. */
  int level(int channel, int red, int green, int blue) {
    if (this == GREY) {
      return (int) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    }
    return channel == 0 ? red : channel == 1 ? green : blue;
  }
}
