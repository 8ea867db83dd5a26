package org.dpm.posterior.priors;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.dpm.api.Distribution;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;
import org.dpm.core.Scaling;

/**
 * An interval with soft ends: sigmoid((x - low) / w) sigmoid((high - x) / w). On the way the ends
 * are as much softer as the step's noise makes them, a logistic of that variance in its place.
 */
final class RangePrior implements Prior {

  /** The variance of the logistic distribution of scale 1. */
  private static final double LOGISTIC = Math.PI * Math.PI / 3;

  record Settings(
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription("which: names of columns, or x1, x2, ...; empty: all")
          List<String> elements,
      @JsonPropertyDescription("the lower end, in data units; none if absent") Optional<Double> low,
      @JsonPropertyDescription("the upper end; none if absent") Optional<Double> high,
      @JsonPropertyDescription("w, in data units: r falls from 3/4 to 1/4 over 2.2 w")
          double softness,
      @JsonProperty(defaultValue = "diffused")
          @JsonPropertyDescription(
              "at every step: seen through that step's noise, or constant as in the paper")
          OnTheWay onTheWay) {

    Settings {
      elements = List.copyOf(elements);
      Require.positive("softness", softness);
      Require.that(
          low.isPresent() || high.isPresent(), "a range must have a low or a high end, or both");
      if (low.isPresent() && high.isPresent()) {
        Require.that(
            low.get() < high.get(),
            "low must be below high, but they are %s and %s".formatted(low.get(), high.get()));
      }
    }
  }

  private final Settings settings;
  private final Elements elements;
  private final float[] softness;
  private final float[] mask;
  private final Scaling scaling;

  @Inject
  RangePrior(Settings settings, DataDescription data, Scaling scaling) {
    this.settings = settings;
    this.scaling = scaling;
    elements = Elements.named(settings.elements(), data);
    int[] indices = elements.indices();
    softness = elements.spread(k -> settings.softness() / scaling.scale(indices[k]), 1);
    mask = elements.spread(k -> 1, 0);
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray seen = x.mul(settings.onTheWay().gain(stage));
    NDArray noise = settings.onTheWay().noise(stage).div(number(x, LOGISTIC));
    NDArray width = elements.array(x, softness).square().add(noise).sqrt();
    NDArray log = x.zerosLike();
    if (settings.low().isPresent()) {
      log = log.add(logSigmoid(seen.sub(end(x, settings.low().get())).div(width)));
    }
    if (settings.high().isPresent()) {
      log = log.add(logSigmoid(end(x, settings.high().get()).sub(seen).div(width)));
    }
    return Distribution.perExample(log.mul(elements.array(x, mask)));
  }

  private NDArray end(NDArray like, double value) {
    int[] indices = elements.indices();
    IntToDoubleFunction seen = k -> scaling.toModel(indices[k], value);
    return elements.array(like, elements.spread(seen, 0));
  }

  private static NDArray logSigmoid(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus().neg();
  }
}
