package org.dpm.data;

import java.util.List;

/**
 * The numbers of a file of text, and where they stood.
 *
 * @param file its name
 * @param names of the columns that were chosen, in their order
 * @param lines the line on which each row begins, from 1
 * @param values the rows, in the columns' order
 */
record CsvTable(String file, List<String> names, List<Integer> lines, Table values) {

  String place(int row) {
    return file + ":" + lines.get(row);
  }
}
