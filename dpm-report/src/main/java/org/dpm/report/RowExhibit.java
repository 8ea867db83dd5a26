package org.dpm.report;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.dpm.api.Space;
import org.dpm.core.Model;
import org.dpm.report.picture.Range;

/** Examples that are rows of numbers, such as bits and tables. */
final class RowExhibit implements Exhibit {

  private static final int SHOWN = 60;
  private static final int MOVING = 48;
  private static final int FRAMES = 61;

  /** Columns that are shown of longer rows. */
  private static final int WIDEST = 64;

  private static final int HISTOGRAMS = 16;
  private static final int BINS = 24;

  /** Standard deviations that have the full ink. */
  private static final double STRONG = 3;

  private final Model model;
  private final int columns;
  private final double strong;

  RowExhibit(Model model) {
    this.model = model;
    this.columns = (int) Math.min(WIDEST, model.layout().shape().size());
    double largest = Math.max(Math.abs(model.data().minimum()), Math.abs(model.data().maximum()));
    this.strong = model.layout().continuous() ? STRONG : largest > 0 ? largest : 1;
  }

  @Override
  public String beside(float[][] data, float[][] samples) {
    StringBuilder html = new StringBuilder();
    boolean both = data.length > 0;
    if (both) {
      html.append(table("data", "Data, held out", data));
    }
    html.append(table("model", "Samples of the model", samples));
    if (columns > 2 && samples.length > 2) {
      if (data.length > 2) {
        html.append(correlations("data", "Correlations in the data", data));
      }
      html.append(correlations("model", "Correlations in the samples", samples));
    }
    return html.append(twoValued(data, samples) ? rates(data, samples) : histograms(data, samples))
        .toString();
  }

  @Override
  public String samples(float[][] samples) {
    return table("model", "Samples of the model", samples);
  }

  private String table(String ink, String title, float[][] rows) {
    float[][] some = Arrays.copyOf(rows, Math.min(SHOWN, rows.length));
    Arrays.sort(some, Arrays::compare);
    String caption =
        "%s (%d rows in order%s)"
            .formatted(title, some.length, cut() ? ", the first " + columns + " columns" : "");
    return Exhibit.figure(caption, HeatMap.svg(caption, ink, strengths(scaled(some)), false));
  }

  private boolean cut() {
    return model.layout().shape().size() > columns;
  }

  /** Cells in the kernel's units; of a category its share of the way through its labels. */
  private float[][] scaled(float[][] rows) {
    return Stream.of(rows)
        .map(
            row -> {
              float[] scaled = new float[row.length];
              for (int j = 0; j < row.length; j++) {
                scaled[j] =
                    model.layout().space(j) instanceof Space.Category category
                        ? row[j] / (category.labels().size() - 1)
                        : (float) model.layout().toModel(j, row[j]);
              }
              return scaled;
            })
        .toArray(float[][]::new);
  }

  private float[][] shown(NDArray x) {
    return scaled(Trajectory.rows(model.layout().toData(x), x));
  }

  private double[][] strengths(float[][] rows) {
    return Stream.of(rows)
        .map(row -> IntStream.range(0, columns).mapToDouble(j -> row[j] / strong).toArray())
        .toArray(double[][]::new);
  }

  private String correlations(String ink, String title, float[][] rows) {
    double[][] values =
        Stream.of(rows)
            .map(row -> IntStream.range(0, columns).mapToDouble(j -> row[j]).toArray())
            .toArray(double[][]::new);
    double[][] matrix = new PearsonsCorrelation(values).getCorrelationMatrix().getData();
    String caption = title + " (grey is negative)";
    return Exhibit.figure(caption, HeatMap.svg(caption, ink, matrix, true));
  }

  private static boolean twoValued(float[][] data, float[][] samples) {
    return Stream.of(data, samples)
            .flatMap(Arrays::stream)
            .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
            .distinct()
            .limit(3)
            .count()
        <= 2;
  }

