package org.dpm.data;

import java.util.Locale;
import java.util.Set;

/** What the text of a cell says: a decimal number, with a point and perhaps an exponent. */
final class CsvNumber {

  private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");

  private CsvNumber() {}

  /** The number, or NaN for any text that is none. */
  static double parse(String text) {
    // The characters keep out what only Java calls a number: 1f, 0x1p3, NaN.
    if (!text.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0)) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException none) {
      return Double.NaN;
    }
  }

  /** Whether a program wrote a number here, be it a useless one. */
  static boolean looksNumeric(String text) {
    return !Double.isNaN(parse(text)) || isSpelled(text);
  }

  private static boolean isSpelled(String text) {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return NOT_FINITE.contains(unsigned.toLowerCase(Locale.ROOT));
  }

  /** Why the text cannot be used. */
  static String problem(String text) {
    if (text.isEmpty()) {
      return "the cell is empty";
    }
    if (isSpelled(text)) {
      return "'%s' is not finite".formatted(text);
    }
    if (!Double.isNaN(parse(text))) {
      return "'%s' is too large for single precision".formatted(text);
    }
    return "'%s' is not a number%s".formatted(abbreviated(text), likelyReason(text));
  }

  private static String likelyReason(String text) {
    if (!Double.isNaN(parse(text.replace(',', '.')))) {
      return "; write decimals with a point";
    }
    boolean several = text.chars().anyMatch(c -> ",;|\t".indexOf(c) >= 0);
    return several ? "; is the setting separator right?" : "";
  }

  private static String abbreviated(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
