package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Bernoulli;
import org.dpm.api.Elements;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;

/** Independent opinions on bits: the probability d of a 1, as log odds. */
final class BitsPrior implements Prior {

  record Settings(
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription("which bits: names of columns, or x1, x2, ...; empty: all")
          List<String> elements,
      @JsonPropertyDescription("log(d / (1 - d)) of each, in the elements' order; or one for all")
          List<Double> logOdds,
      @JsonProperty(defaultValue = "diffused")
          @JsonPropertyDescription(
              "at every step: seen through that step's noise, or constant as in the paper")
          OnTheWay onTheWay) {

    Settings {
      elements = List.copyOf(elements);
      logOdds = List.copyOf(logOdds);
      if (!logOdds.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "logOdds must be finite, but are %s; what is certain goes into a prior 'observed'"
                .formatted(logOdds));
      }
    }
  }

  private final OnTheWay onTheWay;

  /** Of every bit; 0 where there is no opinion. */
  private final float[] logOdds;

  private final float[] mask;

  @Inject
  BitsPrior(Settings settings, Variables variables) {
    requireBits(variables);
    onTheWay = settings.onTheWay();
    Elements elements = Elements.named(settings.elements(), variables);
    logOdds = elements.spread(elements.each("logOdds", settings.logOdds()), 0);
    mask = elements.spread(k -> 1, 0);
  }

  private static void requireBits(Variables variables) {
    for (Variable variable : variables.of(Variable.Role.MODELLED)) {
      if (!(variable.space() instanceof Space.Bit)) {
        throw new InvalidInput(
            "bits: this model is of %s ('%s'), not of bits. Use a prior that is made for those: 'gaussian' or 'range' for numbers, 'categories' for categories."
                .formatted(variable.space().title(), variable.name()));
      }
    }
  }

  @Override
  public List<Factor> factors(NDArray like) {
    Bernoulli opinion = Bernoulli.ofLogOdds(Elements.array(like, logOdds));
    return List.of(new Factor.Factorised(opinion, Elements.array(like, mask), 0, onTheWay));
  }
}
