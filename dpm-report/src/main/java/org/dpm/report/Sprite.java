package org.dpm.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * Images of one size in a grid without gaps, as a data URL.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param black the value that is shown as black
 * @param white the value that is shown as white
 */
record Sprite(int channels, int height, int width, double black, double white) {

  /** Row by row of the grid, each as long as {@code columns}. */
  String url(float[][] images, int columns) {
    int rows = (images.length + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * width,
            rows * height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < images.length; i++) {
      draw(images[i], sheet, i % columns * width, i / columns * height);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(sheet, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private void draw(float[] image, BufferedImage sheet, int left, int top) {
    int area = height * width;
    for (int pixel = 0; pixel < area; pixel++) {
      for (int band = 0; band < channels; band++) {
        sheet
            .getRaster()
            .setSample(
                left + pixel % width, top + pixel / width, band, level(image[pixel + band * area]));
      }
    }
  }

  private int level(double value) {
    return (int) Math.round(255 * Math.max(0, Math.min(1, (value - black) / (white - black))));
  }
}
