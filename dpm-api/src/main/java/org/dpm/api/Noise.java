package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Random numbers that are a function of (seed, purpose; example, step, position) and of nothing
 * else: what example n of a batch draws depends neither on how many others there are, nor on
 * pieces, threads or machines. Exact resumption, repeatable samples, and samples that are the
 * beginning of larger ones all follow from this.
 *
 * <p>Each number is one word of Philox4x32-10 (Salmon et al. 2011), keyed by seed and purpose, with
 * the counter (position, step, example); normal numbers are the inverse distribution function of
 * it. Row i of an array is example {@link #from first} + i. Successive calls on one stream go on in
 * position; {@link #at} another step begins anew. Not safe for use by several threads: each derives
 * a stream of its own.
 */
public final class Noise {

  /** Where single numbers are counted from, far from those of arrays. */
  private static final int SINGLE = 1 << 31;

  /** The fractional part of the golden ratio, whose multiples are spread most evenly. */
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final long key;
  private final long step;
  private final long first;
  private final long[] rows;
  private final int[] words = new int[4];
  private int block;
  private int single = SINGLE;

  /** Words of the last block of single numbers that are left. */
  private final int[] pool = new int[4];

  private int left;

  private Noise(long key, long step, long first, long... rows) {
    this.key = key;
    this.step = step;
    this.first = first;
    this.rows = rows;
  }

  /**
   * The stream of a seed and a purpose, at step 0, for examples from 0.
   *
   * @param seed the run's seed
   * @param purpose what the numbers are for, such as {@code "training"}
   */
  public static Noise of(long seed, String purpose) {
    return new Noise(mix(mix(seed) + hash(purpose)), 0, 0);
  }

  /**
   * For another purpose at this stream's step, of the same examples, with steps of its own: fixed
   * by origin, not by what was drawn.
   */
  public Noise child(String purpose) {
    return new Noise(mix(mix(key + hash(purpose)) + step), 0, first, rows);
  }

  /** Of the same purpose and examples at a step, such as an update's or a stage's number. */
  public Noise at(long step) {
    return new Noise(key, step, first, rows);
  }

  /** For a batch of which row i is example {@code first} + i. */
  public Noise from(long first) {
    return new Noise(key, step, first);
  }

  /** For a batch of which row i is example {@code rows[i]}, each not negative. */
  public Noise rows(long... rows) {
    return new Noise(key, step, 0, rows.clone());
  }

  /** For some rows of the batch that this is for, in another order or with repetition. */
  public Noise subset(int... indices) {
    return new Noise(key, step, 0, Arrays.stream(indices).mapToLong(this::example).toArray());
  }

  /** Standard normal numbers in the shape, type and on the device of {@code like}. */
  public NDArray gaussian(NDArray like) {
    int[] drawn = words(like);
    double[] values = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      values[i] = InverseNormal.of(drawn[i]);
    }
    return array(like, values);
  }

  /** Numbers uniform on [0, 1) in the shape, type and on the device of {@code like}. */
  public NDArray uniform(NDArray like) {
    int[] drawn = words(like);
    double[] values = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      // 24 bits are what single precision holds: nothing rounds up to 1.
      values[i] = (drawn[i] >>> 8) * 0x1p-24;
    }
    return array(like, values);
  }

  /** One number uniform on [0, 1), of the first example. */
  public double uniform() {
    return ((next() & 0xffffffffL) << 21 ^ (next() & 0xffffffffL)) * 0x1p-53;
  }

  /** One standard normal number, of the first example. */
  public double gaussian() {
    return InverseNormal.of(next());
  }

  private int next() {
    if (left == 0) {
      compute(pool, example(0), single++);
      left = pool.length;
    }
    return pool[pool.length - left--];
  }

  /**
   * A number for each example, uniform on [0, 1), and those of successive examples spread evenly:
   * multiples of the golden ratio from a common random offset. An example has the same number
   * whatever batch it is in.
   *
   * @param count how many examples
   */
  public double[] spread(int count) {
    compute(words, -1, single++);
    double offset = (words[0] & 0xffffffffL) * 0x1p-32;
    double[] spread = new double[count];
    for (int i = 0; i < count; i++) {
      spread[i] = (offset + (example(i) * GOLDEN) % 1) % 1;
    }
    return spread;
  }

  /** The numbers 0 to size - 1 in random order. */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = (int) (uniform() * (i + 1));
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private long example(int row) {
    return rows.length == 0 ? first + row : rows[row];
  }

  private static NDArray array(NDArray like, double[] values) {
    NDManager manager = like.getManager();
    if (like.getDataType() == DataType.FLOAT64) {
      return manager.create(values, like.getShape());
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, like.getShape());
  }

  /** A word for each number, row by row, each row's in blocks of its own. */
  private int[] words(NDArray like) {
    Shape shape = like.getShape();
    int size = Math.toIntExact(shape.size());
    int count = shape.dimension() == 0 ? 1 : Math.toIntExact(shape.get(0));
    if (rows.length > 0 && rows.length != count) {
      throw new IllegalArgumentException(
          "noise is for %d examples, but the batch has %d".formatted(rows.length, count));
    }
    int each = count == 0 ? 0 : size / count;
    int[] drawn = new int[size];
    for (int row = 0; row < count; row++) {
      long example = example(row);
      for (int done = 0; done < each; done += 4) {
        compute(words, example, block + done / 4);
        System.arraycopy(words, 0, drawn, row * each + done, Math.min(4, each - done));
      }
    }
    block += (each + 3) / 4;
    return drawn;
  }

  private void compute(int[] words, long example, int position) {
    words[0] = position;
    words[1] = (int) step;
    words[2] = (int) example;
    words[3] = (int) (example >>> 32);
    philox(words, (int) key, (int) (key >>> 32));
  }

  /** Philox4x32-10, in place. */
  static void philox(int[] counter, int key0, int key1) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      long even = (c0 & 0xffffffffL) * 0xD2511F53L;
      long odd = (c2 & 0xffffffffL) * 0xCD9E8D57L;
      c0 = (int) (odd >>> 32) ^ c1 ^ k0;
      c1 = (int) odd;
      c2 = (int) (even >>> 32) ^ c3 ^ k1;
      c3 = (int) even;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    counter[0] = c0;
    counter[1] = c1;
    counter[2] = c2;
    counter[3] = c3;
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

  @Override
  public String toString() {
    return "noise at step " + step + (rows.length == 0 ? " from " + first : Arrays.toString(rows));
  }
}
