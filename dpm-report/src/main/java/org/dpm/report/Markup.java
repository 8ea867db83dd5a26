package org.dpm.report;

import java.util.Locale;

/** Text and numbers as they stand in HTML. */
final class Markup {

  private Markup() {}

  /** Text that may come from anywhere, such as the name of a column. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A coordinate, to a tenth of a unit. */
  static String at(double coordinate) {
    double tenths = Math.rint(coordinate * 10) / 10;
    return tenths == Math.rint(tenths) ? Long.toString((long) tenths) : Double.toString(tenths);
  }

  /** A figure with so many decimals, and a true minus sign, which nothing has. */
  static String number(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
    return text.matches("-[0.]+") ? text.substring(1) : text.replace('-', '−');
  }

  /** The number at a tick, as short as it can be. */
  static String tick(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value);
    if (Math.abs(value) >= 1000) {
      text = String.format(Locale.ROOT, "%,.0f", value);
    } else {
      text = text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
    }
    return text.equals("-0") ? "0" : text.replace('-', '−');
  }
}
