package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.dpm.api.Require;

/** How the parameters follow the gradient: Adam, and the course of its learning rate. */
public record OptimizerSettings(
    @JsonProperty(defaultValue = "adam") @JsonPropertyDescription("Which rule of update.")
        Kind kind,
    @JsonProperty(defaultValue = "0.001") @JsonPropertyDescription("The largest learning rate.")
        double rate,
    @JsonProperty(defaultValue = "0.01")
        @JsonPropertyDescription("The same for the parameters of a learned schedule.")
        double scheduleRate,
    @JsonProperty(defaultValue = "0.9")
        @JsonPropertyDescription("How much of the mean gradient each update keeps.")
        double beta1,
    @JsonProperty(defaultValue = "0.999")
        @JsonPropertyDescription("How much of the mean squared gradient each update keeps.")
        double beta2,
    @JsonProperty(defaultValue = "1e-8")
        @JsonPropertyDescription("Added to the root of the mean squared gradient.")
        double epsilon,
    @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription("How strongly parameters are drawn to zero.")
        double weightDecay,
    @JsonProperty(defaultValue = "100")
        @JsonPropertyDescription("Updates over which the learning rate rises from zero.")
        int warmUp,
    @JsonProperty(defaultValue = "cosine")
        @JsonPropertyDescription("How the learning rate falls to the end.")
        Decay decay,
    @JsonProperty(defaultValue = "1.0")
        @JsonPropertyDescription("Largest norm of the gradient; 0 for no limit.")
        double clip) {

  /** Which rule of update. */
  public enum Kind {
    /** Kingma and Ba 2015. Weight decay joins the gradient. */
    ADAM,
    /** Loshchilov and Hutter 2019. Weight decay acts on the parameters directly. */
    ADAMW
  }

  /** How the learning rate falls. */
  public enum Decay {
    /** Along half a cosine to zero at the end of training. */
    COSINE,
    /** Not at all. */
    NONE
  }

  public OptimizerSettings {
    Require.positive("rate", rate);
    Require.positive("scheduleRate", scheduleRate);
    Require.belowOne("beta1", beta1);
    Require.belowOne("beta2", beta2);
    Require.positive("epsilon", epsilon);
    Require.notNegative("weightDecay", weightDecay);
    Require.that(warmUp >= 0, "warmUp must be 0 or more, but is " + warmUp);
    Require.notNegative("clip", clip);
  }
}
