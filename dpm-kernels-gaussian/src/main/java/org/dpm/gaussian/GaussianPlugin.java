package org.dpm.gaussian;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
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
        new Extension<>(
            Objective.class, "simple", NoiseRegression.Settings.class, NoiseRegression.class));
  }
}
