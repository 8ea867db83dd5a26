package org.dpm.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;
import org.dpm.api.Variables;
import org.dpm.data.file.Problems;
import org.dpm.data.table.TableCells;
import org.dpm.data.table.TextTable;

/**
 * The rows of a table that has a value in every cell, and where they stood.
 *
 * @param file its name
 * @param lines the line on which each row begins, from 1
 * @param values the rows
 */
record CsvRows(String file, List<Integer> lines, Rows values) {

  private static final String ADVICE =
      "Missing values cannot be trained on, nor text in columns that are neither bits nor"
          + " categories: remove those rows, or name the columns to use in the setting columns.";

  /**
   * Takes the cells of all rows.
   *
   * @param least how many rows there must be
   * @throws InvalidInput if a cell holds no value, with every problem's line
   */
  static CsvRows of(TextTable table, Variables variables, int least) {
    TableCells cells = new TableCells(table, variables);
    Problems problems = new Problems();
    List<Integer> lines = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      lines.add(table.line(row));
      values.add(cells.complete(row, problems::add));
    }
    problems.check(
        table.isDoubtful()
            ? ADVICE + " If the first line names the columns, set header: yes."
            : ADVICE);
    Path path = table.path();
    if (values.size() < least) {
      throw new InvalidInput(
          "%s: must have at least %d rows of values, but has %d"
              .formatted(path, least, values.size()));
    }
    return new CsvRows(String.valueOf(path.getFileName()), List.copyOf(lines), Rows.of(values));
  }

  String place(int row) {
    return file + ":" + lines.get(row);
  }
}
