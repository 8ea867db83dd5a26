package org.dpm.data;

import ai.djl.ndarray.types.Shape;
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

/**
 * A table of numbers as text: one example a line, one element a column.
 *
 * <p>Every cell that is used must hold a finite number with a decimal point; the file is UTF-8. An
 * empty cell, text, {@code NaN} or a line with another number of cells is refused with its line:
 * what to do about a missing value is the modeller's decision. Cells may be quoted, lines may end
 * in any way, and blank lines are allowed at the end only.
 */
final class CsvData implements DataSource {

  record Settings(
      @JsonProperty @JsonPropertyDescription("the file to learn from") Path path,
      @JsonProperty(defaultValue = "','")
          @JsonPropertyDescription("what stands between two cells, one character")
          String separator,
      @JsonProperty(defaultValue = "auto")
          @JsonPropertyDescription(
              "whether the first line names the columns; auto: it does if no cell of it is a"
                  + " number")
          Header header,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "columns to use, in this order, by name, or x1, x2, ... where there is no header;"
                  + " empty: all")
          List<String> columns,
      @JsonProperty(defaultValue = "0.2")
          @JsonPropertyDescription("fraction of the rows to hold out, chosen at random")
          double heldOut,
      @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription("the same seed holds the same rows out")
          long seed,
      @JsonProperty
          @JsonPropertyDescription(
              "a second file whose rows are all held out, instead of a fraction of the first")
          Optional<Path> heldOutPath) {

    Settings {
      if (separator.length() != 1 || "\"\r\n+-.0123456789".contains(separator)) {
        throw new IllegalArgumentException(
            "separator must be one character that is no part of a number, such as , or ;"
                + " but is '%s'".formatted(separator));
      }
      columns = List.copyOf(columns);
      Set<String> seen = new HashSet<>();
      for (String column : columns) {
        if (!seen.add(column)) {
          throw new IllegalArgumentException(
              "columns must differ from each other, but '%s' is repeated".formatted(column));
        }
      }
      Examples.requireFraction(heldOut, "heldOutPath", heldOutPath.isPresent());
    }
  }

  /** Whether the first line names the columns. */
  enum Header {
    AUTO,
    YES,
    NO
  }

  private final Settings settings;
  private final CsvTable training;
  private final CsvTable heldOut;
  private final Examples examples;

  @Inject
  CsvData(Settings settings) {
    this.settings = settings;
    char separator = settings.separator().charAt(0);
    CsvReader reader = new CsvReader(separator, settings.header());
    training = reader.read(new DataFile(settings.path()), settings.columns(), 2);
    // By name, so that the columns of the second file may stand in another order.
    heldOut =
        settings
            .heldOutPath()
            .map(path -> reader.read(new DataFile(path), training.names(), 1))
            .orElse(training);
    examples =
        settings.heldOutPath().isPresent()
            ? Examples.of(training.values(), heldOut.values())
            : Examples.dealt(training.values(), settings.heldOut(), settings.seed());
  }

  @Override
  public Shape element() {
    return new Shape(training.names().size());
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
  public List<String> names() {
    return training.names();
  }

  @Override
  public String place(Split split, int index) {
    CsvTable table = split == Split.TRAINING ? training : heldOut;
    return table.place(examples.row(split, index));
  }

  @Override
  public DataSource withHeldOut(Path file) {
    return new CsvData(
        new Settings(
            settings.path(),
            settings.separator(),
            settings.header(),
            settings.columns(),
            Examples.HELD_OUT,
            settings.seed(),
            Optional.of(file)));
  }
}
