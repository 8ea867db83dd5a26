package org.dpm.data.table;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into rows and these into cells, of which every character is kept. A cell that begins
 * with a quote goes on to the next one, over separators and line breaks; two quotes within are one.
 * Lines end with LF, CR LF or CR.
 */
final class RowScanner {

  /**
   * One row.
   *
   * @param line on which it begins, from 1
   * @param text without what ends the line
   * @param cells of the text, without separators
   */
  record Row(int line, String text, List<String> cells) {}

  /** Quotes that do not say where a cell ends. */
  static final class Malformed extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    Malformed(int line, String problem) {
      super(problem);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  private enum In {
    BLANK,
    PLAIN,
    QUOTES,
    AFTER_QUOTES
  }

  private static final int END = -1;

  private final Reader reader;
  private final char separator;
  private int ahead;
  private int line = 1;
  private @Nullable String lineEnd;

  RowScanner(Reader reader, char separator) throws IOException {
    this.reader = reader;
    this.separator = separator;
    ahead = reader.read();
  }

  /** The cells of a row that was read before. */
  static List<String> cells(String text, char separator) {
    try {
      Row row = new RowScanner(new StringReader(text), separator).next();
      return row == null ? List.of("") : row.cells();
    } catch (Malformed e) {
      throw new IllegalArgumentException("the text is no row", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What ended the first line; a line feed where there was none. */
  String lineEnd() {
    return lineEnd == null ? "\n" : lineEnd;
  }

  /** The next row, or null at the end. */
  @Nullable Row next() throws IOException, Malformed {
    if (ahead == END) {
      return null;
    }
    int first = line;
    int quote = line;
    StringBuilder text = new StringBuilder();
    List<String> cells = new ArrayList<>();
    int start = 0;
    In state = In.BLANK;
    while (state == In.QUOTES || !(ahead == END || ahead == '\n' || ahead == '\r')) {
      if (ahead == END) {
        throw new Malformed(quote, "a quote begins a cell here, and none ends it");
      }
      char c = take(text);
      if (state == In.QUOTES) {
        if (c == '"') {
          state = In.AFTER_QUOTES;
        }
      } else if (c == separator) {
        cells.add(text.substring(start, text.length() - 1));
        start = text.length();
        state = In.BLANK;
      } else if (c == '"' && state == In.AFTER_QUOTES && text.charAt(text.length() - 2) == '"') {
        state = In.QUOTES;
      } else if (c == '"' && state == In.BLANK) {
        quote = line;
        state = In.QUOTES;
      } else if (!Character.isWhitespace(c)) {
        if (state == In.AFTER_QUOTES) {
          throw new Malformed(line, "text follows the quote that ends a cell");
        }
        state = In.PLAIN;
      }
    }
    cells.add(text.substring(start));
    endLine();
    return new Row(first, text.toString(), cells);
  }

  private char take(StringBuilder text) throws IOException {
    char c = (char) ahead;
    text.append(c);
    ahead = reader.read();
    if (c == '\n' || (c == '\r' && ahead != '\n')) {
      line++;
    }
    return c;
  }

  private void endLine() throws IOException {
    StringBuilder end = new StringBuilder();
    if (ahead != END && take(end) == '\r' && ahead == '\n') {
      take(end);
    }
    if (lineEnd == null && !end.isEmpty()) {
      lineEnd = end.toString();
    }
  }
}
