package org.dpm.report.picture;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Points of two coordinates in one frame.
 *
 * @param names of the coordinates
 * @param points [n][2]
 */
@SuppressWarnings("ArrayRecordComponent") // plain arrays as they come; never compared
public record PointCloud(List<String> names, float[][] points) {

  private static final int SIDE = 520;
  private static final int MARGIN = 84;

  /** Writes the picture as a PNG file, whole or not at all. */
  public void write(Path file) throws IOException {
    Ink.write(draw(), file);
  }

  BufferedImage draw() {
    List<float[][]> clouds = List.<float[][]>of(points);
    Range across = Range.ofMost(clouds, 0);
    Range up = Range.ofMost(clouds, 1);
    double length = 1.08 * Math.max(across.length(), up.length());
    BufferedImage image = Ink.sheet(SIDE + MARGIN + 24, SIDE + MARGIN + 24);
    Graphics2D g = Ink.pen(image);
    PointPanel panel =
        new PointPanel(
            new Rectangle(MARGIN, 24, SIDE, SIDE), across.ofLength(length), up.ofLength(length));
    panel.draw(g, points, Ink.MODEL, 1.8);
    panel.axisLeft(g, names.get(1));
    panel.axisBelow(g, names.get(0));
    g.dispose();
    return image;
  }
}
