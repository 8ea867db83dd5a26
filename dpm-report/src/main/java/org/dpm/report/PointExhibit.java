package org.dpm.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dpm.core.Model;
import org.dpm.report.picture.Range;

/** Examples of two numbers: clouds of points. */
final class PointExhibit implements Exhibit {

  private static final int SHOWN = 2000;
  private static final int MOVING = 800;
  private static final int FRAMES = 61;

  /** What the script's coordinates go up to. */
  private static final int GRID = 1000;

  private final Model model;
  private final List<String> names;

  PointExhibit(Model model) {
    this.model = model;
    this.names = model.layout().names();
  }

  @Override
  public String beside(float[][] data, float[][] samples) {
    float[][] some = Arrays.copyOf(data, Math.min(SHOWN, data.length));
    float[][] drawn = Arrays.copyOf(samples, Math.min(SHOWN, samples.length));
    List<float[][]> both = List.of(some.length > 0 ? some : drawn, drawn);
    Range across = square(both, 0, 1);
    Range up = square(both, 1, 0);
    String left = some.length == 0 ? "" : panel("data", "Data, held out", some, across, up);
    return left + panel("model", "Samples of the model", drawn, across, up);
  }

  @Override
  public String samples(float[][] samples) {
    return beside(new float[0][], samples);
  }

  /** What one coordinate spans, and the same length where the other spans more. */
  private static Range square(List<float[][]> clouds, int coordinate, int other) {
    Range range = Range.ofMost(clouds, coordinate);
    double length = Math.max(range.length(), Range.ofMost(clouds, other).length());
    return range.ofLength(length * 1.08);
  }

  private String panel(String ink, String title, float[][] points, Range across, Range up) {
    String caption = "%s (%,d points)".formatted(title, points.length);
    Chart chart =
        new Chart(caption, names.get(0), names.get(1))
            .square()
            .within(across, up)
            .cloud(ink, column(points, 0), column(points, 1));
    long outside =
        Stream.of(points).filter(p -> !across.contains(p[0]) || !up.contains(p[1])).count();
    if (outside > 0) {
      chart.remark("%,d outside the frame".formatted(outside));
    }
    return Exhibit.figure(caption, chart.html());
  }

  private static double[] column(float[][] rows, int column) {
    return Stream.of(rows).mapToDouble(row -> row[column]).toArray();
  }

  @Override
  public Trajectory trajectory(float[][] data, Trajectory.Draw draw) {
    return Trajectory.of(model, data, draw, MOVING, FRAMES, Trajectory::rows);
  }

  @Override
  public Map<String, Object> film(Trajectory trajectory) {
    List<float[][]> all =
        Stream.concat(trajectory.forward().stream(), trajectory.reverse().stream()).toList();
    Range across = square(all, 0, 1);
    Range up = square(all, 1, 0);
    return Map.of(
        "view",
        "points",
        "grid",
        GRID,
        "forward",
        packed(trajectory.forward(), across, up),
        "reverse",
        packed(trajectory.reverse(), across, up));
  }

  /** Each coordinate in two bytes, frame after frame, measured from the upper left corner. */
  private static String packed(List<float[][]> frames, Range across, Range up) {
    int points = frames.isEmpty() ? 0 : frames.get(0).length;
    ByteBuffer bytes =
        ByteBuffer.allocate(frames.size() * points * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float[][] frame : frames) {
      for (float[] point : frame) {
        bytes.putShort(place((point[0] - across.low()) / across.length()));
        bytes.putShort(place((up.high() - point[1]) / up.length()));
      }
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** What is far outside stays just outside. */
  private static short place(double fraction) {
    return (short) Math.round(GRID * Math.max(-0.05, Math.min(1.05, fraction)));
  }
}
