package org.dpm.posterior;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.data.table.IncompleteTable;

/** A table and what a model is to fill in. */
public final class Imputation {

  /** Of a run, where nothing was said. */
  public static final int PARTICLES = 20;

  /** Standard deviations from the mean beyond which a value is doubted. */
  private static final double FAR = 8;

  private final IncompleteTable table;
  private final Model model;
  private final int[] columns;
  private final float[][] incomplete;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param kept columns that are not the model's
   * @throws InvalidInput if columns do not fit, or a cell holds no number
   */
  public Imputation(IncompleteTable table, Model model, List<String> kept) {
    this.table = table;
    this.model = model;
    columns = columns(table, model.data(), kept);
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < table.rows().size(); row++) {
      float[] values = new float[columns.length];
      boolean complete = true;
      for (int i = 0; i < columns.length; i++) {
        values[i] = table.number(row, columns[i]);
        complete &= !Float.isNaN(values[i]);
        check(values[i], i, row);
      }
      if (!complete) {
        places.put(row, rows.size());
        rows.add(values);
      }
    }
    incomplete = rows.toArray(new float[0][]);
  }

  /** Where each of the model's elements stands in the table. */
  private static int[] columns(IncompleteTable table, DataDescription data, List<String> kept) {
    List<String> names = data.names();
    if (names.isEmpty()) {
      int size = Math.toIntExact(data.summary().element().size());
      names = IntStream.rangeClosed(1, size).mapToObj(i -> "x" + i).toList();
    }
    List<String> problems = new ArrayList<>();
    for (String name : table.names()) {
      if (!names.contains(name) && !kept.contains(name)) {
        problems.add(
            "%s: the model knows no column '%s'.%s To copy it as it is, say --keep %s"
                .formatted(table.file(), name, Nearest.suggestion(name, names), name));
      }
    }
    for (String name : names) {
      if (!table.names().contains(name)) {
        problems.add(
            "%s: has no column '%s', which the model needs; add it, empty where nothing is known."
                .formatted(table.file(), name));
      }
    }
    for (String name : kept) {
      if (!table.names().contains(name)) {
        problems.add(
            "--keep: %s has no column '%s'.%s"
                .formatted(table.file(), name, Nearest.suggestion(name, table.names())));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return names.stream().mapToInt(table.names()::indexOf).toArray();
  }

  private void check(float value, int element, int row) {
    if (Float.isNaN(value)) {
      return;
    }
    String place =
        "%s:%d: column '%s'"
            .formatted(table.file(), table.lines().get(row), table.names().get(columns[element]));
    ForwardKernel forward = model.parts().forward();
    if (!forward.supports(model.scaling().toModel(element, value))) {
      throw new InvalidInput(
          "%s: %s cannot be a value of this model's data.".formatted(place, value));
    }
    double mean = model.data().summary().mean().get(element);
    double deviation = model.data().summary().standardDeviation().get(element);
    double off = Math.abs(value - mean) / deviation;
    if (off > FAR) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "warning: %s: %s is %.0f standard deviations from the training data's mean",
              place,
              value,
              off));
    }
  }

  /** What to tell before anything is filled. */
  public List<String> warnings() {
    return warnings;
  }

  /** The rows that lack something, NaN where they do. */
  public float[][] incomplete() {
    return incomplete;
  }

  /** How many cells are missing. */
  public int missing() {
    int missing = 0;
    for (float[] row : incomplete) {
      for (float value : row) {
        missing += Float.isNaN(value) ? 1 : 0;
      }
    }
    return missing;
  }

  /** Every row as often as there are draws, filled with one draw each. */
  public String draws(float[][][] drawn, char separator) {
    int count = drawn.length == 0 ? 1 : drawn[0].length;
    StringBuilder sheet = new StringBuilder();
    if (!table.header().isEmpty()) {
      line(sheet, "draw", table.header(), separator);
    }
    for (int draw = 0; draw < count; draw++) {
      for (int row = 0; row < table.rows().size(); row++) {
        List<String> cells = new ArrayList<>(table.rows().get(row));
        Integer place = places.get(row);
        if (place != null) {
          for (int i = 0; i < columns.length; i++) {
            if (Float.isNaN(incomplete[place][i])) {
              cells.set(columns[i], Float.toString(drawn[place][draw][i]));
            }
          }
        }
        line(sheet, Integer.toString(draw + 1), cells, separator);
      }
    }
    return sheet.toString();
  }

  /** Every row once, filled with means; the ends of intervals in columns of their own. */
  public String intervals(float[][][] drawn, double probability, char separator) {
    TreeSet<Integer> gaps = new TreeSet<>();
    for (float[] row : incomplete) {
      IntStream.range(0, row.length).filter(i -> Float.isNaN(row[i])).forEach(gaps::add);
    }
    StringBuilder sheet = new StringBuilder();
    List<String> header = new ArrayList<>(table.header());
    if (!header.isEmpty()) {
      for (int i : gaps) {
        String name = table.names().get(columns[i]);
        header.add(name + "_low");
        header.add(name + "_high");
      }
      line(sheet, header, separator);
    }
    for (int row = 0; row < table.rows().size(); row++) {
      List<String> cells = new ArrayList<>(table.rows().get(row));
      List<String> ends = new ArrayList<>();
      for (int i : gaps) {
        Integer place = places.get(row);
        if (place == null || !Float.isNaN(incomplete[place][i])) {
          ends.addAll(List.of("", ""));
          continue;
        }
        DescriptiveStatistics statistics = new DescriptiveStatistics();
        for (float[] draw : drawn[place]) {
          statistics.addValue(draw[i]);
        }
        cells.set(columns[i], Float.toString((float) statistics.getMean()));
        for (double end : new double[] {50 - 50 * probability, 50 + 50 * probability}) {
          ends.add(Float.toString((float) statistics.getPercentile(end)));
        }
      }
      cells.addAll(ends);
      line(sheet, cells, separator);
    }
    return sheet.toString();
  }

  private static void line(StringBuilder sheet, String first, List<String> cells, char separator) {
    sheet.append(first).append(separator);
    line(sheet, cells, separator);
  }

  private static void line(StringBuilder sheet, List<String> cells, char separator) {
    sheet.append(String.join(String.valueOf(separator), cells)).append('\n');
  }
}
