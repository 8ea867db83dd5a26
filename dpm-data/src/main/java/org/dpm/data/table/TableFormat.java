package org.dpm.data.table;

import org.dpm.api.Require;

/**
 * How a table is written as text.
 *
 * @param separator what stands between two cells
 * @param header whether the first line names the columns
 */
public record TableFormat(char separator, Header header) {

  /** Whether the first line names the columns. */
  public enum Header {
    /** It does if no cell of it is a number, and not all are empty. */
    AUTO,
    YES,
    NO
  }

  /** Cells between commas, named if the first line has no number. */
  public static final TableFormat USUAL = new TableFormat(',', Header.AUTO);

  public TableFormat {
    requireSeparator(String.valueOf(separator));
  }

  /**
   * With a separator as settings have it.
   *
   * @throws IllegalArgumentException if it is not one character, or part of a number
   */
  public static TableFormat of(String separator, Header header) {
    requireSeparator(separator);
    return new TableFormat(separator.charAt(0), header);
  }

  private static void requireSeparator(String separator) {
    Require.that(
        separator.length() == 1 && !"\"\r\n+-.0123456789".contains(separator),
        "separator must be one character that is no part of a number, such as , or ; but is '%s'"
            .formatted(separator));
  }

  /** A text as a cell: between quotes where it would otherwise be read as something else. */
  public String cell(String text) {
    boolean plain =
        text.equals(text.strip())
            && text.chars().noneMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r');
    return plain ? text : quoted(text);
  }

  /** A label as a cell: quoted also where it would be read as a missing value. */
  String label(String text) {
    return CellText.isMissing(text) ? quoted(text) : cell(text);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
