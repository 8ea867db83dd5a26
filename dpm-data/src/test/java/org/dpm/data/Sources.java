package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;

/** What tests ask of sources. */
final class Sources {

  private Sources() {}

  /** The only variable of an example. */
  static Variable only(DataSource source) {
    if (source.variables().list().size() != 1) {
      throw new AssertionError("should be one variable, but are " + source.variables());
    }
    return source.variables().list().get(0);
  }

  static Shape shape(DataSource source) {
    return only(source).shape();
  }

  static Space space(DataSource source) {
    return only(source).space();
  }

  /** Example by example, as a host reads them. */
  static float[][] examples(DataSource source, Split split) {
    float[][] examples = new float[source.count(split)][];
    for (int i = 0; i < examples.length; i++) {
      examples[i] = example(source, split, i);
    }
    return examples;
  }

  static float[] example(DataSource source, Split split, int index) {
    return example(source, split, index, Noise.of(1, "test"));
  }

  /**
   * @param noise from which the example draws by its index
   */
  static float[] example(DataSource source, Split split, int index, Noise noise) {
    float[] cells = new float[source.variables().size()];
    source.read(split, index, noise.from(index), cells, 0);
    return cells;
  }
}
