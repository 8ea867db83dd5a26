package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Optional;
import org.dpm.api.Require;

/** How a model is trained, and for how long: until the first of the given limits is reached. */
public record TrainingSettings(
    @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription("Everything random follows from this number.")
        long seed,
    @JsonProperty(defaultValue = "512") @JsonPropertyDescription("Examples for each update.")
        int batch,
    @JsonPropertyDescription(
            "Examples whose gradient is computed at once, to add up to the batch's: less memory,"
                + " and faster where what few examples need fits into the cache. All if absent.")
        Optional<Integer> microBatch,
    @JsonPropertyDescription(
            "Threads that share the examples of an update, each with a replica of the model. If"
                + " absent, one for each processor where the network is large, and one otherwise.")
        Optional<Integer> replicas,
    @JsonPropertyDescription("Stop after so many updates of the parameters.")
        Optional<Long> updates,
    @JsonPropertyDescription("Stop after so many passes over the training data.")
        Optional<Double> epochs,
    @JsonPropertyDescription("Stop after so many minutes.") Optional<Double> minutes,
    @JsonPropertyDescription("How the parameters follow the gradient.") OptimizerSettings optimizer,
    @JsonPropertyDescription("The average of the parameters over the updates, which is the model.")
        AveragingSettings averaging,
    @JsonPropertyDescription("When and on how much held-out data the model is judged.")
        EvaluationSettings evaluation) {

  public TrainingSettings {
    Require.that(batch >= 1, "batch must be at least 1, but is " + batch);
    microBatch.ifPresent(
        size -> Require.that(size >= 1, "microBatch must be at least 1, but is " + size));
    replicas.ifPresent(
        count -> Require.that(count >= 1, "replicas must be at least 1, but is " + count));
    Require.that(
        updates.isPresent() || epochs.isPresent() || minutes.isPresent(),
        "one of updates, epochs and minutes must be given, to say when training ends");
    updates.ifPresent(
        limit -> Require.that(limit >= 1, "updates must be at least 1, but is " + limit));
    epochs.ifPresent(limit -> Require.positive("epochs", limit));
    minutes.ifPresent(limit -> Require.positive("minutes", limit));
  }
}
