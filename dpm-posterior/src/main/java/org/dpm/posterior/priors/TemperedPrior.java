package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Component;
import org.dpm.api.Factor;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.posterior.FactorOnTheWay;

/**
 * r^(1 - t): nothing at the noise, and all of r at the data. Sohl-Dickstein et al. 2015, section
 * 2.5.
 */
final class TemperedPrior implements Prior {

  record Settings(@JsonPropertyDescription("what comes in slowly") Component<Prior> prior) {}

  private final Prior prior;
  private final ForwardKernel forward;

  @Inject
  TemperedPrior(Settings settings, Factory factory, ForwardKernel forward) {
    prior = factory.create(settings.prior());
    this.forward = forward;
  }

  /**
   * Functions only.
   *
   * @throws InvalidInput for elements that are known exactly, since there is no such thing as
   *     knowing exactly by halves, and for a model, whose density is only known as a whole
   */
  @Override
  public List<Factor> factors(NDArray like) {
    return prior.factors(like).stream().map(this::tempered).toList();
  }

  private Factor tempered(Factor factor) {
    if (factor instanceof Factor.Known) {
      throw new InvalidInput(
          "tempered: elements that are observed exactly cannot be tempered. Multiply: kind product,"
              + " with the observed elements outside of tempered.");
    } else if (factor instanceof Factor.OtherModel) {
      throw new InvalidInput(
          "tempered: a model is not tempered, since it is multiplied with step by step. Multiply:"
              + " kind product, with the model outside of tempered.");
    }
    FactorOnTheWay whole = FactorOnTheWay.of(factor, forward);
    return new Factor.Density(
        (x, stage) -> whole.logDensity(x, stage).mul(stage.time().reshape(-1).neg().add(1f)));
  }
}
