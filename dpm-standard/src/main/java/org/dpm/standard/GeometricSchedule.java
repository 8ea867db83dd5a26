package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;

/**
 * The ratio of noise to signal, sigma = e^(-lambda / 2), rises geometrically: sigma(t) = sigmaMin
 * (sigmaMax / sigmaMin)^t. On the variance-exploding path sigma is the standard deviation of the
 * noise: Song and Ermon 2019; Song et al. 2021, appendix C.
 */
final class GeometricSchedule implements ClosedForm {

  /**
   * @param sigmaMin sigma(0), which time 0 itself, the data, does not have
   * @param sigmaMax sigma(1)
   */
  record Settings(
      @JsonProperty(defaultValue = "0.01")
          @JsonPropertyDescription(
              "noise that trajectories begin with, in standard deviations of the data")
          double sigmaMin,
      @JsonProperty(defaultValue = "50")
          @JsonPropertyDescription("noise at time 1, in standard deviations of the data")
          double sigmaMax) {

    Settings {
      if (!(sigmaMin > 0)) {
        throw new IllegalArgumentException("sigmaMin must be greater than 0, but is " + sigmaMin);
      }
      if (!(sigmaMax > sigmaMin && sigmaMax < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "sigmaMax must be finite and greater than sigmaMin, which is %s, but is %s"
                .formatted(sigmaMin, sigmaMax));
      }
    }
  }

  private final double start;
  private final double fall;

  @Inject
  GeometricSchedule(Settings settings) {
    start = -2 * Math.log(settings.sigmaMin());
    fall = 2 * Math.log(settings.sigmaMax() / settings.sigmaMin());
  }

  @Override
  public NDArray logSnr(NDArray time) {
    return time.mul(number(time, -fall)).add(start);
  }

  @Override
  public double time(double logSnr) {
    return (start - logSnr) / fall;
  }
}
