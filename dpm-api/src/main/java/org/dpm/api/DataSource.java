package org.dpm.api;

import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Where examples come from: two sets of them, to learn from and to be judged on. An implementation
 * holds its examples in whatever form is small, and unpacks one when it is asked for. It is read
 * from one thread at a time, though not always the same.
 */
public interface DataSource {

  /** Which set of examples. */
  enum Split {
    /** What the model learns from. */
    TRAINING,
    /** What it never sees, and is judged on. */
    HELD_OUT
  }

  /** What an example consists of. */
  Variables variables();

  /** How many examples there are. */
  int count(Split split);

  /**
   * Unpacks one example, in data units: a cell for each value of each variable, in their order and
   * row-major; the index of a label for a category; NaN for what is missing.
   *
   * @param index from 0 to count - 1
   * @param noise what the source adds itself, such as dequantisation, is drawn from here
   * @param target receives the cells, from {@code offset}
   */
  void read(Split split, int index, Noise noise, float[] target, int offset);

  /**
   * Where an example was read from, for messages: {@code people.csv:17}, or {@code example 16}.
   *
   * @param index from 0 to count - 1
   */
  default String place(Split split, int index) {
    return "example " + index;
  }

  /**
   * The true log density of one example, or log probability for discrete data, in nats and data
   * units, where it is known.
   *
   * @param cells as {@link #read} gives them
   */
  default OptionalDouble trueLogDensity(float[] cells) {
    return OptionalDouble.empty();
  }

  /**
   * The same source with the examples of another file held out instead: all of them, in the file's
   * order, read by the same settings.
   *
   * @throws InvalidInput if the file cannot be read so, or if this source reads no files
   */
  default DataSource withHeldOut(Path file) {
    throw new InvalidInput(
        file + ": cannot be read, since the model's data come from no file but are made.");
  }
}
