package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/**
 * A batch in which every example stands many times in a row, so that each of its elements can be
 * looked at as many draws of one number.
 *
 * @param examples how many different ones there are
 * @param blocks which elements hang together
 * @param onLine which blocks have a mean: not those on a circle
 */
record Sampled(int examples, Blocks blocks, IntPredicate onLine) {

  private static final int MOST_COPIES = 20_000;
  private static final int FEWEST_COPIES = 2_000;
  private static final int NUMBERS = 240_000;

  /** Pairs of elements whose independence is looked at. */
  private static final int PAIRS = 12;

  /** Of one example, each of whose elements stands alone. */
  static Sampled single(long size) {
    return new Sampled(1, Blocks.of(1, size), block -> true);
  }

  /** Every example many times: the more, the smaller the examples are. */
  static NDArray copies(NDArray data) {
    long copies = Math.max(FEWEST_COPIES, Math.min(MOST_COPIES, NUMBERS / data.size()));
    return data.repeat(0, copies);
  }

  /** The draws of each element of each example. */
  Draws[] draws(NDArray batch) {
    return columns(Contract.doubles(batch), blocks.size());
  }

  /** The draws of the sum over each block of each example. */
  private Draws[] blockDraws(NDArray batch) {
    return columns(blocks.sums(batch), blocks.count());
  }

  private Draws[] columns(double[] values, int size) {
    int copies = values.length / size / examples;
    Draws[] draws = new Draws[examples * size];
    for (int example = 0; example < examples; example++) {
      for (int element = 0; element < size; element++) {
        double[] one = new double[copies];
        for (int copy = 0; copy < copies; copy++) {
          one[copy] = values[(example * copies + copy) * size + element];
        }
        draws[example * size + element] = new Draws(one);
      }
    }
    return draws;
  }

  /**
   * That the draws {@code x} come from a distribution: their mean is its mean, their average
   * surprise its entropy, and its own draws look the same.
   *
   * @param single the distribution for the examples, each once
   * @param many the same for a batch like {@code x}
   * @param times how often one test asserts this
   */
  void assertDrawnFrom(
      Distribution single, Distribution many, NDArray x, Noise noise, String what, int times) {
    Draws[] drawn = draws(x);
    double[] mean = Contract.doubles(single.mean());
    int[] block = blocks.ofNumbers();
    Draws[] own = draws(many.sample(noise));
    int comparisons = 3 * drawn.length * times;
    for (int i = 0; i < drawn.length; i++) {
      String which = "%s, number %d, ".formatted(what, i);
      if (onLine.test(block[i % block.length])) {
        drawn[i].assertExpectation(
            which + "mean", mean[i], comparisons, Contract.rounding(x, mean[i]));
      }
      drawn[i].assertLike(which, own[i], comparisons);
    }
    double[] entropy = blocks.sums(single.entropy());
    Draws[] surprise = blockDraws(many.logProbability(x).neg());
    for (int i = 0; i < surprise.length; i++) {
      surprise[i].assertExpectation(
          "%s, block %d, surprise".formatted(what, i),
          entropy[i],
          comparisons,
          Contract.rounding(x, 1));
    }
  }

  /**
   * That elements of one example, of different blocks, are drawn independently: no two of them rise
   * together.
   */
  void assertIndependentElements(NDArray x, String what) {
    double[] values = Contract.doubles(x);
    int size = blocks.size();
    int copies = values.length / size / examples;
    int[] block = blocks.ofNumbers();
    Draws[] columns = columns(values, size);
    int done = 0;
    for (int i = 0; i < size && done < PAIRS; i++) {
      for (int j = i + 1; j < size && done < PAIRS; j++) {
        if (block[i] != block[j]) {
          done++;
          for (int example = 0; example < examples; example++) {
            double[] one = standardised(columns[example * size + i]);
            double[] other = standardised(columns[example * size + j]);
            double[] product = new double[copies];
            Arrays.setAll(product, k -> one[k] * other[k]);
            new Draws(product)
                .assertExpectation(
                    "%s, example %d: correlation of numbers %d and %d"
                        .formatted(what, example, i, j),
                    0,
                    PAIRS * examples,
                    // What the means, which are the draws' own, are off by.
                    60.0 / copies);
          }
        }
      }
    }
  }

  private static double[] standardised(Draws draws) {
    double deviation = Math.max(draws.deviation(), 1e-12);
    return Arrays.stream(draws.values()).map(v -> (v - draws.mean()) / deviation).toArray();
  }
}
