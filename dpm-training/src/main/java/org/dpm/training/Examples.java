package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.DataSummary;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.DataDescription;
import org.dpm.core.Scaling;

/** The examples of a data source in batches, described, checked and scaled. */
public final class Examples {

  /** As many refusals as a reader wants to see at once. */
  private static final int TOLD = 10;

  private final DataSource source;
  private final int size;

  public Examples(DataSource source) {
    this.source = source;
    this.size = Math.toIntExact(source.element().size());
  }

  public DataSource source() {
    return source;
  }

  /** Examples in data units, row-major. */
  public float[] rows(Split split, int[] indices, Noise noise) {
    float[] rows = new float[indices.length * size];
    for (int i = 0; i < indices.length; i++) {
      source.read(split, indices[i], noise, rows, i * size);
    }
    return rows;
  }

  /** Examples as the kernel sees them, [B, element...]. */
  public NDArray batch(
      NDManager manager, Scaling scaling, Split split, int[] indices, Noise noise) {
    return scaling.toModel(manager, rows(split, indices, noise));
  }

  /**
   * Mean and standard deviation of the training examples: of each element, or, for images, of each
   * channel, whose pixels are alike.
   */
  public DataDescription describe(long seed) {
    int groups = source.element().dimension() > 1 ? (int) source.element().get(0) : size;
    int pixels = size / groups;
    double[] sum = new double[groups];
    double[] square = new double[groups];
    double minimum = Double.POSITIVE_INFINITY;
    double maximum = Double.NEGATIVE_INFINITY;
    int count = source.count(Split.TRAINING);
    float[] row = new float[size];
    Noise noise = Noise.of(seed, "description", 0);
    // Moments about the first example, so that a mean far from zero costs no digits.
    double[] origin = new double[groups];
    for (int i = 0; i < count; i++) {
      source.read(Split.TRAINING, i, noise, row, 0);
      for (int j = 0; j < size; j++) {
        int g = j / pixels;
        if (i == 0 && j % pixels == 0) {
          origin[g] = row[j];
        }
        double centred = row[j] - origin[g];
        sum[g] += centred;
        square[g] += centred * centred;
        minimum = Math.min(minimum, row[j]);
        maximum = Math.max(maximum, row[j]);
      }
    }
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    double total = (double) count * pixels;
    for (int j = 0; j < size; j++) {
      int g = j / pixels;
      double centre = sum[g] / total;
      mean.add(origin[g] + centre);
      deviation.add(Math.sqrt(Math.max(square[g] / total - centre * centre, 0)));
    }
    DataSummary summary = new DataSummary(source.element(), mean, deviation);
    return new DataDescription(summary, source.names(), source.grain(), minimum, maximum);
  }

  /**
   * Refuses data that the kernel cannot learn from, saying where they stand.
   *
   * @throws InvalidInput naming the first such values
   */
  public void check(ForwardKernel kernel, DataDescription description) {
    List<String> problems = new ArrayList<>();
    if (kernel.standardises()) {
      constants(description, problems);
    }
    long refused = problems.size();
    float[] row = new float[size];
    for (Split split : Split.values()) {
      Noise noise = Noise.of(0, "check " + split, 0);
      for (int i = 0; i < source.count(split); i++) {
        source.read(split, i, noise, row, 0);
        for (int j = 0; j < size; j++) {
          if (!kernel.supports(row[j])) {
            refused++;
            if (problems.size() < TOLD) {
              problems.add(
                  "%s: %s is %s, which the kernel cannot take."
                      .formatted(source.place(split, i), name(j), number(row[j])));
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

  private void constants(DataDescription description, List<String> problems) {
    DataSummary summary = description.summary();
    for (int j = 0; j < size && problems.size() < TOLD; j++) {
      if (!(summary.standardDeviation().get(j) > 1e-7 * Math.abs(summary.mean().get(j)))) {
        problems.add(
            "%s is %s in every example: a constant has no density. Leave it out."
                .formatted(name(j), number(summary.mean().get(j))));
      }
    }
  }

  private String name(int element) {
    List<String> names = source.names();
    return names.isEmpty() ? "element " + (element + 1) : "'" + names.get(element) + "'";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Float.toString((float) value);
  }
}
