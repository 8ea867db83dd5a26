package org.dpm.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.dpm.report.picture.Range;

/** Where K stands between the noise alone and the truth: a line of bits, a row for each run. */
final class BitsAxis {

  private static final int WIDTH = 480;
  private static final int EDGE = 24;
  private static final int TOP = 46;
  private static final int ROW = 42;

  /** Labels closer than this would run into each other. */
  private static final double CLOSE = 120;

  /** Half a label's width. */
  private static final double NEAR_EDGE = 110;

  /** A run's K with its standard error. */
  private record Row(String ink, String label, double bits, double error) {}

  /** A level to compare with. */
  private record Level(String ink, String label, double bits) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();

  BitsAxis row(String ink, String label, double bits, double error) {
    rows.add(new Row(ink, label, bits, error));
    return this;
  }

  BitsAxis level(String ink, String label, double bits) {
    levels.add(new Level(ink, label, bits));
    return this;
  }

  String svg(String unit) {
    Range tight =
        Range.of(
            Stream.of(
                    rows.stream().map(r -> List.of(r.bits() - r.error(), r.bits() + r.error())),
                    levels.stream().map(l -> List.of(l.bits())))
                .flatMap(s -> s)
                .flatMap(Collection::stream)
                .mapToDouble(Double::doubleValue));
    Range range = tight.ofLength(tight.length() * 1.08);
    int base = TOP + ROW * rows.size();
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart axis\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, base + 44, Markup.text(description(unit))));
    ticks(svg, range, base, unit);
    levels(svg, range, base);
    for (int i = 0; i < rows.size(); i++) {
      row(svg, rows.get(i), range, TOP + ROW * i + 27);
    }
    return svg.append("</svg>").toString();
  }

  private String description(String unit) {
    StringBuilder text = new StringBuilder("In " + unit + ": ");
    rows.forEach(r -> text.append(r.label()).append("; "));
    levels.forEach(l -> text.append(l.label()).append("; "));
    return text.toString();
  }

  private static double x(Range range, double bits) {
    return EDGE + (bits - range.low()) / range.length() * (WIDTH - 2 * EDGE);
  }

  private static void ticks(StringBuilder svg, Range range, int base, String unit) {
    svg.append("<path class=\"rule\" d=\"M%d %dH%d\"/>".formatted(EDGE, base, WIDTH - EDGE));
    for (double tick : range.ticks(6)) {
      String at = Markup.at(x(range, tick));
      svg.append("<path class=\"rule\" d=\"M%s %dv5\"/>".formatted(at, base));
      svg.append(
          "<text class=\"middle\" x=\"%s\" y=\"%d\">%s</text>"
              .formatted(at, base + 20, Markup.tick(tick)));
    }
    svg.append(
        "<text class=\"middle name\" x=\"%d\" y=\"%d\">%s</text>"
            .formatted(WIDTH / 2, base + 38, unit));
  }

  private void levels(StringBuilder svg, Range range, int base) {
    double before = Double.NEGATIVE_INFINITY;
    int height = 0;
    for (Level level :
        levels.stream().sorted((a, b) -> Double.compare(a.bits(), b.bits())).toList()) {
      double at = x(range, level.bits());
      height = at - before < CLOSE ? 1 - height : 0;
      before = at;
      svg.append(
          "<path class=\"reference %s\" d=\"M%s %dV%d\"/>"
              .formatted(level.ink(), Markup.at(at), height == 0 ? 34 : 18, base));
      label(svg, level.label(), level.ink(), at, height == 0 ? 29 : 13);
    }
  }

  private static void row(StringBuilder svg, Row row, Range range, int y) {
    double low = x(range, row.bits() - row.error());
    double high = x(range, row.bits() + row.error());
    double at = x(range, row.bits());
    svg.append(
        "<path class=\"error %s\" d=\"M%s %dH%sM%s %dv10M%s %dv10\"/>"
            .formatted(
                row.ink(),
                Markup.at(low),
                y,
                Markup.at(high),
                Markup.at(low),
                y - 5,
                Markup.at(high),
                y - 5));
    svg.append(
        "<circle class=\"mark %s\" cx=\"%s\" cy=\"%d\" r=\"6\"/>"
            .formatted(row.ink(), Markup.at(at), y));
    svg.append(
        "<text class=\"%s strong halo\" x=\"%s\" y=\"%d\">%s</text>"
            .formatted(anchor(at), Markup.at(at), y - 12, Markup.text(row.label())));
  }

  private static void label(StringBuilder svg, String text, String ink, double at, int y) {
    svg.append(
        "<text class=\"%s ink %s\" x=\"%s\" y=\"%d\">%s</text>"
            .formatted(anchor(at), ink, Markup.at(at), y, Markup.text(text)));
  }

  /** Text about a place, but within the frame. */
  private static String anchor(double at) {
    return at < NEAR_EDGE ? "" : at > WIDTH - NEAR_EDGE ? "end" : "middle";
  }

  /** Whether there is anything to compare. */
  boolean isEmpty() {
    return rows.isEmpty()
        || DoubleStream.concat(
                    rows.stream().mapToDouble(Row::bits), levels.stream().mapToDouble(Level::bits))
                .distinct()
                .count()
            < 2;
  }
}
