package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;

/** The examples of a data source in batches, described and checked. */
public final class Examples {

  /** As many refusals as a reader wants to see at once. */
  private static final int TOLD = 10;

  private final DataSource source;
  private final Variables variables;
  private final int size;

  public Examples(DataSource source) {
    this.source = source;
    variables = source.variables();
    size = variables.size();
  }

  public DataSource source() {
    return source;
  }

  /**
   * Examples in data units, row-major.
   *
   * @param noise an example draws from it by its index, whatever is read with it
   */
  public float[] rows(Split split, int[] indices, Noise noise) {
    float[] rows = new float[indices.length * size];
    for (int i = 0; i < indices.length; i++) {
      source.read(split, indices[i], noise.from(indices[i]), rows, i * size);
    }
    return rows;
  }

  /** Examples as the kernel sees them, [B, element...]. */
  public NDArray batch(NDManager manager, Layout layout, Split split, int[] indices, Noise noise) {
    return layout.toModel(manager, layout.modelled(rows(split, indices, noise)));
  }

  /**
   * Moments of the training examples, and what to z-score numbers by: each cell by its own, but
   * those that a variable pools, such as the pixels of a channel, by those of all of them.
   */
  public DataDescription describe(long seed) {
    Moments moments = new Moments(size);
    Map<Integer, long[]> counts = new HashMap<>();
    categories((cell, labels) -> counts.put(cell, new long[labels]));
    float[] row = new float[size];
    Noise noise = Noise.of(seed, "description");
    int count = source.count(Split.TRAINING);
    for (int i = 0; i < count; i++) {
      source.read(Split.TRAINING, i, noise.from(i), row, 0);
      moments.add(row);
      counts.forEach((cell, labels) -> tally(labels, row[cell]));
    }
    Map<Integer, List<Double>> frequencies = new HashMap<>();
    counts.forEach(
        (cell, labels) ->
            frequencies.put(
                cell, Arrays.stream(labels).mapToObj(n -> (double) n / count).toList()));
    return described(moments, frequencies);
  }

  private static void tally(long[] labels, float cell) {
    if (cell >= 0 && cell < labels.length) {
      labels[(int) cell]++;
    }
  }

  private interface OfCategory {
    void is(int cell, int labels);
  }

  private void categories(OfCategory each) {
    int from = 0;
    for (Variable variable : variables.list()) {
      if (variable.space() instanceof Space.Category category) {
        for (int i = 0; i < variable.size(); i++) {
          each.is(from + i, category.labels().size());
        }
      }
      from += variable.size();
    }
  }

  private DataDescription described(Moments moments, Map<Integer, List<Double>> frequencies) {
    double[] mean = moments.means();
    double[] variance = moments.variances();
    List<Double> centre = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    int from = 0;
    for (Variable variable : variables.list()) {
      boolean scaled = variable.space() instanceof Space.Real;
      int group = pooled(variable);
      for (int end = from + variable.size(); from < end; from += group) {
        double within = StatUtils.mean(variance, from, group);
        double between = StatUtils.populationVariance(mean, from, group);
        double middle = scaled ? StatUtils.mean(mean, from, group) : 0;
        double width = scaled ? Math.sqrt(within + between) : 1;
        for (int i = 0; i < group; i++) {
          centre.add(middle);
          scale.add(width);
        }
      }
    }
    return new DataDescription(
        variables,
        Arrays.stream(mean).boxed().toList(),
        Arrays.stream(variance).map(Math::sqrt).boxed().toList(),
        centre,
        scale,
        frequencies,
        moments.minimum(),
        moments.maximum());
  }

  /** How many cells in a row share centre and scale. */
  private static int pooled(Variable variable) {
    int axes = variable.shape().dimension();
    int group = 1;
    for (int axis = axes - variable.pooled(); axis < axes; axis++) {
      group *= (int) variable.shape().get(axis);
    }
    return group;
  }

  /**
   * Refuses data that a model cannot learn from, saying where they stand.
   *
   * @throws InvalidInput naming the first such values
   */
  public void check(DataDescription description) {
    List<String> problems = new ArrayList<>();
    constants(description, problems);
    long refused = problems.size();
    Space[] spaces = spaces();
    List<String> names = variables.cellNames();
    float[] row = new float[size];
    for (Split split : Split.values()) {
      Noise noise = Noise.of(0, "check " + split);
      for (int i = 0; i < source.count(split); i++) {
        source.read(split, i, noise.from(i), row, 0);
        for (int j = 0; j < size; j++) {
          if (!spaces[j].contains(row[j])) {
            refused++;
            if (problems.size() < TOLD) {
              problems.add(
                  "%s: '%s' is %s, which is none of the %s that it should be."
                      .formatted(
                          source.place(split, i), names.get(j), number(row[j]), spaces[j].title()));
            }
          }
        }
      }
    }
    if (refused > problems.size()) {
      problems.add("and %d more like these.".formatted(refused - problems.size()));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }

  private Space[] spaces() {
    return variables.list().stream()
        .flatMap(
            variable -> java.util.Collections.nCopies(variable.size(), variable.space()).stream())
        .toArray(Space[]::new);
  }

  private void constants(DataDescription description, List<String> problems) {
    Space[] spaces = spaces();
    List<String> names = variables.cellNames();
    for (int j = 0; j < size && problems.size() < TOLD; j++) {
      double centre = description.centre().get(j);
      if (spaces[j] instanceof Space.Real
          && !(description.scale().get(j) > 1e-7 * Math.abs(centre))) {
        problems.add(
            "'%s' is %s in every example: a constant has no density. Leave it out."
                .formatted(names.get(j), number(centre)));
      }
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }
}