  /** The mean of every column, which is all that two values have. */
  private String rates(float[][] data, float[][] samples) {
    double[] place = IntStream.rangeClosed(1, columns).asDoubleStream().toArray();
    Chart chart = new Chart("Mean of every element, data and samples", "element", "mean");
    double highest = 0;
    for (float[][] rows : List.of(data, samples)) {
      if (rows.length > 0) {
        boolean isData = rows == data;
        double[] means = means(rows);
        highest = Math.max(highest, Arrays.stream(means).max().orElse(1));
        chart.dots(isData ? "data" : "model", isData ? "data" : "samples", place, means);
      }
    }
    chart.within(new Range(0, columns + 1), new Range(0, 1.2 * Math.max(highest, 1e-3)));
    return Exhibit.figure("How often each element is on", chart.html());
  }

  private double[] means(float[][] rows) {
    return IntStream.range(0, columns)
        .mapToDouble(j -> Stream.of(rows).mapToDouble(row -> row[j]).average().orElse(0))
        .toArray();
  }

  private String histograms(float[][] data, float[][] samples) {
    int shown = Math.min(HISTOGRAMS, columns);
    StringBuilder html = new StringBuilder("<div class=\"small wide\">");
    for (int j = 0; j < shown; j++) {
      html.append(histogram(j, data, samples));
    }
    html.append("</div>");
    if (shown < columns) {
      html.append(
          "<p class=\"note wide\">The first %d of %d columns.</p>".formatted(shown, columns));
    }
    return html.toString();
  }

  private String histogram(int column, float[][] data, float[][] samples) {
    String name = model.layout().names().get(column);
    List<float[][]> both = data.length == 0 ? List.<float[][]>of(samples) : List.of(data, samples);
    Range range = Range.ofMost(both, column);
    Chart chart =
        new Chart("How " + name + " is spread, in data and samples", name, "share").small();
    double[] edges = new double[2 * BINS];
    for (int b = 0; b < BINS; b++) {
      edges[2 * b] = range.low() + range.length() * b / BINS;
      edges[2 * b + 1] = range.low() + range.length() * (b + 1) / BINS;
    }
    double highest = 0;
    if (data.length > 0) {
      double[] shares = shares(data, column, range);
      highest = Arrays.stream(shares).max().orElse(0);
      chart.band("data", "data", edges, new double[edges.length], shares);
    }
    double[] shares = shares(samples, column, range);
    highest = Math.max(highest, Arrays.stream(shares).max().orElse(0));
    chart.line("model", "samples", edges, shares);
    chart.within(range, new Range(0, 1.1 * Math.max(highest, 1e-3)));
    return Exhibit.figure(name, chart.html());
  }

  /** The share of the rows in each bin, twice, for its two edges. */
  private static double[] shares(float[][] rows, int column, Range range) {
    double[] shares = new double[2 * BINS];
    for (float[] row : rows) {
      int bin = (int) ((row[column] - range.low()) / range.length() * BINS);
      if (range.contains(row[column])) {
        int within = Math.min(bin, BINS - 1);
        shares[2 * within] += 1.0 / rows.length;
        shares[2 * within + 1] += 1.0 / rows.length;
      }
    }
    return shares;
  }

  @Override
  public Trajectory trajectory(float[][] data, Trajectory.Draw draw) {
    return Trajectory.of(model, data, draw, MOVING, FRAMES, this::shown);
  }

  @Override
  public Map<String, Object> film(Trajectory trajectory) {
    return Map.of(
        "view",
        "rows",
        "columns",
        columns,
        "rows",
        trajectory.reverse().get(0).length,
        "forward",
        packed(trajectory.forward()),
        "reverse",
        packed(trajectory.reverse()));
  }

  /** A signed byte for each element, the rows in the order of what they are without noise. */
  private String packed(List<float[][]> frames) {
    if (frames.isEmpty()) {
      return "";
    }
    float[][] clean = frames.get(0);
    List<Integer> order = new ArrayList<>(IntStream.range(0, clean.length).boxed().toList());
    order.sort(Comparator.comparing(i -> clean[i], Arrays::compare));
    byte[] bytes = new byte[frames.size() * clean.length * columns];
    int next = 0;
    for (float[][] frame : frames) {
      for (int i : order) {
        for (int j = 0; j < columns; j++) {
          double strength = Math.max(-1, Math.min(1, frame[i][j] / strong));
          bytes[next++] = (byte) Math.round(127 * strength);
        }
      }
    }
    return Base64.getEncoder().encodeToString(bytes);
  }
}
