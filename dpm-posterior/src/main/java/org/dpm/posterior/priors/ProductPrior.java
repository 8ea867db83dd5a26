package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.Component;
import org.dpm.core.PriorFactory;

/** Several priors at once. */
final class ProductPrior implements Prior {

  record Settings(
      @JsonPropertyDescription("what is multiplied; at least one") List<Component<Prior>> factors) {

    Settings {
      factors = List.copyOf(factors);
      Require.that(!factors.isEmpty(), "factors must be at least one, but there are none");
    }
  }

  private final List<Prior> parts;

  @Inject
  ProductPrior(Settings settings, PriorFactory priors) {
    parts =
        settings.factors().stream()
            .map(priors::create)
            .flatMap(prior -> prior.parts().stream())
            .toList();
  }

  @Override
  public List<Prior> parts() {
    return parts;
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray sum = parts.get(0).logDensity(x, stage);
    for (Prior part : parts.subList(1, parts.size())) {
      sum = sum.add(part.logDensity(x, stage));
    }
    return sum;
  }
}
