package org.dpm.binomial;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;

/** Binomial diffusion, for data of 0 and 1. */
@AutoService(DpmPlugin.class)
public final class BinomialPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "binomial";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ForwardKernel.class,
            "binomial",
            BinomialForwardKernel.Settings.class,
            BinomialForwardKernel.class),
        new Extension<>(
            ReverseKernel.class,
            "binomial",
            BinomialReverseKernel.Settings.class,
            BinomialReverseKernel.class),
        new Extension<>(Prior.class, "bits", BitsPrior.Settings.class, BitsPrior.class));
  }
}
