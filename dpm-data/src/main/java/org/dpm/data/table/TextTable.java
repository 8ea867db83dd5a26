package org.dpm.data.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.data.file.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * A table as text, in UTF-8. Every cell is kept as it was written, to be written again to the last
 * character; no row is dropped, and none is added.
 *
 * <p>A byte order mark is left aside. Blank lines are no rows at the end of the file and a mistake
 * before other rows, but in a table of one column they are rows without a value.
 */
public final class TextTable {

  private static final int BYTE_ORDER_MARK = '\uFEFF';

  /** Cells are cut out of a row when they are asked for: as objects they take far more memory. */
  private record Row(int line, int cells, String text) {

    boolean isBlank() {
      return cells == 1 && text.isBlank();
    }
  }

  private final DataFile file;
  private final TableFormat format;
  private final String lineEnd;
  private final boolean named;
  private final List<String> names;
  private final List<String> header;
  private final List<Row> rows;

  private TextTable(DataFile file, TableFormat format, List<Row> lines, String lineEnd) {
    this.file = file;
    this.format = format;
    this.lineEnd = lineEnd;
    Row first = lines.get(0);
    if (first.isBlank() && lines.stream().anyMatch(row -> row.cells() > 1)) {
      throw new InvalidInput(place(first) + ": the line is blank, but rows follow");
    }
    List<String> cells = cells(first);
    List<CellText> texts = cells.stream().map(CellText::of).toList();
    named = isHeader(texts);
    header = named ? cells : List.of();
    names =
        named
            ? names(first, texts)
            : IntStream.rangeClosed(1, cells.size()).mapToObj(i -> "x" + i).toList();
    int end = lines.size();
    while (names.size() > 1 && lines.get(end - 1).isBlank()) {
      end--;
    }
    rows = List.copyOf(lines.subList(named ? 1 : 0, end));
  }

  /**
   * Reads a file whole.
   *
   * @throws InvalidInput if it cannot be read, is empty, has two columns of one name, or quotes
   *     that never end
   */
  public static TextTable read(Path path, TableFormat format) {
    DataFile file = new DataFile(path);
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      RowScanner scanner = new RowScanner(reader, format.separator());
      List<Row> lines = new ArrayList<>();
      for (RowScanner.@Nullable Row row = scanner.next(); row != null; row = scanner.next()) {
        lines.add(new Row(row.line(), row.cells().size(), row.text()));
      }
      if (lines.isEmpty()) {
        throw file.invalid("is empty");
      }
      return new TextTable(file, format, lines, scanner.lineEnd());
    } catch (RowScanner.Malformed e) {
      throw new InvalidInput("%s:%d: %s".formatted(path, e.line(), e.getMessage()), e);
    } catch (CharacterCodingException e) {
      throw new InvalidInput(path + ": must be text in UTF-8, but is not", e);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private boolean isHeader(List<CellText> first) {
    return switch (format.header()) {
      case YES -> true;
      case NO -> false;
      // A file of which the first row lacks a value has no header for that.
      case AUTO ->
          first.stream().noneMatch(CellText::looksNumeric)
              && !first.stream().allMatch(cell -> CellText.isMissing(cell.text()));
    };
  }

  private List<String> names(Row first, List<CellText> texts) {
    List<String> unique = new ArrayList<>();
    for (CellText cell : texts) {
      String name = cell.text().isEmpty() ? "x" + (unique.size() + 1) : cell.text();
      int twin = unique.indexOf(name);
      if (twin >= 0) {
        throw new InvalidInput(
            "%s: columns %d and %d are both called '%s'; rename one"
                .formatted(place(first), twin + 1, unique.size() + 1, name));
      }
      unique.add(name);
    }
    return List.copyOf(unique);
  }

  /** Where it was read. */
  public Path path() {
    return file.path();
  }

  public TableFormat format() {
    return format;
  }

  /** What the columns are called, all differently; x1, x2, ... where there are no names. */
  public List<String> names() {
    return names;
  }

  /** The cells of the first line as they were written; empty if it names nothing. */
  public List<String> header() {
    return header;
  }

  /** How many rows there are, the header left aside. */
  public int rows() {
    return rows.size();
  }

  /** The line on which a row begins, from 1. */
  public int line(int row) {
    return rows.get(row).line();
  }

  /** The cells of a row as they were written. */
  public List<String> cells(int row) {
    return cells(rows.get(row));
  }

  private List<String> cells(Row row) {
    return RowScanner.cells(row.text(), format.separator());
  }

  /** The different texts of a column, missing ones left aside. */
  public SortedSet<String> labels(int column) {
    return IntStream.range(0, rows.size())
        .filter(row -> problem(row).isEmpty())
        .mapToObj(row -> CellText.of(cells(row).get(column)))
        .filter(cell -> !cell.isMissing(true))
        .map(CellText::text)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Cells as a line of this table, with what ends it. */
  public String line(List<String> cells) {
    return String.join(String.valueOf(format.separator()), cells) + lineEnd;
  }

  /** Where a row stands, for messages: {@code data/people.csv:17}. */
  public String place(int row) {
    return place(rows.get(row));
  }

  private String place(Row row) {
    return file.path() + ":" + row.line();
  }

  /**
   * Where a column stands, from 0.
   *
   * @throws InvalidInput if there is none of that name
   */
  public int column(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw file.invalid(
          "has no column '%s'.%s It has: %s."
              .formatted(name, Nearest.suggestion(name, names), String.join(", ", names)));
    }
    return index;
  }

  /** Whether the first line was taken for a row since it did not look like names. */
  public boolean isDoubtful() {
    return format.header() == TableFormat.Header.AUTO && !named;
  }

  /** What is wrong with a row as a whole. */
  public Optional<String> problem(int row) {
    Row found = rows.get(row);
    if (found.cells() == names.size()) {
      return Optional.empty();
    }
    if (found.isBlank()) {
      return Optional.of(place(found) + ": the line is blank, but rows follow");
    }
    boolean several =
        names.size() == 1 && names.get(0).chars().anyMatch(c -> ",;|\t".indexOf(c) >= 0);
    return Optional.of(
        "%s: must have %d cells, but has %d%s"
            .formatted(
                place(found),
                names.size(),
                found.cells(),
                several ? "; is the setting separator right?" : ""));
  }
}
