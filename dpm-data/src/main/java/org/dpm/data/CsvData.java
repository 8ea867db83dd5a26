package org.dpm.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Variables;
import org.dpm.data.table.TableFormat;
import org.dpm.data.table.TableSettings;
import org.dpm.data.table.TextTable;

/**
 * A table as text: one example a line, one variable a column.
 *
 * <p>Columns hold finite numbers with a decimal point, unless they are said to hold bits or
 * categories; the file is UTF-8. An empty cell, other text, {@code NaN} or a line with another
 * number of cells is refused with its line: what to do about a missing value is the modeller's
 * decision. Cells may be quoted, lines may end in any way, and blank lines are allowed at the end
 * only; in a table of one column they are empty cells.
 */
final class CsvData implements DataSource {

  /** Stands for all columns. */
  static final String ALL = "*";

  record Settings(
      @JsonProperty @JsonPropertyDescription("the file to learn from") Path path,
      @JsonProperty(defaultValue = "','")
          @JsonPropertyDescription("what stands between two cells, one character")
          String separator,
      @JsonProperty(defaultValue = "auto")
          @JsonPropertyDescription(
              "whether the first line names the columns; auto: it does if no cell of it is a"
                  + " number")
          TableFormat.Header header,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "columns to use, in this order, by name, or x1, x2, ... where there is no header;"
                  + " empty: all")
          List<String> columns,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "which of them hold bits: 0 or 1, false or true, no or yes; '*' alone: all")
          List<String> bits,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "which of them hold categories, whose labels are the different texts; '*' alone: all")
          List<String> categories,
      @JsonProperty(defaultValue = "0.2")
          @JsonPropertyDescription("fraction of the rows to hold out, chosen at random")
          double heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed holds the same rows out")
          long seed,
      @JsonProperty
          @JsonPropertyDescription(
              "a second file whose rows are all held out, instead of a fraction of the first")
          Optional<Path> heldOutPath)
      implements TableSettings {

    Settings {
      TableFormat.of(separator, header);
      columns = List.copyOf(columns);
      bits = List.copyOf(bits);
      categories = List.copyOf(categories);
      requireDifferent("columns", columns);
      requireNames("bits", bits);
      requireNames("categories", categories);
      for (String name : bits) {
        if (categories.contains(name) || categories.contains(ALL) || name.equals(ALL)) {
          requireNone(name, categories);
        }
      }
      Splits.requireFraction(heldOut, "heldOutPath", heldOutPath.isPresent());
    }

    private static void requireDifferent(String setting, List<String> names) {
      Set<String> seen = new HashSet<>();
      for (String name : names) {
        if (!seen.add(name)) {
          throw new IllegalArgumentException(
              "%s must differ from each other, but '%s' is repeated".formatted(setting, name));
        }
      }
    }

    private static void requireNames(String setting, List<String> names) {
      requireDifferent(setting, names);
      if (names.contains(ALL) && names.size() > 1) {
        throw new IllegalArgumentException(
            "%s must be names of columns, or '%s' alone, but are %s"
                .formatted(setting, ALL, names));
      }
    }

    private static void requireNone(String name, List<String> categories) {
      if (!categories.isEmpty()) {
        throw new IllegalArgumentException(
            "categories must be other columns than bits, but are %s where bits have '%s'"
                .formatted(categories, name));
      }
    }

    @Override
    public TableFormat format() {
      return TableFormat.of(separator, header);
    }
  }

  private final TableFormat format;
  private final Variables variables;
  private final CsvRows training;
  private final CsvRows heldOut;
  private final Splits examples;

  @Inject
  CsvData(Settings settings) {
    format = settings.format();
    TextTable table = TextTable.read(settings.path(), format);
    variables = new ColumnTypes(settings).variables(table);
    training = CsvRows.of(table, variables, 2);
    if (settings.heldOutPath().isPresent()) {
      heldOut = read(settings.heldOutPath().get());
      examples = Splits.of(training.values(), heldOut.values());
    } else {
      heldOut = training;
      examples = Splits.dealt(training.values(), settings.heldOut(), settings.seed());
    }
  }

  private CsvData(CsvData original, Path file) {
    format = original.format;
    variables = original.variables;
    training = original.training;
    heldOut = read(file);
    examples = Splits.of(training.values(), heldOut.values());
  }

  /** By name, so that columns may stand in another order, and with the labels of the first file. */
  private CsvRows read(Path file) {
    return CsvRows.of(TextTable.read(file, format), variables, 1);
  }

  @Override
  public Variables variables() {
    return variables;
  }

  @Override
  public int count(Split split) {
    return examples.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    examples.read(split, index, target, offset);
  }

  @Override
  public String place(Split split, int index) {
    CsvRows rows = split == Split.TRAINING ? training : heldOut;
    return rows.place(examples.row(split, index));
  }

  @Override
  public DataSource withHeldOut(Path file) {
    return new CsvData(this, file);
  }
}
