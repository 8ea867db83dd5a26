package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;

/**
 * A batch in which every example stands many times in a row, so that each of its elements can be
 * looked at as many draws of one number.
 *
 * @param examples how many different ones there are
 */
record Sampled(int examples) {

  private static final int MOST_COPIES = 20_000;
  private static final int FEWEST_COPIES = 2_000;
  private static final int NUMBERS = 240_000;

  /** Every example many times: the more, the smaller the examples are. */
  static NDArray copies(NDArray data) {
    long copies = Math.max(FEWEST_COPIES, Math.min(MOST_COPIES, NUMBERS / data.size()));
    return data.repeat(0, copies);
  }

  /** The draws of each element of each example. */
  Draws[] draws(NDArray batch) {
    double[] values = Contract.doubles(batch);
    int rows = Math.toIntExact(batch.getShape().get(0));
    int copies = rows / examples;
    int size = values.length / rows;
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
   * @param times how often one test asserts this
   */
  void assertDrawnFrom(Distribution distribution, NDArray x, Noise noise, String what, int times) {
    Draws[] drawn = draws(x);
    Draws[] mean = draws(distribution.mean());
    Draws[] surprise = draws(distribution.logProbability(x).neg());
    Draws[] entropy = draws(distribution.entropy());
    Draws[] own = draws(distribution.sample(noise));
    int comparisons = 3 * drawn.length * times;
    for (int i = 0; i < drawn.length; i++) {
      String which = "%s, number %d, ".formatted(what, i);
      double expectedMean = mean[i].mean();
      double expectedSurprise = entropy[i].mean();
      drawn[i].assertExpectation(
          which + "mean", expectedMean, comparisons, Contract.rounding(x, expectedMean));
      surprise[i].assertExpectation(
          which + "surprise", expectedSurprise, comparisons, Contract.rounding(x, 1));
      drawn[i].assertLike(which, own[i], comparisons);
    }
  }
}
