package org.dpm.report.picture;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a model of two-dimensional data has learned, on one page: the data beside samples of the
 * model, and below them the diffusion that destroys the data and the one that restores them.
 */
public final class TwoDimensionalPicture {

  /**
   * Both diffusions at one step.
   *
   * @param step t of 0..T
   * @param forward data after t steps of q, [n][2]
   * @param reverse samples on their way, x_t of p, [n][2]
   */
  @SuppressWarnings("ArrayRecordComponent") // plain arrays as they come; moments are never compared
  public record Moment(int step, float[][] forward, float[][] reverse) {}

  private static final int WIDTH = 1400;
  private static final int LEFT = 84;
  private static final int RIGHT = 24;
  private static final int LARGE = 520;
  private static final int GAP = 14;
  private static final double MARGIN = 1.08;

  private final String title;
  private final List<String> names;
  private final float[][] data;
  private final float[][] samples;
  private final List<Moment> trajectory;

  /**
   * @param title what the picture shows, such as the pipeline's name
   * @param names of the two coordinates, with their units if they have any
   * @param data held-out examples, [n][2]
   * @param samples of the model in the same units, [n][2]
   * @param trajectory both diffusions at a few steps, the earliest first, as the kernel sees data;
   *     at least two
   */
  public TwoDimensionalPicture(
      String title,
      List<String> names,
      float[][] data,
      float[][] samples,
      List<Moment> trajectory) {
    if (names.size() != 2) {
      throw new IllegalArgumentException("names must be 2, but are " + names.size());
    }
    if (trajectory.size() < 2) {
      throw new IllegalArgumentException(
          "trajectory must have at least 2 moments, but has " + trajectory.size());
    }
    Stream.concat(
            Stream.of(data, samples),
            trajectory.stream().flatMap(m -> Stream.of(m.forward(), m.reverse())))
        .forEach(TwoDimensionalPicture::requirePairs);
    this.title = title;
    this.names = List.copyOf(names);
    this.data = data;
    this.samples = samples;
    this.trajectory = List.copyOf(trajectory);
  }

  private static void requirePairs(float[][] points) {
    for (float[] point : points) {
      if (point.length != 2) {
        throw new IllegalArgumentException(
            "points must have 2 coordinates, but one has " + point.length);
      }
    }
  }

  /** Writes the picture as a PNG file, whole or not at all. */
  public void write(Path file) throws IOException {
    Ink.write(draw(), file);
  }

  BufferedImage draw() {
    int small = smallSide();
    int top = 96;
    int rows = top + LARGE + 122;
    BufferedImage image = Ink.sheet(WIDTH, rows + 2 * small + GAP + 44);
    Graphics2D g = Ink.pen(image);
    g.setFont(Ink.TITLE);
    g.drawString(title, LEFT, 38);
    drawPair(g, top);
    drawTrajectory(g, rows, small);
    g.dispose();
    return image;
  }

  private int smallSide() {
    int columns = trajectory.size();
    return Math.min(LARGE / 2, (WIDTH - LEFT - RIGHT - GAP * (columns - 1)) / columns);
  }

  /** Data and samples side by side, on the same axes. */
  private void drawPair(Graphics2D g, int top) {
    List<float[][]> clouds = List.of(data, samples);
    Range[] axes = square(clouds);
    int second = WIDTH - RIGHT - LARGE - (WIDTH - LEFT - RIGHT - 2 * LARGE) / 3;
    int first = LEFT + (WIDTH - LEFT - RIGHT - 2 * LARGE) / 3;
    PointPanel left = new PointPanel(new Rectangle(first, top, LARGE, LARGE), axes[0], axes[1]);
    PointPanel right = new PointPanel(new Rectangle(second, top, LARGE, LARGE), axes[0], axes[1]);
    left.draw(g, data, Ink.DATA, 1.8);
    right.draw(g, samples, Ink.MODEL, 1.8);
    left.axisLeft(g, names.get(1));
    left.axisBelow(g, names.get(0));
    right.axisBelow(g, names.get(0));
    heading(
        g, String.format(Locale.ROOT, "Data, held out (%,d points)", data.length), first, top - 10);
    heading(
        g,
        String.format(Locale.ROOT, "Samples of the model (%,d points)", samples.length),
        second,
        top - 10);
  }

  /** A row for q and a row for p, a column for each moment. */
  private void drawTrajectory(Graphics2D g, int top, int side) {
    Range[] axes =
        square(trajectory.stream().flatMap(m -> Stream.of(m.forward(), m.reverse())).toList());
    int last = trajectory.get(trajectory.size() - 1).step();
    for (int column = 0; column < trajectory.size(); column++) {
      Moment moment = trajectory.get(column);
      int x = LEFT + column * (side + GAP);
      int below = top + side + GAP;
      new PointPanel(new Rectangle(x, top, side, side), axes[0], axes[1])
          .draw(g, moment.forward(), Ink.DATA, 1.2);
      new PointPanel(new Rectangle(x, below, side, side), axes[0], axes[1])
          .draw(g, moment.reverse(), Ink.MODEL, 1.2);
      String name = moment.step() == last ? "t = T = " + last : "t = " + moment.step();
      heading(g, name, x, top - 10);
    }
    String scale =
        String.format(
            Locale.ROOT,
            "As the kernel sees the data; all frames of these two rows span the same %.1f units.",
            axes[0].length());
    g.setFont(Ink.LABEL);
    g.setColor(Ink.QUIET);
    g.drawString(scale, LEFT, top + 2 * side + GAP + 24);
    rowName(g, "q destroys  →", top, side);
    rowName(g, "←  p restores", top + side + GAP, side);
  }

  private static void heading(Graphics2D g, String text, int x, int y) {
    g.setFont(Ink.HEADING);
    g.setColor(Ink.TEXT);
    g.drawString(text, x, y);
  }

  private static void rowName(Graphics2D g, String text, int top, int side) {
    Graphics2D turned = (Graphics2D) g.create();
    turned.setFont(Ink.HEADING);
    turned.setColor(Ink.TEXT);
    turned.translate(LEFT - 16, top + side / 2);
    turned.rotate(-Math.PI / 2);
    turned.drawString(text, -turned.getFontMetrics().stringWidth(text) / 2, 0);
    turned.dispose();
  }

  /** Ranges of both coordinates, equally long, that hold all but the outermost points. */
  private static Range[] square(List<float[][]> clouds) {
    Range across = Range.ofMost(clouds, 0);
    Range up = Range.ofMost(clouds, 1);
    double length = MARGIN * Math.max(across.length(), up.length());
    return new Range[] {across.ofLength(length), up.ofLength(length)};
  }
}
