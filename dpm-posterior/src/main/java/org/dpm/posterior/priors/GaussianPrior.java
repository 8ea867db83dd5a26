package org.dpm.posterior.priors;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;
import org.dpm.core.Scaling;

/**
 * A noisy copy of some elements: y = x + sigma e. On the way, N(y; sqrt(abar_t) x_t, sigma^2 + 1 -
 * abar_t): what x_t says of y where data have unit variance.
 */
final class GaussianPrior implements Prior {

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private static final float LEAST_GAIN = 1e-6f;

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
  private final Elements elements;
  private final float[] values;
  private final float[] precision;
  private final float[] logVariance;
  private final double logVolume;

  @Inject
  GaussianPrior(Settings settings, DataDescription data, Scaling scaling) {
    onTheWay = settings.onTheWay();
    elements = Elements.named(settings.elements(), data);
    int[] indices = elements.indices();
    IntToDoubleFunction given = elements.each("values", settings.values());
    IntToDoubleFunction sigma = elements.each("sigmas", settings.sigmas());
    IntToDoubleFunction deviation = k -> sigma.applyAsDouble(k) / scaling.scale(indices[k]);
    values = elements.spread(k -> scaling.toModel(indices[k], given.applyAsDouble(k)), 0);
    precision = elements.spread(k -> 1, 0);
    logVariance = elements.spread(k -> 2 * Math.log(deviation.applyAsDouble(k)), 0);
    // So that r is a density of what was measured, in data units.
    logVolume = Arrays.stream(indices).mapToDouble(scaling::scale).map(Math::log).sum();
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray variance = variance(x, stage);
    NDArray distance = x.mul(onTheWay.gain(stage)).sub(elements.array(x, values)).square();
    NDArray log =
        distance.div(variance).add(variance.log()).add((float) LOG_TWO_PI).mul(number(x, -0.5));
    return Distribution.perExample(log.mul(elements.array(x, precision))).sub((float) logVolume);
  }

  /** The same as a distribution of x_t: N(y / sqrt(abar_t), variance / abar_t). */
  @Override
  public Optional<Distribution> factors(NDArray like, Stage stage) {
    NDArray gain = onTheWay.gain(stage);
    NDArray infinite = elements.array(like, precision).log().neg();
    NDArray logVariance = variance(like, stage).log().sub(gain.square().log()).add(infinite);
    // Where nothing is left of the signal the variance is infinite, and the mean of no account.
    NDArray mean = elements.array(like, values).div(gain.maximum(number(gain, LEAST_GAIN)));
    NDArray all = like.zerosLike();
    return Optional.of(DiagonalGaussian.ofLogVariance(all.add(mean), all.add(logVariance)));
  }

  private NDArray variance(NDArray like, Stage stage) {
    return elements.array(like, logVariance).exp().add(onTheWay.noise(stage));
  }
}
