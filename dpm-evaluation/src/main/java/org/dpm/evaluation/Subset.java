package org.dpm.evaluation;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.dpm.api.DataSource;
import org.dpm.api.Noise;

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
    int[] order = Noise.of(seed, "held-out subset", 0).permutation(count);
    chosen = Arrays.copyOf(order, Math.min(most, count));
    Arrays.sort(chosen);
  }

  private int original(Split split, int index) {
    return split == Split.HELD_OUT ? chosen[index] : index;
  }

  @Override
  public Shape element() {
    return source.element();
  }

  @Override
  public int count(Split split) {
    return split == Split.HELD_OUT ? chosen.length : source.count(split);
  }

  @Override
  public void read(Split split, int index, Noise noise, float[] target, int offset) {
    source.read(split, original(split, index), noise, target, offset);
  }

  @Override
  public List<String> names() {
    return source.names();
  }

  @Override
  public String place(Split split, int index) {
    return source.place(split, original(split, index));
  }

  @Override
  public double grain() {
    return source.grain();
  }

  @Override
  public OptionalDouble trueLogDensity(float[] example) {
    return source.trueLogDensity(example);
  }

  @Override
  public DataSource withHeldOut(Path file) {
    return source.withHeldOut(file);
  }
}
