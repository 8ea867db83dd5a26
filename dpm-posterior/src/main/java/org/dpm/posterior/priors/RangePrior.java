package org.dpm.posterior.priors;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.dpm.api.DataUnits;
import org.dpm.api.Distribution;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.api.Variables;

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
  private final ForwardKernel forward;
  private final Cells cells;

  @Inject
  RangePrior(Settings settings, ForwardKernel forward, Variables variables, DataUnits units) {
    this.settings = settings;
    this.forward = forward;
    cells = Cells.ofNumbers("range", settings.elements(), variables, units);
  }

  @Override
  public List<Factor> factors(NDArray like) {
    NDArray softness =
        cells.array(like, 1, (k, place) -> settings.softness() / cells.scale(k)).square();
    Optional<NDArray> low = settings.low().map(value -> end(like, value));
    Optional<NDArray> high = settings.high().map(value -> end(like, value));
    NDArray mask = cells.mask(like);
    return List.of(
        new Factor.Density(
            (x, stage) -> {
              boolean diffused = settings.onTheWay() == OnTheWay.DIFFUSED;
              NDArray seen = diffused ? forward.alone(x, stage).mean() : x;
              NDArray width = diffused ? softness.add(open(stage)).sqrt() : softness.sqrt();
              NDArray log = x.zerosLike();
              if (low.isPresent()) {
                log = log.add(logSigmoid(seen.sub(low.get()).div(width)));
              }
              if (high.isPresent()) {
                log = log.add(logSigmoid(high.get().sub(seen).div(width)));
              }
              return Distribution.perExample(log.mul(mask));
            }));
  }

  private NDArray end(NDArray like, double value) {
    return cells.array(like, 0, (k, place) -> cells.toModel(k, value));
  }

  private static NDArray open(Stage stage) {
    return stage.noise().div(number(stage.noise(), LOGISTIC));
  }

  private static NDArray logSigmoid(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus().neg();
  }
}
