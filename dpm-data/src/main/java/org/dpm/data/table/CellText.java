package org.dpm.data.table;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a cell says.
 *
 * @param text without blanks and quotes around it
 * @param quoted whether there were quotes
 */
record CellText(String text, boolean quoted) {

  private static final Set<String> MISSING = Set.of("", "na", "nan", "null");
  private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?[0-9]{1,3}(,[0-9]{3})+(\\..*)?");

  /** Of a cell as it was written. */
  static CellText of(String cell) {
    String text = cell.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted
        ? new CellText(text.substring(1, text.length() - 1).replace("\"\"", "\"").strip(), true)
        : new CellText(text, false);
  }

  /** Whether a text stands for a missing value. */
  static boolean isMissing(String text) {
    return text.length() <= 4 && MISSING.contains(text.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether the value is missing.
   *
   * @param label whether texts are labels: of these a word in quotes is one
   */
  boolean isMissing(boolean label) {
    return isMissing(text) && !(label && quoted && !text.isEmpty());
  }

  /** The decimal number, with a point and perhaps an exponent; NaN for any text that is none. */
  static double number(String text) {
    // The characters keep out what only Java calls a number: 1f, 0x1p3, NaN.
    for (int i = 0; i < text.length(); i++) {
      if ("+-.0123456789eE".indexOf(text.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException none) {
      return Double.NaN;
    }
  }

  /** Whether a program wrote a number here, be it a useless one. */
  boolean looksNumeric() {
    return !Double.isNaN(number(text)) || isSpelled();
  }

  private boolean isSpelled() {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return NOT_FINITE.contains(unsigned.toLowerCase(Locale.ROOT));
  }

  /** Why the text is no value to compute with. */
  String problem() {
    if (text.isEmpty()) {
      return "the cell is empty";
    }
    if (isSpelled()) {
      return "'%s' is not finite".formatted(text);
    }
    if (isMissing(text)) {
      return "'%s' stands for a missing value".formatted(text);
    }
    if (!Double.isNaN(number(text))) {
      return "'%s' is too large for single precision".formatted(text);
    }
    return "'%s' is not a number%s".formatted(abbreviated(), likelyReason());
  }

  private String likelyReason() {
    if (THOUSANDS.matcher(text).matches()) {
      return "; a comma can part thousands or decimals: write it without, as 1234 or 1.234";
    }
    if (!Double.isNaN(number(text.replace(',', '.')))) {
      return "; write decimals with a point";
    }
    boolean several = text.chars().anyMatch(c -> ",;|\t".indexOf(c) >= 0);
    return several ? "; is the setting separator right?" : "";
  }

  /** Not longer than a message bears. */
  String abbreviated() {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
