package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.VariationalBound;

/**
 * The terms of -K, of which some count for more: those of steps where about as much signal as noise
 * is left, at which the large features of the data are decided.
 *
 * <p>Step t counts for a number proportional to 1 + emphasis exp(-(l_t - centre)^2 / (2 width^2)),
 * l_t its log signal-to-noise ratio, and the numbers have a mean of one: Kingma and Gao 2023 on
 * weighted bounds. It is not multiplied by that number, but looked at as much more often, which has
 * less variance. Each step's own optimum is that of K. What a network that cannot have all of them
 * gives up is another: samples look better, and K is a little lower.
 */
final class WeightedBoundObjective implements Objective {

  /**
   * @param emphasis how many times more than at the ends of the trajectory; 0 for K itself
   * @param centre log signal-to-noise ratio that counts for most
   * @param width standard deviation of the emphasis about it
   */
  record Settings(
      @JsonProperty(defaultValue = "4")
          @JsonPropertyDescription("by how many times steps near the centre count for more")
          double emphasis,
      @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription("log signal-to-noise ratio that counts for most")
          double centre,
      @JsonProperty(defaultValue = "2.5")
          @JsonPropertyDescription("how far from the centre the emphasis falls to 0.6 of it")
          double width) {

    Settings {
      if (!(emphasis >= 0 && emphasis < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("emphasis must be 0 or more, but is " + emphasis);
      }
      if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("width must be greater than 0, but is " + width);
      }
      if (!Double.isFinite(centre)) {
        throw new IllegalArgumentException("centre must be finite, but is " + centre);
      }
    }
  }

  private final Settings settings;

  @Inject
  WeightedBoundObjective(Settings settings) {
    this.settings = settings;
  }

  @Override
  public NDArray loss(NDArray data, Diffusion diffusion, Noise noise) {
    VariationalBound bound = new VariationalBound(diffusion);
    int batch = Math.toIntExact(data.getShape().get(0));
    double[] cumulative = cumulative(bound.firstStep(), diffusion, data);
    int[] steps =
        Arrays.stream(noise.spread(batch))
            .mapToInt(uniform -> bound.firstStep() + place(cumulative, uniform))
            .toArray();
    return bound.estimate(data, steps, noise);
  }

  /** Sums of what the steps count for. */
  private double[] cumulative(int first, Diffusion diffusion, NDArray like) {
    int[] steps = IntStream.rangeClosed(first, diffusion.steps()).toArray();
    double[] sums = new double[steps.length];
    try (NDScope scope = new NDScope()) {
      NDArray ratios = diffusion.stage(like, steps).logSnr();
      double[] logSnr = ratios.toType(DataType.FLOAT64, false).toDoubleArray();
      for (int i = 0; i < sums.length; i++) {
        double off = (logSnr[i] - settings.centre()) / settings.width();
        double weight = 1 + settings.emphasis() * Math.exp(-off * off / 2);
        sums[i] = weight + (i == 0 ? 0 : sums[i - 1]);
      }
    }
    return sums;
  }

  /** Where a uniform number falls, if each place is as long as what it counts for. */
  private static int place(double[] cumulative, double uniform) {
    int last = cumulative.length - 1;
    int found = Arrays.binarySearch(cumulative, uniform * cumulative[last]);
    return Math.min(found < 0 ? -found - 1 : found + 1, last);
  }
}
