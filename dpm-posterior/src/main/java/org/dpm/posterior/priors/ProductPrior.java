package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Component;
import org.dpm.api.Factor;
import org.dpm.api.Factory;
import org.dpm.api.Prior;
import org.dpm.api.Require;

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
  ProductPrior(Settings settings, Factory factory) {
    parts = settings.factors().stream().map(factory::create).toList();
  }

  @Override
  public List<Factor> factors(NDArray like) {
    return parts.stream().flatMap(part -> part.factors(like).stream()).toList();
  }
}
