package org.dpm.report.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Counts ink in a part of a picture that was read back from its file. */
record Pixels(BufferedImage image) {

  static Pixels read(Path file) throws IOException {
    return new Pixels(ImageIO.read(file.toFile()));
  }

  /** How much of a rectangle is tinted with a hue of {@code colour}, from 0 to 1. */
  double share(Color colour, int left, int top, int width, int height) {
    float hue = hue(colour.getRGB())[0];
    int tinted = 0;
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        float[] found = hue(image.getRGB(x, y));
        if (found[1] > 0.06 && Math.abs(found[0] - hue) < 0.04) {
          tinted++;
        }
      }
    }
    return (double) tinted / (width * height);
  }

  private static float[] hue(int rgb) {
    return Color.RGBtoHSB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, null);
  }
}
