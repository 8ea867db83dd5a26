package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.Diffusion;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.Require;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;

/** Everything that determines a model: what to learn, with what parts, and how. */
public record Pipeline(
    @JsonPropertyDescription("Where the examples come from.") Component<DataSource> data,
    @JsonPropertyDescription("T, the steps of the trajectory; at least 2.") int steps,
    @JsonProperty(defaultValue = "auto")
        @JsonPropertyDescription("Where to compute: auto, cpu, gpu0, ...")
        String device,
    @JsonProperty(defaultValue = "forward")
        @JsonPropertyDescription("What the last reverse step, from x_1 to x_0, is.")
        Diffusion.LastStep lastStep,
    @JsonPropertyDescription("The diffusion that destroys structure.")
        Component<ForwardKernel> kernel,
    @JsonPropertyDescription("The diffusion that restores it; its kind is the kernel's if absent.")
        Component<ReverseKernel> reverse,
    @JsonPropertyDescription("How fast the data dissolve.") Component<Schedule> schedule,
    @JsonPropertyDescription("What is learned.") Component<Network> network,
    @JsonPropertyDescription("What training makes small.") Component<Objective> objective,
    @JsonPropertyDescription("How to draw from the model; step by step if absent.")
        Optional<Component<Sampler>> sampler,
    @JsonPropertyDescription("What others have reached, told beside the figures of an evaluation.")
        Optional<String> compare,
    @JsonPropertyDescription("How to train, and for how long.") TrainingSettings training) {

  public Pipeline {
    Require.that(steps >= 2, "steps must be at least 2, but is " + steps);
  }
}
