package org.dpm.data;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.data.CsvData.Header;
import org.jspecify.annotations.Nullable;

/** Reads and checks tables of numbers as text. */
final class CsvReader {

  private static final String ADVICE =
      "Missing values and text cannot be trained on: remove those rows, or name the columns to use"
          + " in the setting columns.";

  private final char separator;
  private final Header header;

  CsvReader(char separator, Header header) {
    this.separator = separator;
    this.header = header;
  }

  /**
   * Reads a file whole.
   *
   * @param wanted names of the columns to use, in their order; empty for all
   * @param least how many rows there must be
   * @throws InvalidInput if the file is not such a table, with every problem's line
   */
  CsvTable read(DataFile file, List<String> wanted, int least) {
    try (InputStream in = file.open();
        CsvParser parser = parser(in)) {
      CsvTable table = new Reading(file, parser).table(wanted);
      if (table.values().rows() < least) {
        throw file.invalid(
            "must have at least %d rows of numbers, but has %d"
                .formatted(least, table.values().rows()));
      }
      return table;
    } catch (StreamReadException e) {
      throw new InvalidInput(
          "%s:%d: %s".formatted(file.path(), e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private CsvParser parser(InputStream in) throws IOException {
    CsvFactory factory = new CsvFactory();
    factory.enable(CsvParser.Feature.WRAP_AS_ARRAY);
    factory.enable(CsvParser.Feature.TRIM_SPACES);
    CsvParser parser = factory.createParser(in);
    parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator));
    return parser;
  }

  /** The cells of one row. */
  private record Cells(int line, List<String> texts) {

    boolean isBlank() {
      return texts.size() == 1 && texts.get(0).isEmpty();
    }
  }

  /** One file on its way in. */
  private final class Reading {

    private final DataFile file;
    private final CsvParser parser;
    private final Problems problems = new Problems();
    private final List<Integer> lines = new ArrayList<>();
    private final List<float[]> rows = new ArrayList<>();

    Reading(DataFile file, CsvParser parser) {
      this.file = file;
      this.parser = parser;
    }

    CsvTable table(List<String> wanted) throws IOException {
      parser.nextToken();
      Cells first = next();
      if (first == null) {
        throw file.invalid("is empty");
      }
      boolean named = isHeader(first);
      List<String> all = named ? headerNames(first) : numbered(first.texts().size());
      List<String> names = wanted.isEmpty() ? all : wanted;
      int[] columns = names.stream().mapToInt(name -> find(name, all)).toArray();
      if (!named) {
        take(first, all, columns);
      }
      takeRest(all, columns);
      boolean doubtful = header == Header.AUTO && !named;
      problems.check(
          doubtful ? ADVICE + " If the first line names the columns, set header: yes." : ADVICE);
      return new CsvTable(file.name(), names, lines, Table.of(rows));
    }

    /** Blank lines are no rows at the end of the file; before another row they are a mistake. */
    private void takeRest(List<String> all, int[] columns) throws IOException {
      Cells blank = null;
      for (Cells row = next(); row != null; row = next()) {
        if (row.isBlank()) {
          blank = blank == null ? row : blank;
          continue;
        }
        if (blank != null) {
          problems.add(place(blank) + ": the line is blank, but rows follow");
          blank = null;
        }
        take(row, all, columns);
      }
    }

    private void take(Cells row, List<String> names, int[] columns) {
      if (row.texts().size() != names.size()) {
        problems.add(
            "%s: must have %d cells, but has %d"
                .formatted(place(row), names.size(), row.texts().size()));
        return;
      }
      float[] values = new float[columns.length];
      for (int i = 0; i < columns.length; i++) {
        String text = row.texts().get(columns[i]);
        values[i] = (float) CsvNumber.parse(text);
        if (!Float.isFinite(values[i])) {
          String column = names.get(columns[i]);
          problems.add(
              "%s: column '%s': %s".formatted(place(row), column, CsvNumber.problem(text)));
        }
      }
      lines.add(row.line());
      rows.add(values);
    }

    private boolean isHeader(Cells first) {
      return switch (header) {
        case YES -> true;
        case NO -> false;
        // A file of which the first row lacks a value has no header for that.
        case AUTO ->
            first.texts().stream().noneMatch(CsvNumber::looksNumeric)
                && !first.texts().stream().allMatch(String::isEmpty);
      };
    }

    private List<String> headerNames(Cells first) {
      List<String> names = new ArrayList<>();
      for (String text : first.texts()) {
        String name = text.isEmpty() ? "x" + (names.size() + 1) : text;
        int twin = names.indexOf(name);
        if (twin >= 0) {
          throw new InvalidInput(
              "%s: columns %d and %d are both called '%s'; rename one"
                  .formatted(place(first), twin + 1, names.size() + 1, name));
        }
        names.add(name);
      }
      return List.copyOf(names);
    }

    private static List<String> numbered(int count) {
      return IntStream.rangeClosed(1, count).mapToObj(i -> "x" + i).toList();
    }

    private int find(String name, List<String> all) {
      int index = all.indexOf(name);
      if (index < 0) {
        throw file.invalid(
            "has no column '%s'.%s It has: %s."
                .formatted(name, Nearest.suggestion(name, all), String.join(", ", all)));
      }
      return index;
    }

    private String place(Cells row) {
      return file.path() + ":" + row.line();
    }

    /** The next row, or null at the end. */
    private @Nullable Cells next() throws IOException {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return null;
      }
      int line = parser.currentLocation().getLineNr();
      List<String> texts = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        texts.add(parser.getText().strip());
      }
      return new Cells(line, texts);
    }
  }
}
