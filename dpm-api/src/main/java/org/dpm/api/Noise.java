package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;

/**
 * A stream of random numbers that is a function of (seed, purpose, step) and of nothing else: the
 * same three give the same draws, on any device, whatever was drawn elsewhere before. Exact
 * resumption and repeatable samples follow from this.
 *
 * <p>Successive calls on one stream give successive draws. Not safe for use by several threads:
 * give each a {@link #child}.
 */
public final class Noise {

  private final long key;
  private final SplittableRandom random;

  private Noise(long key) {
    this.key = key;
    this.random = new SplittableRandom(key);
  }

  /**
   * The stream of these three.
   *
   * @param seed the run's seed
   * @param purpose what the numbers are for, such as {@code "training"}
   * @param step which of many streams for this purpose, such as the update's number
   */
  public static Noise of(long seed, String purpose, long step) {
    return new Noise(mix(mix(mix(seed) + hash(purpose)) + step));
  }

  /** A stream of its own, fixed by this stream's origin and not by what was drawn from it. */
  public Noise child(String purpose, long step) {
    return new Noise(mix(mix(key + hash(purpose)) + step));
  }

  /** Standard normal numbers in the shape, type and on the device of {@code like}. */
  public NDArray gaussian(NDArray like) {
    return fill(like, random::nextGaussian);
  }

  /** Numbers uniform on [0, 1) in the shape, type and on the device of {@code like}. */
  public NDArray uniform(NDArray like) {
    // 24 bits are what single precision holds: nothing rounds up to 1.
    return fill(like, () -> (random.nextInt() >>> 8) * 0x1p-24);
  }

  /** One number uniform on [0, 1). */
  public double uniform() {
    return random.nextDouble();
  }

  /** One standard normal number. */
  public double gaussian() {
    return random.nextGaussian();
  }

  /** The numbers 0 to size - 1 in random order. */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  @FunctionalInterface
  private interface Draw {
    double next();
  }

  private static NDArray fill(NDArray like, Draw draw) {
    NDManager manager = like.getManager();
    Shape shape = like.getShape();
    int size = Math.toIntExact(shape.size());
    if (like.getDataType() == DataType.FLOAT64) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = draw.next();
      }
      return manager.create(values, shape);
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) draw.next();
    }
    return manager.create(values, shape);
  }

  /** FNV-1a, since String.hashCode has 32 bits only. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
  private static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
