package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Space;

/**
 * Successive numbers of an example that hang together, such as the K numbers of one of K classes:
 * what is said of them is said of their sum only.
 */
final class Blocks {

  /** In the order of the flattened example. */
  private final int[] widths;

  private Blocks(int... widths) {
    this.widths = widths;
  }

  /** Blocks of one width. */
  static Blocks of(int width, long size) {
    int[] widths = new int[Math.toIntExact(size / width)];
    Arrays.fill(widths, width);
    return new Blocks(widths);
  }

  /**
   * One for each cell of an example.
   *
   * @param spaces of the cells; a single one is that of all
   */
  static Blocks of(ForwardKernel kernel, List<Space> spaces, NDArray like) {
    long size = like.size() / like.getShape().get(0);
    int[] widths = spaces.stream().mapToInt(space -> kernel.width(space).orElse(1)).toArray();
    return widths.length == 1 ? of(widths[0], size) : new Blocks(widths);
  }

  /** How many numbers an example has. */
  int size() {
    return Arrays.stream(widths).sum();
  }

  /** How many blocks. */
  int count() {
    return widths.length;
  }

  /** How many numbers a block has. */
  int width(int block) {
    return widths[block];
  }

  /** Where a block begins. */
  int start(int block) {
    return Arrays.stream(widths).limit(block).sum();
  }

  /** Which block each number is in. */
  int[] ofNumbers() {
    return IntStream.range(0, widths.length)
        .flatMap(block -> IntStream.generate(() -> block).limit(widths[block]))
        .toArray();
  }

  /** The sum over each block of each example, [B * blocks]. */
  double[] sums(NDArray elementwise) {
    return sums(Contract.doubles(elementwise));
  }

  double[] sums(double[] elementwise) {
    int[] block = ofNumbers();
    double[] sums = new double[elementwise.length / block.length * widths.length];
    for (int i = 0; i < elementwise.length; i++) {
      sums[i / block.length * widths.length + block[i % block.length]] += elementwise[i];
    }
    return sums;
  }

  /** The numbers of a block of an example. */
  double[] numbers(double[] batch, int example, int block) {
    int from = example * size() + start(block);
    return Arrays.copyOfRange(batch, from, from + widths[block]);
  }
}
