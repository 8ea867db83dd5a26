package org.dpm.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.file.Problems;

/**
 * A table read as what an example consists of: cell by cell, each from the column of its name, by
 * its space.
 */
public final class TableCells {

  /** As many labels as a message bears. */
  private static final int TOLD = 10;

  private final TextTable table;
  private final List<Column> columns;

  /**
   * One column as a cell of an example.
   *
   * @param index where it stands in the table
   * @param indices of labels; empty for other spaces
   * @param words that the column has for bits
   */
  private record Column(
      String name, Space space, int index, Map<String, Integer> indices, BitWords words) {}

  /**
   * @throws InvalidInput if the table lacks a column
   */
  public TableCells(TextTable table, Variables variables) {
    this.table = table;
    List<String> names = variables.cellNames();
    List<Space> spaces = spaces(variables);
    columns =
        IntStream.range(0, names.size())
            .mapToObj(cell -> column(names.get(cell), spaces.get(cell)))
            .toList();
  }

  private static List<Space> spaces(Variables variables) {
    List<Space> spaces = new ArrayList<>();
    for (Variable variable : variables.list()) {
      IntStream.range(0, variable.size()).forEach(i -> spaces.add(variable.space()));
    }
    return List.copyOf(spaces);
  }

  private Column column(String name, Space space) {
    int index = table.column(name);
    Map<String, Integer> indices = new HashMap<>();
    if (space instanceof Space.Category category) {
      category.labels().forEach(label -> indices.put(label, indices.size()));
    }
    BitWords words = space instanceof Space.Bit ? words(index) : BitWords.DIGITS;
    return new Column(name, space, index, indices, words);
  }

  /** Those of the first row that has one. */
  private BitWords words(int column) {
    return IntStream.range(0, table.rows())
        .filter(row -> table.problem(row).isEmpty())
        .mapToObj(row -> BitWords.of(CellText.of(table.cells(row).get(column)).text()))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(BitWords.DIGITS);
  }

  public TextTable table() {
    return table;
  }

  /** Where a cell of an example stands in a row of the table, from 0. */
  public int column(int cell) {
    return columns.get(cell).index();
  }

  /**
   * The cells of all rows; NaN for what is missing.
   *
   * @throws InvalidInput if one cannot be read, with the first such places
   */
  public float[][] rows() {
    Problems problems = new Problems();
    float[][] rows = new float[table.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i, problems::add);
    }
    problems.check("A cell may be empty, but must not hold what the model has not learned.");
    return rows;
  }

  /**
   * The cells of a row; NaN for what is missing: empty, NA, NaN or null.
   *
   * @param problems receives what cannot be read, with its place; it is NaN as well
   */
  public float[] row(int row, Consumer<String> problems) {
    return row(row, true, problems);
  }

  /**
   * The cells of a row that must not lack any.
   *
   * @param problems receives what is missing or cannot be read, with its place; it is NaN
   */
  public float[] complete(int row, Consumer<String> problems) {
    return row(row, false, problems);
  }

  private float[] row(int row, boolean mayLack, Consumer<String> problems) {
    float[] values = new float[columns.size()];
    Optional<String> problem = table.problem(row);
    if (problem.isPresent()) {
      problems.accept(problem.get());
      Arrays.fill(values, Float.NaN);
      return values;
    }
    List<String> texts = table.cells(row);
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      CellText cell = CellText.of(texts.get(column.index()));
      Optional<String> why = Optional.empty();
      if (cell.isMissing(column.space() instanceof Space.Category)) {
        values[i] = Float.NaN;
        why = mayLack ? why : Optional.of(cell.problem());
      } else {
        values[i] = value(cell, column);
        why = Float.isNaN(values[i]) ? Optional.of(problem(cell, column)) : why;
      }
      why.ifPresent(
          what ->
              problems.accept(
                  "%s: column '%s': %s".formatted(table.place(row), column.name(), what)));
    }
    return values;
  }

  /** NaN for a text that is none of the space. */
  private static float value(CellText cell, Column column) {
    if (column.space() instanceof Space.Bit) {
      return BitWords.of(cell.text())
          .map(words -> words.isOne(cell.text()) ? 1f : 0f)
          .orElse(Float.NaN);
    } else if (column.space() instanceof Space.Category) {
      Integer index = column.indices().get(cell.text());
      return index == null ? Float.NaN : index;
    }
    float number = (float) CellText.number(cell.text());
    return Float.isFinite(number) ? number : Float.NaN;
  }

  private static String problem(CellText cell, Column column) {
    if (column.space() instanceof Space.Bit) {
      return "'%s' is no bit: 0 or 1, false or true, no or yes".formatted(cell.abbreviated());
    } else if (column.space() instanceof Space.Category category) {
      List<String> labels = category.labels();
      return "'%s' is none of the labels.%s They are: %s%s"
          .formatted(
              cell.abbreviated(),
              Nearest.suggestion(cell.text(), labels),
              String.join(", ", labels.subList(0, Math.min(TOLD, labels.size()))),
              labels.size() > TOLD ? ", ..." : "");
    }
    return cell.problem();
  }

  /**
   * A value as a cell of this table, as whoever wrote the others might have written it: a label, a
   * word for a bit where the column has such words, a number.
   *
   * @param cell which of an example
   */
  public String text(int cell, float value) {
    Column column = columns.get(cell);
    if (column.space() instanceof Space.Bit && (value == 0 || value == 1)) {
      return value == 1 ? column.words().yes() : column.words().no();
    }
    return text(table.format(), column.space(), value);
  }

  /**
   * A value as a cell: a label for a category, 0 or 1 for a bit, a number with as many digits as it
   * takes to read the same float again; nothing for NaN.
   */
  static String text(TableFormat format, Space space, float value) {
    if (Float.isNaN(value)) {
      return "";
    } else if (space instanceof Space.Category category) {
      if (!category.contains(value)) {
        throw new IllegalArgumentException(
            "a cell must be the index of one of %d labels, but is %s"
                .formatted(category.labels().size(), value));
      }
      return format.label(category.labels().get((int) value));
    } else if (space instanceof Space.Bit && (value == 0 || value == 1)) {
      return value == 1 ? "1" : "0";
    }
    return Float.toString(value);
  }

  /** Whole rows as texts; see {@link #text}. */
  static List<String> texts(TableFormat format, Variables variables, float[] row) {
    List<Space> spaces = spaces(variables);
    return IntStream.range(0, row.length)
        .mapToObj(i -> text(format, spaces.get(i), row[i]))
        .toList();
  }
}
