package org.dpm.posterior.priors;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Prior;

/** Priors that fit every model of their kind of data. */
@AutoService(DpmPlugin.class)
public final class PosteriorPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "posterior";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(Prior.class, "observed", ObservedPrior.Settings.class, ObservedPrior.class),
        new Extension<>(Prior.class, "gaussian", GaussianPrior.Settings.class, GaussianPrior.class),
        new Extension<>(Prior.class, "linear", LinearPrior.Settings.class, LinearPrior.class),
        new Extension<>(Prior.class, "range", RangePrior.Settings.class, RangePrior.class),
        new Extension<>(Prior.class, "model", ModelPrior.Settings.class, ModelPrior.class),
        new Extension<>(Prior.class, "product", ProductPrior.Settings.class, ProductPrior.class),
        new Extension<>(
            Prior.class, "tempered", TemperedPrior.Settings.class, TemperedPrior.class));
  }
}
