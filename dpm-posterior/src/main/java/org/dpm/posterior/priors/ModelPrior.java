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
import org.dpm.api.Factor;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Variables;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.core.Registry;

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
  private final Layout layout;
  private final Cells cells;

  @Inject
  ModelPrior(
      Settings settings,
      ForwardKernel forward,
      Variables variables,
      Layout layout,
      Registry registry,
      NDManager manager) {
    String device = manager.getDevice().isGpu() ? "gpu" + manager.getDevice().getDeviceId() : "cpu";
    model = Model.load(settings.run(), registry, Optional.of(device));
    manager.attachInternal(UUID.randomUUID().toString(), model);
    this.layout = layout;
    trajectories = settings.trajectories();
    cells = new Cells(List.of(), variables, layout);
    check(settings.run(), forward);
  }

  private void check(Path run, ForwardKernel forward) {
    Layout its = model.layout();
    String refusal = "run: %s is a model of %s, but this one is of %s%s.";
    if (!its.title().equals(layout.title())) {
      throw new InvalidInput(refusal.formatted(run, its.title(), layout.title(), ""));
    } else if (!its.element().equals(layout.element())) {
      throw new InvalidInput(
          refusal.formatted(
              run, "examples of shape " + its.element(), "those of shape " + layout.element(), ""));
    } else if (!its.names().equals(layout.names())) {
      throw new InvalidInput(
          refusal.formatted(
              run,
              String.join(", ", its.names()),
              String.join(", ", layout.names()),
              "; they must be the same, in the same order"));
    } else if (model.parts().forward().path().isPresent() != forward.path().isPresent()) {
      throw new InvalidInput(
          "run: the kernel of %s is of another family than this model's.".formatted(run));
    }
  }

  @Override
  public List<Factor> factors(NDArray like) {
    Layout its = model.layout();
    // Where the first sees 0 the data are at its centre.
    NDArray scale = cells.array(like, 1, (k, place) -> factor(k));
    NDArray shift =
        cells.array(like, 0, (k, place) -> its.toModel(k, 0) - factor(k) * layout.toModel(k, 0));
    return List.of(
        new Factor.OtherModel(
            model.diffusion(),
            scale,
            shift,
            its.logVolume(),
            model.parts().network().anyTime(),
            trajectories));
  }

  private double factor(int cell) {
    return layout.scale(cell) / model.layout().scale(cell);
  }
}
