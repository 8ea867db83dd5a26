package org.dpm.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.table.TextTable;

/** What the columns of a table hold: what the settings say, and nothing is guessed. */
final class ColumnTypes {

  private final List<String> columns;
  private final List<String> bits;
  private final List<String> categories;

  ColumnTypes(CsvData.Settings settings) {
    columns = settings.columns();
    bits = settings.bits();
    categories = settings.categories();
  }

  /**
   * The columns to use, in their order; labels are a column's different texts, sorted.
   *
   * @throws InvalidInput if the table lacks one that was named, or a category has only one label
   */
  Variables variables(TextTable table) {
    List<String> names = columns.isEmpty() ? table.names() : columns;
    requireUsed("bits", bits, names, table);
    requireUsed("categories", categories, names, table);
    List<Variable> variables = new ArrayList<>();
    for (String name : names) {
      variables.add(Variable.column(name, space(table, name, table.column(name))));
    }
    return new Variables(variables);
  }

  private static void requireUsed(
      String setting, List<String> typed, List<String> used, TextTable table) {
    for (String name : typed) {
      if (!name.equals(CsvData.ALL) && !used.contains(name)) {
        throw new InvalidInput(
            "%s: %s: no column '%s' is used.%s Used are: %s."
                .formatted(
                    table.path(),
                    setting,
                    name,
                    Nearest.suggestion(name, used),
                    String.join(", ", used)));
      }
    }
  }

  private Space space(TextTable table, String name, int column) {
    if (isOf(bits, name)) {
      return new Space.Bit();
    }
    if (!isOf(categories, name)) {
      return new Space.Real(0);
    }
    SortedSet<String> labels = table.labels(column);
    if (labels.size() < 2) {
      throw new InvalidInput(
          "%s: column '%s' has %s, but a category has at least 2 labels. Leave the column out."
              .formatted(
                  table.path(),
                  name,
                  labels.isEmpty() ? "no label" : "only the label '" + labels.first() + "'"));
    }
    return new Space.Category(List.copyOf(labels));
  }

  private static boolean isOf(List<String> names, String name) {
    return names.contains(name) || names.contains(CsvData.ALL);
  }
}
