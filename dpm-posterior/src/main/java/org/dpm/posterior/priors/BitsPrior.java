package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Bernoulli;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;

/**
 * Independent opinions on bits: the probability d of a 1, as log odds. On the way, what x_t says of
 * the opinion where data are like the noise: the sum over x_0 of d(x_0) pi(x_0) q(x_t | x_0) /
 * pi(x_t).
 */
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
      Require.that(
          logOdds.stream().allMatch(Double::isFinite),
          "logOdds must be finite, but are %s; what is certain goes into a prior 'observed'"
              .formatted(logOdds));
    }
  }

  private final ForwardKernel forward;
  private final OnTheWay onTheWay;
  private final Elements elements;
  private final float[] logOdds;
  private final float[] mask;

  @Inject
  BitsPrior(Settings settings, ForwardKernel forward, DataDescription data) {
    if (forward.supports(0.5) || !forward.supports(0) || !forward.supports(1)) {
      throw new InvalidInput(
          "bits: this model is of numbers, not of bits. Use a prior 'gaussian' or 'range'.");
    }
    this.forward = forward;
    onTheWay = settings.onTheWay();
    elements = Elements.named(settings.elements(), data);
    logOdds = elements.spread(elements.each("logOdds", settings.logOdds()), 0);
    mask = elements.spread(k -> 1, 0);
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    NDArray log = bits(x, stage).logProbability(x);
    return Distribution.perExample(NDArrays.where(mask(x), log, x.zerosLike()));
  }

  @Override
  public Optional<Distribution> factors(NDArray like, Stage stage) {
    NDArray all = bits(like, stage).logOdds();
    return Optional.of(Bernoulli.ofLogOdds(NDArrays.where(mask(like), all, like.zerosLike())));
  }

  private NDArray mask(NDArray like) {
    return like.zerosLike().add(elements.array(like, mask)).gt(0f);
  }

  private Bernoulli bits(NDArray like, Stage stage) {
    Bernoulli opinion = Bernoulli.ofLogOdds(like.zerosLike().add(elements.array(like, logOdds)));
    if (onTheWay == OnTheWay.CONSTANT) {
      return opinion;
    }
    NDArray d = opinion.mean();
    NDArray rate = forward.stationary(like).mean();
    NDArray one = d.mul(rate);
    NDArray zero = opposite(d).mul(opposite(rate));
    NDArray fromOne = forward.marginal(like.onesLike(), stage).mean();
    NDArray fromZero = forward.marginal(like.zerosLike(), stage).mean();
    return Bernoulli.ofOdds(
        one.mul(fromOne).add(zero.mul(fromZero)).div(rate),
        one.mul(opposite(fromOne)).add(zero.mul(opposite(fromZero))).div(opposite(rate)));
  }

  private static NDArray opposite(NDArray probability) {
    return probability.neg().add(1f);
  }
}
