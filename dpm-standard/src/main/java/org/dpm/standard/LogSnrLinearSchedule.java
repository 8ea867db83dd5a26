package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.Grid;

/**
 * The log signal-to-noise ratio falls along a straight line, from log((1 - first) / first) at t_1,
 * the grid's first time, to log(last / (1 - last)) at time 1. Between time 0 and t_1 the line goes
 * on.
 */
final class LogSnrLinearSchedule implements ClosedForm {

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
  LogSnrLinearSchedule(Settings settings, Grid grid) {
    double start = -Fractions.logOdds(settings.first());
    end = Fractions.logOdds(settings.last());
    slope = (start - end) / (1 - grid.time(1));
  }

  @Override
  public NDArray logSnr(NDArray time) {
    return time.neg().add(1f).mul(number(time, slope)).add(end);
  }

  @Override
  public double time(double logSnr) {
    return 1 - (logSnr - end) / slope;
  }
}
