package org.dpm.training;

import org.dpm.api.Noise;

/**
 * Which examples are in which batch: every epoch a new permutation, batches running on from one
 * epoch into the next. A function of the seed and the update's number.
 */
final class BatchOrder {

  private final long seed;
  private final int size;
  private long epoch = -1;
  private int[] permutation = new int[0];

  BatchOrder(long seed, int size) {
    this.seed = seed;
    this.size = size;
  }

  /** How many examples an epoch has. */
  int size() {
    return size;
  }

  int[] batch(long update, int batch) {
    int[] indices = new int[batch];
    for (int i = 0; i < batch; i++) {
      long position = update * batch + i;
      if (position / size != epoch) {
        epoch = position / size;
        permutation = Noise.of(seed, "epoch").at(epoch).permutation(size);
      }
      indices[i] = permutation[(int) (position % size)];
    }
    return indices;
  }
}
