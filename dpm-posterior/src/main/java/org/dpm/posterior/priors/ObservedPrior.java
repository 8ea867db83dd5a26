package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;
import org.dpm.core.Scaling;

/** Elements that are known exactly. */
final class ObservedPrior implements Prior {

  record Settings(
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription(
              "which are known: names of columns, or x1, x2, ... in row-major order; empty: all")
          List<String> elements,
      @JsonPropertyDescription("what they are, in the elements' order; or one value for all")
          List<Double> values) {

    Settings {
      elements = List.copyOf(elements);
      values = List.copyOf(values);
    }
  }

  private final ForwardKernel forward;
  private final Elements elements;
  private final float[] values;
  private final float[] mask;

  @Inject
  ObservedPrior(Settings settings, ForwardKernel forward, DataDescription data, Scaling scaling) {
    this.forward = forward;
    elements = Elements.named(settings.elements(), data);
    int[] indices = elements.indices();
    IntToDoubleFunction given = elements.each("values", settings.values());
    values = elements.spread(k -> checked(given.applyAsDouble(k), indices[k], scaling), 0);
    mask = elements.spread(k -> 1, 0);
  }

  private double checked(double value, int index, Scaling scaling) {
    double seen = scaling.toModel(index, value);
    if (!forward.supports(seen)) {
      throw new InvalidInput("values: %s cannot be a value of this model's data.".formatted(value));
    }
    return seen;
  }

  @Override
  public Optional<Known> known(NDArray like) {
    return Optional.of(new Known(elements.array(like, values), elements.array(like, mask)));
  }

  /** log q(x_t | x_0) of the known elements. */
  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray all = x.zerosLike().add(elements.array(x, values));
    NDArray log = forward.marginal(all, stage).logProbability(x);
    NDArray known = x.zerosLike().add(elements.array(x, mask)).gt(0f);
    return Distribution.perExample(NDArrays.where(known, log, x.zerosLike()));
  }
}
