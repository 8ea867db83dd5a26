package org.dpm.posterior.images;

import java.util.Arrays;

/**
 * Images, what was left of them, and what was drawn to restore them; all in data units.
 *
 * @param original as they were; what a person sees as the truth
 * @param damaged what was known of them
 * @param restored what is shown for them
 * @param draws [images][draws][elements]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Restoration(
    Images original, float[][] damaged, float[][] restored, float[][][] draws) {

  /** Of which the mean of each image's draws is shown. */
  public static Restoration byMeans(Images original, float[][] damaged, float[][][] draws) {
    return new Restoration(original, damaged, means(draws), draws);
  }

  /** The mean of each image's draws. */
  public float[][] means() {
    return means(draws);
  }

  private static float[][] means(float[][][] draws) {
    return Arrays.stream(draws).map(Restoration::mean).toArray(float[][]::new);
  }

  private static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  /** How far the draws of an image scatter, element by element; of one draw there is nothing. */
  public double[] deviation(int image) {
    float[][] rows = draws[image];
    float[] mean = mean(rows);
    double[] squares = new double[mean.length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        squares[i] += Math.pow(row[i] - mean[i], 2) / (rows.length - 1);
      }
    }
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  /** Mean square of the difference from the original, over the elements that were damaged. */
  public double meanSquaredError(float[][] guess, boolean[] damagedElements) {
    double sum = 0;
    long count = 0;
    for (int i = 0; i < guess.length; i++) {
      for (int j = 0; j < guess[i].length; j++) {
        if (damagedElements[j]) {
          sum += Math.pow(guess[i][j] - original.values()[i][j], 2);
          count++;
        }
      }
    }
    return sum / count;
  }
}
