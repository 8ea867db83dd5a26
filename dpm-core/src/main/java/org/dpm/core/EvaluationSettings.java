package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Optional;
import org.dpm.api.Require;

/** When and on how much held-out data the model is judged while it is trained. */
public record EvaluationSettings(
    @JsonProperty(defaultValue = "500") @JsonPropertyDescription("Updates between two evaluations.")
        int every,
    @JsonProperty(defaultValue = "2000")
        @JsonPropertyDescription("Held-out examples for each, or all where there are fewer.")
        int examples,
    @JsonPropertyDescription("Stop after so many evaluations in a row that were not the best.")
        Optional<Integer> patience) {

  public EvaluationSettings {
    Require.that(every >= 1, "every must be at least 1, but is " + every);
    Require.that(examples >= 1, "examples must be at least 1, but is " + examples);
    patience.ifPresent(
        limit -> Require.that(limit >= 1, "patience must be at least 1, but is " + limit));
  }
}
