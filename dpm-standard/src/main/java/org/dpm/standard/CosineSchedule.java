package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;

/**
 * The signal goes as a squared cosine: abar(s) = cos^2(a(s)) / cos^2(a(0)), where the angle a rises
 * linearly from a(0) = pi/2 offset / (1 + offset).
 *
 * <p>Nichol and Dhariwal 2021 let the angle reach pi/2, where no signal is left, and then cut beta
 * at 0.999. Here the angle stops a little earlier, where the signal is {@code last}, so that the
 * curve stays smooth and nothing needs cutting. {@code last: 0} is their curve, uncut: beta_T = 1.
 */
final class CosineSchedule implements ClosedForm {

  /**
   * @param offset keeps the first steps from being too small
   * @param last abar at time 1
   */
  record Settings(
      @JsonProperty(defaultValue = "0.008")
          @JsonPropertyDescription("shifts the start along the cosine: larger is noisier early on")
          double offset,
      @JsonProperty(defaultValue = "1.0e-5")
          @JsonPropertyDescription("fraction of the signal's variance left at time 1")
          double last) {

    Settings {
      if (!(offset >= 0 && offset < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "offset must be finite and at least 0, but is " + offset);
      }
      if (!(last >= 0 && last < 1)) {
        throw new IllegalArgumentException(
            "last must be at least 0 and less than 1, but is " + last);
      }
    }
  }

  private final double startAngle;
  private final double sweep;
  private final double shortfall;

  @Inject
  CosineSchedule(Settings settings) {
    startAngle = Math.PI / 2 * settings.offset() / (1 + settings.offset());
    // How far the end of the sweep is from pi/2, as an arc sine since an arc cosine would cancel.
    shortfall = Math.asin(Math.sqrt(settings.last()) * Math.cos(startAngle));
    sweep = Math.PI / 2 - shortfall - startAngle;
  }

  /**
   * log cos^2 a - log(cos^2 a0 - cos^2 a), each without cancellation: cos a is the sine of what is
   * missing from pi/2, and cos^2 a0 - cos^2 a = sin(a - a0) sin(a + a0).
   */
  @Override
  public NDArray logSnr(NDArray time) {
    NDArray gone = time.mul(number(time, sweep));
    NDArray missing = time.neg().add(1f).mul(number(time, sweep)).add(shortfall);
    NDArray noise = gone.sin().log().add(gone.add(2 * startAngle).sin().log());
    return missing.sin().log().mul(number(time, 2)).sub(noise);
  }

  /** tan^2 a from cos^2 a = abar cos^2 a0 and sin^2 a = sin^2 a0 + (1 - abar) cos^2 a0. */
  @Override
  public double time(double logSnr) {
    double cosine = Math.cos(startAngle);
    double opposite =
        Math.hypot(Math.sin(startAngle), Math.sqrt(Fractions.ofLogOdds(-logSnr)) * cosine);
    double adjacent = Math.sqrt(Fractions.ofLogOdds(logSnr)) * cosine;
    return (Math.atan2(opposite, adjacent) - startAngle) / sweep;
  }
}
