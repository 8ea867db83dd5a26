package org.dpm.evaluation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;
import org.dpm.api.Variables;

/**
 * A data source of which only some held-out examples are used: chosen at random, in their order.
 */
public final class Subset implements DataSource {

  private final DataSource source;
  private final int[] chosen;

  /**
   * @param most how many to use, or all where there are fewer
   * @param seed the same seed chooses the same
   */
  public Subset(DataSource source, int most, long seed) {
    this.source = source;
    int count = source.count(Split.HELD_OUT);
    int[] order = Noise.of(seed, "held-out subset").permutation(count);
    chosen = Arrays.copyOf(order, Math.min(most, count));
    Arrays.sort(chosen);
  }

  private int original(Split split, int index) {
    return split == Split.HELD_OUT ? chosen[index] : index;
  }

  @Override
  public Variables variables() {
    return source.variables();
  }

  @Override
  public int count(Split split) {
    return split == Split.HELD_OUT ? chosen.length : source.count(split);
  }

  /** An example is read as it would be from the whole, whatever else was chosen. */
  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    int original = original(split, index);
    source.read(split, original, noise.from(original), target, offset);
  }

  @Override
  public String place(Split split, int index) {
    return source.place(split, original(split, index));
  }

  @Override
  public OptionalDouble trueLogDensity(float[] cells) {
    return source.trueLogDensity(cells);
  }

  @Override
  public DataSource withHeldOut(Path file) {
    return source.withHeldOut(file);
  }
}
