package org.dpm.report.picture;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Images in a grid, enlarged by a whole number so that each pixel stays a crisp square. */
public final class SampleSheet {

  /** Smallest side of an enlarged image, in pixels: 28 by 28 is shown as 112 by 112. */
  private static final int LEGIBLE = 96;

  private static final int WIDEST = 1600;
  private static final int GAP = 4;
  private static final int TITLE = 44;

  private final String title;
  private final List<String> headings;
  private final float[][] images;
  private final int channels;
  private final int height;
  private final int width;
  private final double black;
  private final double white;

  /**
   * A sheet with a heading for each column.
   *
   * @param headings from left to right
   */
  public SampleSheet(
      List<String> headings,
      float[][] images,
      int channels,
      int height,
      int width,
      double black,
      double white) {
    this("", headings, images, channels, height, width, black, white);
  }

  /**
   * @param title one line above the grid, or empty for none
   * @param images each of channels * height * width values, in that order
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @param black the value that is shown as black; what is below is black, too
   * @param white the value that is shown as white; what is above is white, too
   */
  public SampleSheet(
      String title,
      float[][] images,
      int channels,
      int height,
      int width,
      double black,
      double white) {
    this(title, List.of(), images, channels, height, width, black, white);
  }

  private SampleSheet(
      String title,
      List<String> headings,
      float[][] images,
      int channels,
      int height,
      int width,
      double black,
      double white) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, but are " + channels);
    }
    if (!(black < white)) {
      throw new IllegalArgumentException(
          "black must be below white, but they are %s and %s".formatted(black, white));
    }
    if (images.length == 0) {
      throw new IllegalArgumentException("images must be at least 1, but are 0");
    }
    for (float[] image : images) {
      if (image.length != channels * height * width) {
        throw new IllegalArgumentException(
            "images must have %d x %d x %d values, but one has %d"
                .formatted(channels, height, width, image.length));
      }
    }
    this.title = title;
    this.headings = List.copyOf(headings);
    this.images = images;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.black = black;
    this.white = white;
  }

  /** Writes the sheet as a PNG file, whole or not at all. */
  public void write(Path file) throws IOException {
    Ink.write(draw(), file);
  }

  BufferedImage draw() {
    int scale = Math.max(1, (int) Math.ceil((double) LEGIBLE / Math.max(width, height)));
    int columns = columns(scale);
    int rows = (images.length + columns - 1) / columns;
    int top = title.isEmpty() && headings.isEmpty() ? 0 : TITLE;
    int cellWidth = width * scale + GAP;
    int cellHeight = height * scale + GAP;
    BufferedImage sheet = Ink.sheet(columns * cellWidth + GAP, top + rows * cellHeight + GAP);
    for (int i = 0; i < images.length; i++) {
      int x = GAP + i % columns * cellWidth;
      int y = top + GAP + i / columns * cellHeight;
      draw(images[i], sheet, x, y, scale);
    }
    drawTitle(sheet);
    drawHeadings(sheet, cellWidth);
    return sheet;
  }

  /** The image alone, pixel by pixel, as a file. */
  public static void writeImage(
      float[] image, int channels, int height, int width, double black, double white, Path file)
      throws IOException {
    BufferedImage plain = Ink.sheet(width, height);
    new SampleSheet("", new float[][] {image}, channels, height, width, black, white)
        .draw(image, plain, 0, 0, 1);
    Ink.write(plain, file);
  }

  /** About as many columns as rows, as far as the sheet is wide enough. */
  private int columns(int scale) {
    if (!headings.isEmpty()) {
      return headings.size();
    }
    int square = (int) Math.ceil(Math.sqrt((double) images.length * height / width));
    int fit = Math.max(1, (WIDEST - GAP) / (width * scale + GAP));
    return Math.max(1, Math.min(Math.min(square, fit), images.length));
  }

  private void draw(float[] image, BufferedImage sheet, int left, int top, int scale) {
    for (int y = 0; y < height * scale; y++) {
      for (int x = 0; x < width * scale; x++) {
        sheet.setRGB(left + x, top + y, colour(image, y / scale * width + x / scale));
      }
    }
  }

  private int colour(float[] image, int pixel) {
    int area = height * width;
    int red = level(image[pixel]);
    int green = channels == 1 ? red : level(image[pixel + area]);
    int blue = channels == 1 ? red : level(image[pixel + 2 * area]);
    return red << 16 | green << 8 | blue;
  }

  private int level(double value) {
    return (int) Math.round(255 * Math.max(0, Math.min(1, (value - black) / (white - black))));
  }

  private void drawTitle(BufferedImage sheet) {
    if (!title.isEmpty()) {
      Graphics2D g = Ink.pen(sheet);
      g.setFont(Ink.HEADING);
      g.drawString(title, GAP + 4, TITLE - 15);
      g.dispose();
    }
  }

  private void drawHeadings(BufferedImage sheet, int cellWidth) {
    Graphics2D g = Ink.pen(sheet);
    g.setFont(Ink.LABEL);
    for (int i = 0; i < headings.size(); i++) {
      g.drawString(headings.get(i), GAP + 4 + i * cellWidth, TITLE - 15);
    }
    g.dispose();
  }
}
