package org.dpm.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.dpm.report.picture.Range;

/**
 * A chart as inline SVG, which takes its colours from the page and so follows it into the dark. Its
 * inks are CSS classes: data, model, truth, null, and r1, r2, ... for one of several runs.
 */
final class Chart {

  private static final int LEFT = 64;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 48;

  /** Below this length an axis would have ticks that look the same. */
  private static final double SHORTEST = 1e-5;

  private enum Kind {
    LINE,
    DOTS,
    BAND,
    CLOUD,
    REFERENCE
  }

  /** What is drawn; {@code other} is the upper edge of a band. */
  @SuppressWarnings("ArrayRecordComponent") // drawn once, never compared
  private record Mark(Kind kind, String ink, String name, double[] x, double[] y, double[] other) {}

  private final String description;
  private final String across;
  private final String up;
  private final List<Mark> marks = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private int width = 480;
  private int height = 300;
  private boolean logarithmic;
  private Range horizontal = new Range(0, 1);
  private Range vertical = new Range(0, 1);

  /**
   * @param description for those who cannot see it: what it shows
   * @param across name of the horizontal axis
   * @param up name of the vertical axis
   */
  Chart(String description, String across, String up) {
    this.description = description;
    this.across = across;
    this.up = up;
  }

  /** As high as wide, for axes of one kind. */
  Chart square() {
    width = 420;
    height = 420 - LEFT - RIGHT + TOP + BOTTOM;
    return this;
  }

  /** A low one, to stand among others like it. */
  Chart small() {
    width = 300;
    height = 170;
    return this;
  }

  /** Powers of ten on the vertical axis; what is not positive is left out. */
  Chart logarithmic() {
    logarithmic = true;
    return this;
  }

  Chart line(String ink, String name, double[] x, double[] y) {
    return add(Kind.LINE, ink, name, x, y, y);
  }

  /** A line with a dot at every point. */
  Chart dots(String ink, String name, double[] x, double[] y) {
    return add(Kind.DOTS, ink, name, x, y, y);
  }

  Chart band(String ink, String name, double[] x, double[] low, double[] high) {
    return add(Kind.BAND, ink, name, x, low, high);
  }

  /** Points that no line joins. */
  Chart cloud(String ink, double[] x, double[] y) {
    return add(Kind.CLOUD, ink, "", x, y, y);
  }

  /** A level to compare with. */
  Chart reference(String ink, String name, double level) {
    double[] y = {level};
    return add(Kind.REFERENCE, ink, name, new double[0], y, y);
  }

  /** What is to be said in words below. */
  Chart remark(String remark) {
    remarks.add(remark);
    return this;
  }

  private Chart add(Kind kind, String ink, String name, double[] x, double[] low, double[] high) {
    marks.add(new Mark(kind, ink, name, x, scaled(low), scaled(high)));
    return this;
  }

  private double[] scaled(double[] y) {
    return logarithmic
        ? Arrays.stream(y).map(v -> v > 0 ? Math.log10(v) : Double.NaN).toArray()
        : y;
  }

  /** All that is drawn fits, with a little air above and below. */
  Chart fit() {
    horizontal = Range.of(marks.stream().flatMapToDouble(m -> Arrays.stream(m.x())));
    Range tight =
        Range.of(
            marks.stream()
                .flatMapToDouble(
                    m -> DoubleStream.concat(Arrays.stream(m.y()), Arrays.stream(m.other()))));
    vertical = tight.ofLength(Math.max(tight.length() * 1.1, SHORTEST));
    return this;
  }

  /** Shows these intervals, whatever is drawn. */
  Chart within(Range across, Range upwards) {
    horizontal = across;
    vertical = upwards;
    return this;
  }

  /** The chart and its legend. */
  String html() {
    return svg() + legend();
  }

