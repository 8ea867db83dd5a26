package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntToDoubleFunction;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.Scaling;

/** Another trained model: the product of two densities. */
final class ModelPrior implements Prior {

  record Settings(
      @JsonPropertyDescription("the other model's run directory") Path run,
      @JsonProperty(defaultValue = "16")
          @JsonPropertyDescription(
              "trajectories that the other model's density of each draw is estimated from")
          int trajectories) {

    Settings {
      Require.that(trajectories >= 1, "trajectories must be at least 1, but are " + trajectories);
    }
  }

  private final Model model;
  private final int trajectories;
  private final Elements elements;
  private final float[] scale;
  private final float[] shift;

  @Inject
  ModelPrior(
      Settings settings,
      ForwardKernel forward,
      DataDescription data,
      Scaling scaling,
      Registry registry,
      NDManager manager) {
    String device = manager.getDevice().isGpu() ? "gpu" + manager.getDevice().getDeviceId() : "cpu";
    model = Model.load(settings.run(), registry, Optional.of(device));
    manager.attachInternal(UUID.randomUUID().toString(), model);
    checkData(settings.run(), data, model.data());
    if (forward.supports(0.5) != model.parts().forward().supports(0.5)) {
      throw new InvalidInput(
          "run: %s is a model of %s, but this one is of %s."
              .formatted(settings.run(), kind(model.parts().forward()), kind(forward)));
    }
    trajectories = settings.trajectories();
    elements = Elements.named(List.of(), data);
    Scaling its = model.scaling();
    IntToDoubleFunction factor = i -> scaling.scale(i) / its.scale(i);
    scale = elements.spread(factor, 1);
    // Where the first sees 0 the data are at its centre.
    shift =
        elements.spread(
            i -> its.toModel(i, 0) - factor.applyAsDouble(i) * scaling.toModel(i, 0), 0);
  }

  private static String kind(ForwardKernel forward) {
    return forward.supports(0.5) ? "numbers" : "bits";
  }

  private static void checkData(Path run, DataDescription data, DataDescription its) {
    if (!its.summary().element().equals(data.summary().element())) {
      throw new InvalidInput(
          "run: %s is a model of examples of shape %s, but this one's are %s."
              .formatted(run, its.summary().element(), data.summary().element()));
    }
    boolean named = !its.names().isEmpty() && !data.names().isEmpty();
    if (named && !its.names().equals(data.names())) {
      throw new InvalidInput(
          "run: %s is a model of %s, but this one is of %s; they must be the same, in the same order."
              .formatted(run, String.join(", ", its.names()), String.join(", ", data.names())));
    }
  }

  @Override
  public Optional<Other> other(NDArray like) {
    return Optional.of(
        new Other(
            model.diffusion(),
            elements.array(like, scale),
            elements.array(like, shift),
            model.scaling().logVolume(),
            model.parts().network().anyTime(),
            trajectories));
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    throw new IllegalStateException("the other model's steps are multiplied with");
  }
}
