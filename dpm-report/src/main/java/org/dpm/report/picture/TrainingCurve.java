package org.dpm.report.picture;

import java.awt.BasicStroke;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The bound K against the number of updates: on held-out data with a band of one standard error, on
 * the training batches smoothed, and lines to compare with.
 */
public final class TrainingCurve {

  /**
   * K on held-out data.
   *
   * @param update how many updates had been made
   * @param bits K, in the unit of the axis
   * @param standardError of K, in the same unit
   */
  public record HeldOut(long update, double bits, double standardError) {}

  /**
   * K on a training batch, as noisy as it is.
   *
   * @param update how many updates had been made
   * @param bits K, in the unit of the axis
   */
  public record Batch(long update, double bits) {}

  /** A line to compare with, such as what the truth or an untrained model would reach. */
  public record Reference(String name, double bits) {}

  private static final int WIDTH = 1200;
  private static final int HEIGHT = 720;
  private static final double SMOOTHING = 0.02;

  /** In lengths of the curve: what is farther away is told in words. */
  private static final double FAR = 5;

  /** Told apart without colour, too. */
  private static final BasicStroke[] DASHES = {dashes(10, 5), dashes(2, 4), dashes(14, 4, 2, 4)};

  private final String title;
  private final String unit;
  private final List<HeldOut> heldOut;
  private final List<Batch> training;
  private final List<Reference> references;

  /**
   * @param title what was trained, such as the pipeline's name
   * @param unit what K is measured in, such as {@code bits per example}
   * @param heldOut in the order of the updates, at least one
   * @param training in the order of the updates; empty where the objective is no bound
   */
  public TrainingCurve(
      String title,
      String unit,
      List<HeldOut> heldOut,
      List<Batch> training,
      List<Reference> references) {
    if (heldOut.isEmpty()) {
      throw new IllegalArgumentException("heldOut must have at least 1 point, but has 0");
    }
    this.title = title;
    this.unit = unit;
    this.heldOut = List.copyOf(heldOut);
    this.training = List.copyOf(training);
    this.references = List.copyOf(references);
  }

  /** Writes the curve as a PNG file, whole or not at all. */
  public void write(Path file) throws IOException {
    Ink.write(draw(), file);
  }

  BufferedImage draw() {
    XYChart chart = LineChart.of(title, "updates", "K, " + unit, WIDTH, HEIGHT);
    Range bits = visible();
    double end = lastUpdate();
    chart.getStyler().setYAxisMin(bits.low()).setYAxisMax(bits.high());
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.02 * end);
    addTraining(chart);
    addBand(chart);
    addHeldOut(chart);
    for (int i = 0; i < references.size(); i++) {
      Reference reference = references.get(i);
      if (reference.bits() >= bits.low() && reference.bits() <= bits.high()) {
        addReference(chart, i, end);
      } else {
        String where = reference.bits() < bits.low() ? "below" : "above";
        chart.setXAxisTitle(
            chart.getXAxisTitle() + "     (%s: %s)".formatted(told(reference), where));
      }
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private double lastUpdate() {
    long heldOutEnd = heldOut.get(heldOut.size() - 1).update();
    long trainingEnd = training.isEmpty() ? 0 : training.get(training.size() - 1).update();
    return Math.max(1, Math.max(heldOutEnd, trainingEnd));
  }

  /**
   * The bits that are shown: everything that is compared, but of the steep beginning, which would
   * flatten all the rest, only what follows the first tenth of the training; and no reference that
   * is so far away that the curve would be a straight line beside it.
   */
  private Range visible() {
    double from = lastUpdate() / 10;
    double[] curve =
        heldOut.stream()
            .filter(point -> point.update() >= from || heldOut.size() == 1)
            .flatMapToDouble(
                point ->
                    DoubleStream.of(
                        point.bits() - point.standardError(), point.bits() + point.standardError()))
            .toArray();
    Range range = Range.of(DoubleStream.of(curve));
    double farthest = FAR * range.length();
    double[] near =
        references.stream()
            .mapToDouble(Reference::bits)
            .filter(b -> Math.max(b, range.high()) - Math.min(b, range.low()) <= farthest)
            .toArray();
    Range all = Range.of(DoubleStream.concat(DoubleStream.of(curve), DoubleStream.of(near)));
    return all.ofLength(all.length() * 1.14);
  }

  private void addTraining(XYChart chart) {
    if (!training.isEmpty()) {
      XYSeries series =
          chart.addSeries(
              "training batches, smoothed",
              training.stream().mapToDouble(Batch::update).toArray(),
              smooth(training.stream().mapToDouble(Batch::bits).toArray()));
      series.setLineColor(Ink.translucent(Ink.QUIET, 0.55));
      series.setLineStyle(new BasicStroke(1.4f));
      series.setMarker(SeriesMarkers.NONE);
    }
  }

  /** The average over a fiftieth of the training, half before and half after. */
  private static double[] smooth(double[] values) {
    int reach = (int) Math.round(SMOOTHING / 2 * values.length);
    return IntStream.range(0, values.length)
        .mapToDouble(
            i ->
                Arrays.stream(
                        values, Math.max(0, i - reach), Math.min(values.length, i + reach + 1))
                    .filter(Double::isFinite)
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }

  /** A polygon: along the upper edge and back along the lower one. */
  private void addBand(XYChart chart) {
    List<HeldOut> back = new ArrayList<>(heldOut);
    Collections.reverse(back);
    XYSeries band =
        chart.addSeries(
            "band",
            Stream.concat(heldOut.stream(), back.stream()).mapToDouble(HeldOut::update).toArray(),
            DoubleStream.concat(
                    heldOut.stream().mapToDouble(point -> point.bits() + point.standardError()),
                    back.stream().mapToDouble(point -> point.bits() - point.standardError()))
                .toArray());
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(Ink.translucent(Ink.MODEL, 0.22));
    band.setLineColor(Ink.translucent(Ink.MODEL, 0));
    band.setMarker(SeriesMarkers.NONE);
    band.setShowInLegend(false);
  }

  private void addHeldOut(XYChart chart) {
    XYSeries series =
        chart.addSeries(
            "held-out data ± one standard error",
            heldOut.stream().mapToDouble(HeldOut::update).toArray(),
            heldOut.stream().mapToDouble(HeldOut::bits).toArray());
    series.setLineColor(Ink.MODEL);
    series.setLineStyle(new BasicStroke(2.4f));
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(Ink.MODEL);
  }

  private void addReference(XYChart chart, int index, double end) {
    Reference reference = references.get(index);
    XYSeries series =
        chart.addSeries(
            told(reference),
            new double[] {0, 1.02 * end},
            new double[] {reference.bits(), reference.bits()});
    series.setLineColor(Ink.REFERENCE[index % Ink.REFERENCE.length]);
    series.setLineStyle(DASHES[index % DASHES.length]);
    series.setMarker(SeriesMarkers.NONE);
  }

  private static String told(Reference reference) {
    return String.format(Locale.ROOT, "%s: %.3f", reference.name(), reference.bits());
  }

  private static BasicStroke dashes(float... pattern) {
    return new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, pattern, 0);
  }
}
