package org.dpm.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How fast the data dissolve: beta_t, what each step destroys, on a logarithmic axis, and below it
 * the logarithm of the signal-to-noise ratio.
 */
public final class ScheduleCurve {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 440;

  /** Beyond so many steps, dots would run into a thick line. */
  private static final int MOST_DOTS = 100;

  private final String title;
  private final double[] beta;
  private final double[] logSnr;

  /**
   * @param title whose schedule, such as the pipeline's name
   * @param beta beta_t for t = 1..T, at least two
   * @param logSnr log(abar_t / (1 - abar_t)) for t = 1..T, in nats; may end in minus infinity,
   *     which is left out
   */
  public ScheduleCurve(String title, double[] beta, double[] logSnr) {
    if (beta.length < 2) {
      throw new IllegalArgumentException("beta must have at least 2 steps, but has " + beta.length);
    }
    if (logSnr.length != beta.length) {
      throw new IllegalArgumentException(
          "logSnr must be as many as beta, %d, but are %d".formatted(beta.length, logSnr.length));
    }
    this.title = title;
    this.beta = beta.clone();
    this.logSnr = logSnr.clone();
  }

  /** Writes the curves as a PNG file, whole or not at all. */
  public void write(Path file) throws IOException {
    Ink.write(draw(), file);
  }

  BufferedImage draw() {
    XYChart upper = chart(title, "β (t), destroyed by step t");
    upper.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(true);
    double least = Arrays.stream(beta).filter(b -> b > 0).min().orElse(1e-6);
    upper.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least)))).setYAxisMax(1.3);
    add(upper, beta, Ink.DATA, 0);

    XYChart lower = chart("", "log signal-to-noise ratio, nats");
    Range nats = Range.of(Arrays.stream(logSnr));
    Range padded = nats.ofLength(nats.length() * 1.08);
    lower.getStyler().setYAxisMin(padded.low()).setYAxisMax(padded.high());
    add(lower, logSnr, Ink.MODEL, Double.NEGATIVE_INFINITY);
    return stacked(upper, lower);
  }

  private XYChart chart(String name, String up) {
    XYChart chart = LineChart.of(name, "step t, of T = " + beta.length, up, WIDTH, HEIGHT);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleVisible(!name.isEmpty());
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.02 * beta.length);
    // Both plots then stand flush, whatever their numbers are.
    chart.getStyler().setYAxisLeftWidthHint(120);
    return chart;
  }

  /** The values above {@code floor}, which the axis can show. */
  private void add(XYChart chart, double[] values, Color color, double floor) {
    int[] shown = IntStream.range(0, values.length).filter(i -> values[i] > floor).toArray();
    XYSeries series =
        chart.addSeries(
            "value",
            IntStream.of(shown).mapToDouble(i -> i + 1).toArray(),
            IntStream.of(shown).mapToDouble(i -> values[i]).toArray());
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(2.2f));
    series.setMarker(values.length <= MOST_DOTS ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setMarkerColor(color);
  }

  private static BufferedImage stacked(XYChart upper, XYChart lower) {
    BufferedImage sheet = Ink.sheet(WIDTH, 2 * HEIGHT);
    Graphics2D g = Ink.pen(sheet);
    g.drawImage(BitmapEncoder.getBufferedImage(upper), 0, 0, null);
    g.drawImage(BitmapEncoder.getBufferedImage(lower), 0, HEIGHT, null);
    g.dispose();
    return sheet;
  }
}
