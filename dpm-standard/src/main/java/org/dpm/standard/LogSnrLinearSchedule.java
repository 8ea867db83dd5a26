package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.dpm.api.Schedule;

/**
 * The log signal-to-noise ratio falls along a straight line, from log((1 - first) / first) after
 * the first step to log(last / (1 - last)) at time 1. Between time 0 and the first step the line
 * goes on.
 */
final class LogSnrLinearSchedule implements Schedule {

  /**
   * @param first beta_1 = 1 - abar_1
   * @param last abar_T
   */
  record Settings(
      @JsonProperty(defaultValue = "1.0e-4")
          @JsonPropertyDescription("noise variance of the first step")
          double first,
      @JsonProperty(defaultValue = "1.0e-4")
          @JsonPropertyDescription("fraction of the signal's variance left at time 1")
          double last) {

    Settings {
      Fractions.requireOpen("first", first);
      Fractions.requireOpen("last", last);
      if (!(first + last < 1)) {
        throw new IllegalArgumentException(
            "first + last must be less than 1, but are %s and %s".formatted(first, last));
      }
    }
  }

  private final double end;
  private final double slope;

  @Inject
  LogSnrLinearSchedule(Settings settings, @Named("steps") int steps) {
    double start = -Fractions.logOdds(settings.first());
    end = Fractions.logOdds(settings.last());
    slope = (start - end) * steps / (steps - 1);
  }

  @Override
  public NDArray logSnr(NDArray time) {
    return time.neg().add(1f).mul(number(time, slope)).add(end);
  }
}