  private String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(width, height, Markup.text(description)));
    axes(svg);
    String clip = "clip-path=\"inset(0)\"";
    svg.append(
        "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" %s>"
            .formatted(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM, clip));
    marks.forEach(mark -> draw(svg, mark));
    return svg.append("</svg></svg>").toString();
  }

  private double x(double value) {
    return (value - horizontal.low()) / horizontal.length() * (width - LEFT - RIGHT);
  }

  private double y(double value) {
    return (vertical.high() - value) / vertical.length() * (height - TOP - BOTTOM);
  }

  private void axes(StringBuilder svg) {
    int base = height - BOTTOM;
    for (double tick : vertical.ticks(height < 200 ? 2 : 5)) {
      if (!logarithmic || tick == Math.rint(tick)) {
        String at = Markup.at(TOP + y(tick));
        svg.append("<path class=\"grid\" d=\"M%d %sH%d\"/>".formatted(LEFT, at, width - RIGHT));
        svg.append(
            "<text class=\"end\" x=\"%d\" y=\"%s\" dy=\".35em\">%s</text>"
                .formatted(LEFT - 7, at, logarithmic ? power(tick) : Markup.tick(tick)));
      }
    }
    for (double tick : horizontal.ticks(width < 400 ? 3 : 5)) {
      String at = Markup.at(LEFT + x(tick));
      svg.append("<path class=\"grid\" d=\"M%s %dV%d\"/>".formatted(at, TOP, base));
      svg.append(
          "<text class=\"middle\" x=\"%s\" y=\"%d\">%s</text>"
              .formatted(at, base + 17, Markup.tick(tick)));
    }
    svg.append(
        "<text class=\"middle name\" x=\"%d\" y=\"%d\">%s</text>"
            .formatted((width + LEFT - RIGHT) / 2, height - 8, Markup.text(across)));
    svg.append(
        "<text class=\"middle name\" transform=\"translate(14 %d) rotate(-90)\">%s</text>"
            .formatted((TOP + base) / 2, Markup.text(up)));
  }

  private static String power(double exponent) {
    return "10<tspan dy=\"-.4em\" class=\"power\">%s</tspan>".formatted(Markup.tick(exponent));
  }

  private void draw(StringBuilder svg, Mark mark) {
    String shape =
        switch (mark.kind()) {
          case LINE, DOTS -> "class=\"line %s\" d=\"%s\"".formatted(mark.ink(), path(mark));
          case BAND -> "class=\"band %s\" d=\"%s\"".formatted(mark.ink(), area(mark));
          case CLOUD -> "class=\"cloud %s\" d=\"%s\"".formatted(mark.ink(), dots(mark));
          case REFERENCE ->
              "class=\"reference %s\" d=\"M0 %sH%d\""
                  .formatted(mark.ink(), Markup.at(y(mark.y()[0])), width);
        };
    svg.append("<path ").append(shape).append("/>");
    if (mark.kind() == Kind.DOTS) {
      svg.append("<path class=\"dot %s\" d=\"%s\"/>".formatted(mark.ink(), dots(mark)));
    }
  }

  /** A line that is broken where there is no value. */
  private String path(Mark mark) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < mark.x().length; i++) {
      boolean known = Double.isFinite(mark.y()[i]);
      if (known) {
        path.append(pen ? 'L' : 'M').append(point(mark.x()[i], mark.y()[i]));
      }
      pen = known;
    }
    return path.toString();
  }

  private String area(Mark mark) {
    List<String> there = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (int i = 0; i < mark.x().length; i++) {
      if (Double.isFinite(mark.y()[i]) && Double.isFinite(mark.other()[i])) {
        there.add(point(mark.x()[i], mark.y()[i]));
        back.add(0, point(mark.x()[i], mark.other()[i]));
      }
    }
    there.addAll(back);
    return there.isEmpty() ? "" : "M" + String.join("L", there) + "Z";
  }

  /** Lines of no length with round ends. */
  private String dots(Mark mark) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < mark.x().length; i++) {
      if (Double.isFinite(mark.y()[i])) {
        path.append('M').append(point(mark.x()[i], mark.y()[i])).append("h0");
      }
    }
    return path.toString();
  }

  private String point(double x, double y) {
    return Markup.at(x(x)) + " " + Markup.at(y(y));
  }

  private String legend() {
    String entries =
        marks.stream()
            .filter(mark -> !mark.name().isEmpty())
            .map(
                mark ->
                    "<li><i class=\"%s %s\"></i>%s</li>"
                        .formatted(
                            mark.kind().name().toLowerCase(Locale.ROOT),
                            mark.ink(),
                            Markup.text(mark.name())))
            .collect(Collectors.joining());
    String words =
        remarks.stream().map(r -> "<li>" + Markup.text(r) + "</li>").collect(Collectors.joining());
    return entries.isEmpty() && words.isEmpty()
        ? ""
        : "<ul class=\"legend\">" + entries + words + "</ul>";
  }
}
