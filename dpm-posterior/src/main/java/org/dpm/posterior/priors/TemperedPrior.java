package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Optional;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.Component;
import org.dpm.core.PriorFactory;

/**
 * r^((T - t) / T): nothing at the noise, and all of r at the data. Sohl-Dickstein et al. 2015,
 * section 2.5.
 */
final class TemperedPrior implements Prior {

  record Settings(@JsonPropertyDescription("what comes in slowly") Component<Prior> prior) {}

  private final Prior prior;

  @Inject
  TemperedPrior(Settings settings, PriorFactory priors) {
    prior = priors.create(settings.prior());
  }

  /**
   * Nothing, but a refusal where the prior knows elements exactly.
   *
   * @throws InvalidInput if it does: there is no such thing as knowing exactly by halves
   */
  @Override
  public Optional<Known> known(NDArray like) {
    if (prior.parts().stream().anyMatch(part -> part.known(like).isPresent())) {
      throw new InvalidInput(
          "tempered: elements that are observed exactly cannot be tempered. Multiply: kind product,"
              + " with the observed elements outside of tempered.");
    }
    return Optional.empty();
  }

  /**
   * Nothing, but a refusal where the prior is a model.
   *
   * @throws InvalidInput if it is: its density is only known as a whole
   */
  @Override
  public Optional<Other> other(NDArray like) {
    if (prior.parts().stream().anyMatch(part -> part.other(like).isPresent())) {
      throw new InvalidInput(
          "tempered: a model is not tempered, since it is multiplied with step by step. Multiply:"
              + " kind product, with the model outside of tempered.");
    }
    return Optional.empty();
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray exponent = stage.time().reshape(-1).neg().add(1f);
    return prior.logDensity(x, stage).mul(exponent);
  }
}
