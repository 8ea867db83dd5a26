package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Schedule;

/** A plugin with one schedule and the settings that a test gives it. */
record PluginOf(Class<? extends Record> settings) implements DpmPlugin {

  @Override
  public String id() {
    return "test";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(new Extension<>(Schedule.class, "test/line", settings, Line.class));
  }

  record Right(
      @JsonProperty(defaultValue = "11") @JsonPropertyDescription("how fast") double slope,
      @JsonPropertyDescription("from where, if not from 5") Optional<Double> start) {

    Right {
      if (!(slope > 0)) {
        throw new IllegalArgumentException("slope must be positive, but is " + slope);
      }
    }
  }

  static final class Line implements Schedule {

    @Inject
    Line() {}

    @Override
    public NDArray logSnr(NDArray time) {
      return time.mul(-11).add(5);
    }
  }
}
