package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.dpm.api.Require;

/** The exponential moving average of the parameters. */
public record AveragingSettings(
    @JsonProperty(defaultValue = "0.999")
        @JsonPropertyDescription("How much of the average each update keeps; 0 for no average.")
        double decay) {

  public AveragingSettings {
    Require.belowOne("decay", decay);
  }
}
