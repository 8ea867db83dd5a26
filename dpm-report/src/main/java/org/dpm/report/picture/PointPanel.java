package org.dpm.report.picture;

import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.Locale;

/**
 * A cloud of points in a square frame, with the same scale on both axes.
 *
 * @param frame where on the sheet
 * @param across range of the first coordinate
 * @param up range of the second coordinate, as long as the first
 */
record PointPanel(Rectangle frame, Range across, Range up) {

  private static final int TICKS = 5;

  /** Draws frame, points, and in a corner how many of them lie outside. */
  void draw(Graphics2D g, float[][] points, Color color, double radius) {
    g.setColor(Ink.translucent(color, opacity(points.length, radius)));
    Shape clip = g.getClip();
    g.clip(frame);
    for (float[] point : points) {
      double x = toX(point[0]);
      double y = toY(point[1]);
      g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }
    g.setClip(clip);
    g.setColor(Ink.RULE);
    g.setStroke(Ink.HAIRLINE);
    g.draw(frame);
    countOutside(g, points);
  }

  /** Enough for a lone point to be seen, and for a crowd to show where it is thickest. */
  private double opacity(int count, double radius) {
    double covered = count * Math.PI * radius * radius / (frame.getWidth() * frame.getHeight());
    return Math.max(0.08, Math.min(0.6, 0.15 / Math.max(covered, 1e-9)));
  }

  private void countOutside(Graphics2D g, float[][] points) {
    long outside =
        Arrays.stream(points).filter(p -> !across.contains(p[0]) || !up.contains(p[1])).count();
    if (outside > 0) {
      g.setColor(Ink.QUIET);
      g.setFont(Ink.LABEL);
      String text = String.format(Locale.ROOT, "%,d outside", outside);
      int width = g.getFontMetrics().stringWidth(text);
      g.drawString(text, frame.x + frame.width - width - 6, frame.y + frame.height - 7);
    }
  }

  /** Numbers and a name below. */
  void axisBelow(Graphics2D g, String name) {
    g.setFont(Ink.LABEL);
    FontMetrics metrics = g.getFontMetrics();
    int base = frame.y + frame.height;
    for (double tick : across.ticks(TICKS)) {
      g.setColor(Ink.RULE);
      g.draw(new Line2D.Double(toX(tick), base, toX(tick), base + 5));
      g.setColor(Ink.TEXT);
      String text = number(tick);
      g.drawString(
          text, (float) toX(tick) - metrics.stringWidth(text) / 2f, base + 6 + metrics.getAscent());
    }
    g.setColor(Ink.TEXT);
    g.drawString(
        name,
        (float) frame.getCenterX() - metrics.stringWidth(name) / 2f,
        base + 10 + 2 * metrics.getAscent() + metrics.getDescent());
  }

  /** Numbers and a name on the left. */
  void axisLeft(Graphics2D g, String name) {
    g.setFont(Ink.LABEL);
    FontMetrics metrics = g.getFontMetrics();
    float widest = 0;
    for (double tick : up.ticks(TICKS)) {
      g.setColor(Ink.RULE);
      g.draw(new Line2D.Double(frame.x - 5, toY(tick), frame.x, toY(tick)));
      g.setColor(Ink.TEXT);
      String text = number(tick);
      float width = metrics.stringWidth(text);
      widest = Math.max(widest, width);
      g.drawString(text, frame.x - 8 - width, (float) toY(tick) + metrics.getAscent() / 2f - 1);
    }
    Graphics2D turned = (Graphics2D) g.create();
    turned.translate(frame.x - 16 - widest, frame.getCenterY());
    turned.rotate(-Math.PI / 2);
    turned.setColor(Ink.TEXT);
    turned.drawString(name, -metrics.stringWidth(name) / 2f, 0);
    turned.dispose();
  }

  private static String number(double tick) {
    String text = String.format(Locale.ROOT, "%.6g", tick);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceFirst("0+$", "").replaceFirst("\\.$", "").replace('-', '−');
  }

  private double toX(double value) {
    return frame.x + (value - across.low()) / across.length() * frame.width;
  }

  private double toY(double value) {
    return frame.y + (up.high() - value) / up.length() * frame.height;
  }
}
