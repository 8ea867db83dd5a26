package org.dpm.report;

/** A table of numbers from -1 to 1 as inline SVG: the larger, the stronger the ink. */
final class HeatMap {

  private HeatMap() {}

  /**
   * Draws it.
   *
   * @param description for those who cannot see it
   * @param ink CSS class of what is positive; what is negative is grey
   * @param square whether cells are as high as wide, or fill a frame
   */
  static String svg(String description, String ink, double[][] values, boolean square) {
    int columns = values[0].length;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"heat%s\" viewBox=\"0 0 %d %d\" %s role=\"img\" aria-label=\"%s\" shape-rendering=\"crispEdges\">"
            .formatted(
                square ? " square" : "",
                columns,
                values.length,
                square ? "" : "preserveAspectRatio=\"none\" height=\"300\"",
                Markup.text(description)));
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < columns; j++) {
        // Hundredths, which is finer than the eye.
        long strength = Math.round(100 * Math.min(1, Math.abs(values[i][j])));
        if (strength > 0) {
          svg.append(
              "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"1\" height=\"1\"%s/>"
                  .formatted(
                      values[i][j] > 0 ? ink : "below",
                      j,
                      i,
                      strength == 100 ? "" : " opacity=\"." + "%02d".formatted(strength) + "\""));
        }
      }
    }
    return svg.append("</svg>").toString();
  }
}
