package org.dpm.example;

import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;

/**
 * What this jar adds. {@code META-INF/services/org.dpm.api.DpmPlugin} names this class, which is
 * the only public one here.
 */
public final class ExamplePlugin implements DpmPlugin {

  private static final String KIND = "example/wide-gaussian";

  @Override
  public String id() {
    return "example";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ForwardKernel.class, KIND, WideGaussianKernel.Settings.class, WideGaussianKernel.class),
        new Extension<>(
            ReverseKernel.class,
            KIND,
            WideGaussianReverseKernel.Settings.class,
            WideGaussianReverseKernel.class));
  }
}
