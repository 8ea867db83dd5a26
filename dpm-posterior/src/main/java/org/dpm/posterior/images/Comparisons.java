package org.dpm.posterior.images;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.core.Model;

/** What simpler methods make of the same damaged images, with the same training data. */
public final class Comparisons {

  /** Training images that a covariance is estimated from. */
  private static final int FOR_COVARIANCE = 10_000;

  private final Model model;
  private final DataSource source;
  private final Restoration restoration;
  private final boolean[] damaged;
  private final float[] mean;

  /**
   * @param damaged which elements are compared
   */
  public Comparisons(Model model, DataSource source, Restoration restoration, boolean[] damaged) {
    this.model = model;
    this.source = source;
    this.restoration = restoration;
    this.damaged = damaged;
    mean = new float[damaged.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = model.data().mean().get(i).floatValue();
    }
  }

  /** For images of which a part is hidden. */
  public Map<String, Double> ofHidden() {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("mean of the draws", error(restoration.means()));
    errors.put("a single draw", error(single()));
    errors.put("mean of the training images", error(everywhere(mean)));
    errors.put("nearest training image", error(nearest()));
    return errors;
  }

  /** For images with white noise. */
  public Map<String, Double> ofNoise(double sigma) {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("posterior mean", error(restoration.restored()));
    errors.put("mean of the draws", error(restoration.means()));
    errors.put("a single draw", error(single()));
    errors.put("the noisy image itself", error(restoration.damaged()));
    errors.put("best Gaussian blur", bestBlur());
    errors.put("Wiener filter", error(wiener(sigma)));
    return errors;
  }

  private double error(float[][] guess) {
    // Of images all elements of a channel have one scale; channels weigh alike.
    double scale = model.layout().scale(0);
    return restoration.meanSquaredError(guess, damaged) / (scale * scale);
  }

  private float[][] single() {
    return Arrays.stream(restoration.draws()).map(draws -> draws[0]).toArray(float[][]::new);
  }

  private float[][] everywhere(float[] image) {
    return Arrays.stream(restoration.damaged()).map(each -> image).toArray(float[][]::new);
  }

  private float[] training(int index) {
    float[] image = new float[mean.length];
    source.read(Split.TRAINING, index, Noise.of(0, "comparison").from(index), image, 0);
    return image;
  }

  /** The training image that is most like what is seen. */
  private float[][] nearest() {
    float[][] seen = restoration.original().values();
    float[][] nearest = new float[seen.length][];
    double[] best = new double[seen.length];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    for (int n = 0; n < source.count(Split.TRAINING); n++) {
      float[] candidate = training(n);
      for (int i = 0; i < seen.length; i++) {
        double distance = 0;
        for (int j = 0; j < candidate.length && distance < best[i]; j++) {
          double difference = damaged[j] ? 0 : candidate[j] - seen[i][j];
          distance += difference * difference;
        }
        if (distance < best[i]) {
          best[i] = distance;
          nearest[i] = candidate;
        }
      }
    }
    return nearest;
  }

  /** The best linear estimate for the training images' mean and covariance, and this noise. */
  private float[][] wiener(double sigma) {
    int size = mean.length;
    int count = Math.min(FOR_COVARIANCE, source.count(Split.TRAINING));
    double[][] covariance = new double[size][size];
    for (int n = 0; n < count; n++) {
      float[] image = training(n);
      for (int i = 0; i < size; i++) {
        double here = (image[i] - mean[i]) / count;
        double[] row = covariance[i];
        for (int j = 0; j <= i; j++) {
          row[j] += here * (image[j] - mean[j]);
        }
      }
    }
    double[][] seen = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        covariance[i][j] = covariance[Math.max(i, j)][Math.min(i, j)];
        seen[i][j] = covariance[i][j] + (i == j ? sigma * sigma : 0);
      }
    }
    RealMatrix surprise = new Array2DRowRealMatrix(size, restoration.damaged().length);
    for (int n = 0; n < restoration.damaged().length; n++) {
      for (int i = 0; i < size; i++) {
        surprise.setEntry(i, n, restoration.damaged()[n][i] - mean[i]);
      }
    }
    RealMatrix weights =
        new CholeskyDecomposition(new Array2DRowRealMatrix(seen, false))
            .getSolver()
            .solve(surprise);
    RealMatrix estimate = new Array2DRowRealMatrix(covariance, false).multiply(weights);
    return IntStream.range(0, restoration.damaged().length)
        .mapToObj(n -> sum(estimate.getColumn(n)))
        .toArray(float[][]::new);
  }

  private float[] sum(double[] difference) {
    float[] sum = mean.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (float) difference[i];
    }
    return sum;
  }

  /** The error of the blur whose width suits these very images best: a lead for the blur. */
  private double bestBlur() {
    return IntStream.rangeClosed(2, 30)
        .mapToDouble(tenths -> error(blurred(tenths / 10.0)))
        .min()
        .orElseThrow();
  }

  private float[][] blurred(double width) {
    return Arrays.stream(restoration.damaged())
        .map(image -> blurred(blurred(image, width, true), width, false))
        .toArray(float[][]::new);
  }

  /** Along one axis, with weights that sum to 1 at the edges too. */
  private float[] blurred(float[] image, double sigma, boolean across) {
    Shape element = model.layout().shape();
    int height = (int) element.get(1);
    int width = (int) element.get(2);
    int stride = across ? 1 : width;
    int length = across ? width : height;
    float[] blurred = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      int at = across ? i % width : i / width % height;
      double sum = 0;
      double total = 0;
      for (int k = -Math.min(at, 9); k <= Math.min(length - 1 - at, 9); k++) {
        double weight = Math.exp(-0.5 * k * k / (sigma * sigma));
        sum += weight * image[i + k * stride];
        total += weight;
      }
      blurred[i] = (float) (sum / total);
    }
    return blurred;
  }
}
