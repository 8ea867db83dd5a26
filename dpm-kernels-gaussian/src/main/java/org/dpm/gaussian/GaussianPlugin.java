package org.dpm.gaussian;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;

/** Gaussian diffusion. */
@AutoService(DpmPlugin.class)
public final class GaussianPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "gaussian";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ForwardKernel.class,
            "gaussian",
            GaussianForwardKernel.Settings.class,
            GaussianForwardKernel.class),
        new Extension<>(
            ReverseKernel.class,
            "gaussian",
            GaussianReverseKernel.Settings.class,
            GaussianReverseKernel.class),
        path("variance-preserving", VariancePreserving.Settings.class, VariancePreserving.class),
        path("variance-exploding", VarianceExploding.Settings.class, VarianceExploding.class),
        path("sub-vp", SubVariancePreserving.Settings.class, SubVariancePreserving.class),
        path(
            "conditional-ot",
            ConditionalOptimalTransport.Settings.class,
            ConditionalOptimalTransport.class),
        new Extension<>(
            Objective.class, "simple", NoiseRegression.Settings.class, NoiseRegression.class));
  }

  private static Extension<GaussianPath> path(
      String kind, Class<? extends Record> settings, Class<? extends GaussianPath> path) {
    return new Extension<>(GaussianPath.class, kind, settings, path);
  }
}
