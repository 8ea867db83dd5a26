package org.dpm.example;

import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;

/**
 * What this jar adds. {@code META-INF/services/org.dpm.api.DpmPlugin} names this class, which is
 * the only public one here.
 */
public final class ExamplePlugin implements DpmPlugin {

  @Override
  public String id() {
    return "example";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            GaussianPath.class,
            "example/superellipse",
            SuperellipsePath.Settings.class,
            SuperellipsePath.class),
        new Extension<>(
            ForwardKernel.class,
            "example/wide-gaussian",
            WideGaussianKernel.Settings.class,
            WideGaussianKernel.class),
        new Extension<>(
            ReverseKernel.class,
            "example/wide-gaussian",
            WideGaussianReverseKernel.Settings.class,
            WideGaussianReverseKernel.class),
        new Extension<>(
            Prior.class, "example/either", EitherPrior.Settings.class, EitherPrior.class));
  }
}
