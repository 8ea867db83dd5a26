package org.dpm.data.image;

/**
 * Enlarges or reduces a line of pixels. Each new pixel is a mean of the old ones about its place,
 * weighted by a tent: between two pixels when enlarging, and as wide as two new pixels when
 * reducing, so that none is skipped and fine patterns do not turn into coarse ones.
 */
final class Resampling {

  private final int[] first;
  private final float[][] weights;

  /**
   * @param source pixels of the old line
   * @param from where the part of it begins that is wanted
   * @param length of that part
   * @param target pixels of the new line
   */
  Resampling(int source, double from, double length, int target) {
    first = new int[target];
    weights = new float[target][];
    double scale = length / target;
    double reach = Math.max(1, scale);
    for (int i = 0; i < target; i++) {
      double centre = from + (i + 0.5) * scale;
      first[i] = (int) Math.max(0, Math.floor(centre - reach));
      int end = (int) Math.min(source, Math.ceil(centre + reach));
      weights[i] = tent(first[i], end, centre, reach);
    }
  }

  private static float[] tent(int first, int end, double centre, double reach) {
    double[] heights = new double[end - first];
    double sum = 0;
    for (int k = 0; k < heights.length; k++) {
      heights[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach);
      sum += heights[k];
    }
    float[] shares = new float[heights.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (float) (heights[k] / sum);
    }
    return shares;
  }

  /** One line; its pixels are {@code step} apart in memory, those of the new one {@code stride}. */
  void line(float[] old, int at, int step, float[] target, int offset, int stride) {
    for (int i = 0; i < weights.length; i++) {
      float[] shares = weights[i];
      float sum = 0;
      for (int k = 0; k < shares.length; k++) {
        sum += shares[k] * old[at + (first[i] + k) * step];
      }
      target[offset + i * stride] = sum;
    }
  }
}
