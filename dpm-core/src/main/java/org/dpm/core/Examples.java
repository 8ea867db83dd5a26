package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.DataSummary;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;

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
   * Moments of the training examples, and what to z-score them by: each element by its own, but
   * images by those of the channel, whose pixels are alike.
   */
  public DataDescription describe(long seed) {
    Moments moments = new Moments(size);
    float[] row = new float[size];
    Noise noise = Noise.of(seed, "description", 0);
    for (int i = 0; i < source.count(Split.TRAINING); i++) {
      source.read(Split.TRAINING, i, noise, row, 0);
      moments.add(row);
    }
    int channels = source.element().dimension() > 1 ? (int) source.element().get(0) : size;
    DataSummary summary = pooled(moments, size / channels);
    return new DataDescription(
        summary, source.names(), source.grain(), moments.minimum(), moments.maximum());
  }

  /** Elements in groups of {@code pixels} share the moments of their union. */
  private DataSummary pooled(Moments moments, int pixels) {
    double[] mean = moments.means();
    double[] variance = moments.variances();
    List<Double> centre = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int from = 0; from < size; from += pixels) {
      double within = StatUtils.mean(variance, from, pixels);
      double between = StatUtils.populationVariance(mean, from, pixels);
      centre.addAll(Collections.nCopies(pixels, StatUtils.mean(mean, from, pixels)));
      scale.addAll(Collections.nCopies(pixels, Math.sqrt(within + between)));
    }
    List<Double> deviation = Arrays.stream(variance).map(Math::sqrt).boxed().toList();
    return new DataSummary(
        source.element(), Arrays.stream(mean).boxed().toList(), deviation, centre, scale);
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
      if (!(summary.scale().get(j) > 1e-7 * Math.abs(summary.centre().get(j)))) {
        problems.add(
            "%s is %s in every example: a constant has no density. Leave it out."
                .formatted(name(j), number(summary.centre().get(j))));
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
