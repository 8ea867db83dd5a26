package org.dpm.example;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Component;
import org.dpm.api.Factor;
import org.dpm.api.Factory;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;

/** One of several priors holds, nobody knows which: r = (r_1 + ... + r_n) / n. */
final class EitherPrior implements Prior {

  record Settings(
      @JsonPropertyDescription("priors of which one holds; at least two")
          List<Component<Prior>> priors) {

    Settings {
      priors = List.copyOf(priors);
      Require.that(priors.size() >= 2, "priors must be at least 2, but are " + priors.size());
    }
  }

  /** A prior and what it is called, for messages. */
  private record Named(String kind, Prior prior) {}

  private final List<Named> priors;

  @Inject
  EitherPrior(Settings settings, Factory factory) {
    priors =
        settings.priors().stream()
            .map(component -> new Named(component.kind(), factory.create(component)))
            .toList();
  }

  @Override
  public List<Factor> factors(NDArray like) {
    List<List<Factor.Density>> all =
        priors.stream().map(named -> densities(named.kind(), named.prior().factors(like))).toList();
    return List.of(new Factor.Density((x, stage) -> mean(all, x, stage)));
  }

  /** The factors, all of which must be functions: there is no sum of things known exactly. */
  private static List<Factor.Density> densities(String kind, List<Factor> factors) {
    return factors.stream()
        .map(
            factor -> {
              if (factor instanceof Factor.Density density) {
                return density;
              }
              throw new InvalidInput(
                  "example/either: prior '%s' is more than a density, a Factor.%s, and cannot be one of several. Multiply with it instead: kind product."
                      .formatted(kind, factor.getClass().getSimpleName()));
            })
        .toList();
  }

  /** log of the mean of r_i, from log r_i. */
  private static NDArray mean(List<List<Factor.Density>> all, NDArray x, Stage stage) {
    NDArray sum = log(all.get(0), x, stage);
    for (List<Factor.Density> one : all.subList(1, all.size())) {
      // log(u + v) = log u + softplus(log v - log u)
      sum = sum.add(log(one, x, stage).sub(sum).getNDArrayInternal().softPlus());
    }
    return sum.sub(number(x, Math.log(all.size())));
  }

  /** log r_i, 0 where it has no factors: the sum of its factors' own, [B]. */
  private static NDArray log(List<Factor.Density> factors, NDArray x, Stage stage) {
    NDArray sum = x.getManager().zeros(x.getShape().slice(0, 1), x.getDataType());
    for (Factor.Density factor : factors) {
      sum = sum.add(factor.log().of(x, stage));
    }
    return sum;
  }
}
