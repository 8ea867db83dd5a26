package org.dpm.data.table;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;

/**
 * A table of numbers as text in which cells may be empty. Every cell is kept as it was written, to
 * be written again to the last character.
 *
 * @param file where it was read
 * @param names of the columns; x1, x2, ... where the file has no header
 * @param header the first line's cells as they were written; empty if it names nothing
 * @param rows cells as they were written
 * @param lines on which each row stands, from 1
 */
public record IncompleteTable(
    Path file,
    List<String> names,
    List<String> header,
    List<List<String>> rows,
    List<Integer> lines) {

  private static final Set<String> MISSING = Set.of("", "na", "nan", "null");

  /**
   * Reads a file whole.
   *
   * @throws InvalidInput if it cannot be read, or its rows have different lengths, with the line
   */
  public static IncompleteTable read(Path file, char separator) {
    List<List<String>> rows = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> content = content(file);
    for (int i = 0; i < content.size(); i++) {
      if (!content.get(i).isBlank() || separator == '\t') {
        List<String> cells = cells(content.get(i), separator);
        if (!rows.isEmpty() && cells.size() != rows.get(0).size()) {
          problems.add(
              "%s:%d: must have %d cells, but has %d"
                  .formatted(file, i + 1, rows.get(0).size(), cells.size()));
        }
        rows.add(cells);
        lines.add(i + 1);
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems.subList(0, Math.min(10, problems.size())));
    }
    if (rows.isEmpty()) {
      throw new InvalidInput(file + ": is empty");
    }
    List<String> first = rows.get(0);
    boolean named = first.stream().noneMatch(cell -> isMissing(cell) || isNumber(cell));
    List<String> names =
        named
            ? first.stream().map(IncompleteTable::text).toList()
            : IntStream.rangeClosed(1, first.size()).mapToObj(i -> "x" + i).toList();
    int from = named ? 1 : 0;
    return new IncompleteTable(
        file,
        names,
        named ? first : List.of(),
        List.copyOf(rows.subList(from, rows.size())),
        List.copyOf(lines.subList(from, lines.size())));
  }

  private static List<String> content(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInput(file + ": there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new InvalidInput(file + ": must be text in UTF-8, but is not", e);
    } catch (IOException e) {
      throw new InvalidInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Separators between quotes separate nothing. */
  private static List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= line.length(); i++) {
      if (i == line.length() || (line.charAt(i) == separator && !quoted)) {
        cells.add(line.substring(start, i));
        start = i + 1;
      } else if (line.charAt(i) == '"') {
        quoted = !quoted;
      }
    }
    return List.copyOf(cells);
  }

  /**
   * The number in a cell; NaN if it is missing: empty, NA, NaN or null.
   *
   * @throws InvalidInput if it holds anything else, with line and column
   */
  public float number(int row, int column) {
    String cell = rows.get(row).get(column);
    if (isMissing(cell)) {
      return Float.NaN;
    }
    if (!isNumber(cell) || !Float.isFinite(Float.parseFloat(text(cell)))) {
      throw new InvalidInput(
          "%s:%d: column '%s': '%s' is not a finite number"
              .formatted(file, lines.get(row), names.get(column), text(cell)));
    }
    return Float.parseFloat(text(cell));
  }

  private static boolean isMissing(String cell) {
    return MISSING.contains(text(cell).toLowerCase(Locale.ROOT));
  }

  private static boolean isNumber(String cell) {
    try {
      // Java's own suffixes and hexadecimal are no numbers to anybody else.
      return text(cell).chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0)
          && !Double.isNaN(Double.parseDouble(text(cell)));
    } catch (NumberFormatException none) {
      return false;
    }
  }

  private static String text(String cell) {
    String text = cell.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }
}
