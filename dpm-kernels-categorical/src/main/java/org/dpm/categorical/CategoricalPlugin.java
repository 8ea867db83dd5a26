package org.dpm.categorical;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;

/** Diffusion of categories, for data of names without order. */
@AutoService(DpmPlugin.class)
public final class CategoricalPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "categorical";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ForwardKernel.class,
            "categorical",
            CategoricalForwardKernel.Settings.class,
            CategoricalForwardKernel.class),
        new Extension<>(
            ReverseKernel.class,
            "categorical",
            CategoricalReverseKernel.Settings.class,
            CategoricalReverseKernel.class),
        new Extension<>(
            Prior.class, "categories", CategoriesPrior.Settings.class, CategoriesPrior.class));
  }
}
