package org.dpm.standard;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;

/**
 * The noise variance of a step rises linearly: abar(s) = exp(-x(s)), x(s) = b0 s + (b1 - b0) s^2 /
 * 2.
 *
 * <p>This is the continuous process of which the usual thousand steps are a discretisation, b0 =
 * 1000 first and b1 = 1000 last. With T steps beta_t is therefore about 1000 / T times as large,
 * and the signal left at time 1 does not depend on T. Ho et al. 2020; Song et al. 2021, appendix B.
 */
final class LinearSchedule extends LinearRateSchedule {

  private static final int REFERENCE_STEPS = 1000;

  /**
   * @param first beta of the first of 1000 steps
   * @param last beta of the last of 1000 steps
   */
  record Settings(
      @JsonProperty(defaultValue = "1.0e-4")
          @JsonPropertyDescription("noise variance of the first step, if there were 1000 steps")
          double first,
      @JsonProperty(defaultValue = "0.02")
          @JsonPropertyDescription("noise variance of the last step, if there were 1000 steps")
          double last) {

    Settings {
      Fractions.requireOpen("first", first);
      Fractions.requireOpen("last", last);
    }
  }

  @Inject
  LinearSchedule(Settings settings) {
    super(REFERENCE_STEPS * settings.first(), REFERENCE_STEPS * settings.last());
  }
}
