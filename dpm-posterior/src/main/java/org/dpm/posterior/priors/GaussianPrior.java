package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.dpm.api.DataUnits;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Multipliable;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.api.Variables;

/** A noisy copy of some elements: y = x + sigma e. */
final class GaussianPrior implements Prior {

  record Settings(
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "which were measured: names of columns, or x1, x2, ...; empty: all")
          List<String> elements,
      @JsonPropertyDescription("the measurements, in the elements' order; or one for all")
          List<Double> values,
      @JsonPropertyDescription("their standard deviations, likewise, in data units; positive")
          List<Double> sigmas,
      @JsonProperty(defaultValue = "diffused")
          @JsonPropertyDescription(
              "at every step: seen through that step's noise, or constant as in the paper")
          OnTheWay onTheWay) {

    Settings {
      elements = List.copyOf(elements);
      values = List.copyOf(values);
      sigmas = List.copyOf(sigmas);
      Require.allPositive("sigmas", sigmas);
    }
  }

  private final OnTheWay onTheWay;
  private final ForwardKernel forward;
  private final Cells cells;
  private final IntToDoubleFunction values;
  private final IntToDoubleFunction sigmas;

  @Inject
  GaussianPrior(Settings settings, ForwardKernel forward, Variables variables, DataUnits units) {
    this.forward = forward;
    onTheWay = settings.onTheWay();
    cells = Cells.ofNumbers("gaussian", settings.elements(), variables, units);
    values = cells.each("values", settings.values());
    sigmas = cells.each("sigmas", settings.sigmas());
  }

  @Override
  public List<Factor> factors(NDArray like) {
    NDArray mean = cells.array(like, 0, (k, place) -> cells.toModel(k, values.applyAsDouble(k)));
    NDArray precision =
        cells.array(like, 1, (k, place) -> Math.pow(cells.scale(k) / sigmas.applyAsDouble(k), 2));
    // N(0, 1), narrowed and moved: among elements of other kinds, too.
    Multipliable standard = (Multipliable) forward.end(mean, Stage.ofData(mean));
    Multipliable law = standard.power(precision).affine(mean.onesLike(), mean);
    // So that r is a density of what was measured, in data units.
    double logVolume =
        IntStream.range(0, cells.count()).mapToDouble(cells::scale).map(Math::log).sum();
    return List.of(new Factor.Factorised(law, cells.mask(like), -logVolume, onTheWay));
  }
}
