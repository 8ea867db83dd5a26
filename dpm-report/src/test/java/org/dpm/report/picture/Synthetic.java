package org.dpm.report.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dpm.report.picture.TwoDimensionalPicture.Moment;

/** Made-up results with the look of real ones. */
final class Synthetic {

  private final SplittableRandom random = new SplittableRandom(5);

  float[][] roll(int count, double noise) {
    float[][] points = new float[count][];
    for (int i = 0; i < count; i++) {
      double angle = 1.5 * Math.PI * (1 + 2 * random.nextDouble());
      points[i] =
          new float[] {
            (float) (angle * Math.cos(angle) + noise * random.nextGaussian()),
            (float) (angle * Math.sin(angle) + noise * random.nextGaussian())
          };
    }
    return points;
  }

  /**
   * The roll with unit variance, dissolved to what is left of it at {@code fraction} of the way.
   */
  float[][] dissolved(int count, double fraction) {
    float[][] points = roll(count, 0.25);
    for (float[] point : points) {
      for (int i = 0; i < 2; i++) {
        double scaled = point[i] / 7;
        point[i] =
            (float)
                (scaled * Math.sqrt(1 - fraction) + Math.sqrt(fraction) * random.nextGaussian());
      }
    }
    return points;
  }

  List<Moment> trajectory(int count) {
    List<Moment> moments = new ArrayList<>();
    for (int quarter = 0; quarter <= 4; quarter++) {
      double fraction = quarter / 4.0;
      moments.add(new Moment(10 * quarter, dissolved(count, fraction), dissolved(count, fraction)));
    }
    return moments;
  }

  double gaussian() {
    return random.nextGaussian();
  }
}
