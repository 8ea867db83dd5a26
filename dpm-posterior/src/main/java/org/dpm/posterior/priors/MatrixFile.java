package org.dpm.posterior.priors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.dpm.api.InvalidInput;

/** A matrix as text: rows on lines, numbers between commas. */
final class MatrixFile {

  private MatrixFile() {}

  /**
   * Reads it whole.
   *
   * @param columns how many numbers each row must have
   * @throws InvalidInput if it cannot be read or is not such a matrix, with the line
   */
  static double[][] read(Path file, int columns) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (NoSuchFileException e) {
      throw new InvalidInput("matrix: %s: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new InvalidInput("matrix: %s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    if (lines.isEmpty()) {
      throw new InvalidInput("matrix: %s: must have at least one row".formatted(file));
    }
    double[][] matrix = new double[lines.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = row(lines.get(i), columns, "matrix: %s:%d".formatted(file, i + 1));
    }
    return matrix;
  }

  private static double[] row(String line, int columns, String place) {
    String[] cells = line.split(",", -1);
    if (cells.length != columns) {
      throw new InvalidInput(
          "%s: must have %d numbers, one for each element, but has %d"
              .formatted(place, columns, cells.length));
    }
    double[] row = new double[columns];
    for (int j = 0; j < columns; j++) {
      try {
        row[j] = Double.parseDouble(cells[j].strip());
      } catch (NumberFormatException e) {
        throw new InvalidInput("%s: '%s' is not a number".formatted(place, cells[j].strip()), e);
      }
      if (!Double.isFinite(row[j])) {
        throw new InvalidInput("%s: '%s' is not finite".formatted(place, cells[j].strip()));
      }
    }
    return row;
  }
}
