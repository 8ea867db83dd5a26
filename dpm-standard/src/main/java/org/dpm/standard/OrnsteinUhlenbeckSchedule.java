package org.dpm.standard;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;

/**
 * That of an Ornstein-Uhlenbeck process, dX = -g(t)/2 X dt + sqrt(g(t)) dW, the diffusion of the
 * variance-preserving path: abar(t) = exp(-integral of g). The rate g is linear in time, and
 * constant where both ends are the same. Song et al. 2021, section 3.4.
 *
 * <p>{@code linear} is the same curve, set by the noise variances of a thousand steps.
 */
final class OrnsteinUhlenbeckSchedule extends LinearRateSchedule {

  /**
   * @param first g(0)
   * @param last g(1)
   */
  record Settings(
      @JsonProperty(defaultValue = "0.1")
          @JsonPropertyDescription("rate g at time 0: the signal's variance decays as exp(-g t)")
          double first,
      @JsonProperty(defaultValue = "20") @JsonPropertyDescription("rate g at time 1") double last) {

    Settings {
      requireRate("first", first);
      requireRate("last", last);
    }

    private static void requireRate(String name, double value) {
      if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            name + " must be greater than 0 and finite, but is " + value);
      }
    }
  }

  @Inject
  OrnsteinUhlenbeckSchedule(Settings settings) {
    super(settings.first(), settings.last());
  }
}
