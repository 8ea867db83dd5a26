package org.dpm.posterior;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.api.Space;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.data.table.TableCells;
import org.dpm.data.table.TextTable;

/** A table and what a model is to fill in. */
public final class Imputation {

  /** Of a run, where nothing was said. */
  public static final int PARTICLES = 20;

  /** Standard deviations from the mean beyond which a value is doubted. */
  private static final double FAR = 8;

  private final TextTable table;
  private final Layout layout;
  private final TableCells cells;

  /** Which cell of all variables each cell of the model is. */
  private final int[] sources;

  private final float[][] incomplete;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param kept columns that are not the model's
   * @throws InvalidInput if columns do not fit, or a cell holds what the model cannot have
   */
  public Imputation(TextTable table, Model model, List<String> kept) {
    this.table = table;
    layout = model.layout();
    List<String> names = model.data().variables().cellNames();
    check(names, kept);
    cells = new TableCells(table, model.data().variables());
    sources = layout.names().stream().mapToInt(names::indexOf).toArray();
    List<float[]> rows = new ArrayList<>();
    float[][] all = cells.rows();
    for (int row = 0; row < all.length; row++) {
      float[] values = layout.modelled(all[row]);
      boolean complete = true;
      for (int cell = 0; cell < values.length; cell++) {
        complete &= !Float.isNaN(values[cell]);
        doubt(values[cell], cell, row);
      }
      if (!complete) {
        places.put(row, rows.size());
        rows.add(values);
      }
    }
    incomplete = rows.toArray(new float[0][]);
  }

  private void check(List<String> names, List<String> kept) {
    List<String> problems = new ArrayList<>();
    for (String name : table.names()) {
      if (!names.contains(name) && !kept.contains(name)) {
        problems.add(
            "%s: the model knows no column '%s'.%s To copy it as it is, say --keep %s"
                .formatted(table.path(), name, Nearest.suggestion(name, names), name));
      }
    }
    for (String name : names) {
      if (!table.names().contains(name)) {
        problems.add(
            "%s: has no column '%s', which the model needs; add it, empty where nothing is known."
                .formatted(table.path(), name));
      }
    }
    for (String name : kept) {
      if (!table.names().contains(name)) {
        problems.add(
            "--keep: %s has no column '%s'.%s"
                .formatted(table.path(), name, Nearest.suggestion(name, table.names())));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }

  private void doubt(float value, int cell, int row) {
    double off = Math.abs(layout.toModel(cell, value));
    if (layout.space(cell) instanceof Space.Real && off > FAR) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "warning: %s: column '%s': %s is %.0f standard deviations from the training data's"
                  + " mean",
              table.place(row),
              layout.names().get(cell),
              value,
              off));
    }
  }

  /** What to tell before anything is filled. */
  public List<String> warnings() {
    return warnings;
  }

  /** The rows that lack something, a cell for each that is modelled, NaN where they do. */
  public float[][] incomplete() {
    return incomplete;
  }

  /** How many cells are missing. */
  public int missing() {
    return Arrays.stream(incomplete).mapToInt(row -> (int) gaps(row).count()).sum();
  }

  private static IntStream gaps(float[] row) {
    return IntStream.range(0, row.length).filter(cell -> Float.isNaN(row[cell]));
  }

  /** Puts a value where one was missing. */
  private void fill(List<String> row, int cell, float value) {
    row.set(cells.column(sources[cell]), cells.text(sources[cell], value));
  }

  /** Every row as often as there are draws, filled with one draw each. */
  public String draws(float[][][] drawn) {
    int count = drawn.length == 0 ? 1 : drawn[0].length;
    StringBuilder sheet = new StringBuilder();
    if (!table.header().isEmpty()) {
      sheet.append(line("draw", table.header()));
    }
    for (int draw = 0; draw < count; draw++) {
      for (int row = 0; row < table.rows(); row++) {
        List<String> texts = new ArrayList<>(table.cells(row));
        Integer place = places.get(row);
        if (place != null) {
          float[] values = drawn[place][draw];
          gaps(incomplete[place]).forEach(cell -> fill(texts, cell, values[cell]));
        }
        sheet.append(line(Integer.toString(draw + 1), texts));
      }
    }
    return sheet.toString();
  }

  /**
   * Every row once, filled with means, and with what was drawn most often of what is no number; the
   * ends of intervals of numbers in columns of their own.
   */
  public String intervals(float[][][] drawn, double probability) {
    TreeSet<Integer> gaps = new TreeSet<>();
    Arrays.stream(incomplete)
        .flatMapToInt(Imputation::gaps)
        .filter(cell -> layout.space(cell) instanceof Space.Real)
        .forEach(gaps::add);
    StringBuilder sheet = new StringBuilder();
    List<String> header = new ArrayList<>(table.header());
    if (!header.isEmpty()) {
      for (int cell : gaps) {
        header.add(table.format().cell(layout.names().get(cell) + "_low"));
        header.add(table.format().cell(layout.names().get(cell) + "_high"));
      }
      sheet.append(table.line(header));
    }
    double outside = 50 - 50 * probability;
    for (int row = 0; row < table.rows(); row++) {
      List<String> texts = new ArrayList<>(table.cells(row));
      Integer place = places.get(row);
      float[] seen = place == null ? new float[layout.dimensions()] : incomplete[place];
      float[][] each = place == null ? new float[0][] : drawn[place];
      gaps(seen).forEach(cell -> fill(texts, cell, typical(column(each, cell), cell)));
      for (int cell : gaps) {
        if (Float.isNaN(seen[cell])) {
          double[] column = column(each, cell);
          texts.add(Float.toString((float) StatUtils.percentile(column, outside)));
          texts.add(Float.toString((float) StatUtils.percentile(column, 100 - outside)));
        } else {
          texts.addAll(List.of("", ""));
        }
      }
      sheet.append(table.line(texts));
    }
    return sheet.toString();
  }

  private static double[] column(float[][] draws, int cell) {
    return Arrays.stream(draws).mapToDouble(draw -> draw[cell]).toArray();
  }

  private float typical(double[] column, int cell) {
    boolean number = layout.space(cell) instanceof Space.Real;
    return (float) (number ? StatUtils.mean(column) : StatUtils.mode(column)[0]);
  }

  private String line(String first, List<String> texts) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(texts);
    return table.line(all);
  }
}
