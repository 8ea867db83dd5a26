package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dpm.api.Bernoulli;
import org.dpm.api.DataSummary;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/**
 * Bits that are replaced, each with probability beta_t, by fresh ones that are 1 at a rate r, which
 * is the null law. Sohl-Dickstein et al. 2015, table App.1, right column.
 *
 * <p>x_0 may be given as a probability in [0, 1] throughout: the answer is then the average over
 * the bit that it stands for.
 */
final class BinomialForwardKernel implements ForwardKernel {

  /** Where the rate comes from. */
  enum RateFrom {
    /** One number for all bits, {@code rate}. */
    FIXED,
    /** The fraction of ones in the training data, for each bit. */
    DATA_MEAN
  }

  /**
   * @param rate r, one half unless given
   */
  record Settings(
      @JsonProperty
          @JsonPropertyDescription(
              "probability of 1 where the diffusion ends, 0.5 if not given; not with rateFrom: data-mean")
          Optional<Double> rate,
      @JsonProperty(defaultValue = "fixed")
          @JsonPropertyDescription("whether all bits have that rate, or each its own from the data")
          RateFrom rateFrom) {

    Settings {
      if (rate.isPresent() && !(rate.get() > 0 && rate.get() < 1)) {
        throw new IllegalArgumentException(
            "rate must be greater than 0 and less than 1, but is " + rate.get());
      }
      if (rate.isPresent() && rateFrom == RateFrom.DATA_MEAN) {
        throw new IllegalArgumentException(
            "rate must not be given with rateFrom: data-mean, but is " + rate.get());
      }
    }
  }

  private static final int TOLD = 10;

  private final List<Double> rates;

  /** As [1, element...], or ones only where one rate serves all. */
  private final Shape shape;

  @Inject
  BinomialForwardKernel(Settings settings, DataSummary summary) {
    if (settings.rateFrom() == RateFrom.DATA_MEAN) {
      requireVariation(summary.mean());
      rates = summary.mean();
      shape = new Shape(1).addAll(summary.element());
    } else {
      rates = List.of(settings.rate().orElse(0.5));
      long[] ones = new long[summary.element().dimension() + 1];
      Arrays.fill(ones, 1);
      shape = new Shape(ones);
    }
  }

  private static void requireVariation(List<Double> mean) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < mean.size(); i++) {
      double rate = mean.get(i);
      if (!(rate > 0 && rate < 1) && problems.size() < TOLD) {
        problems.add(
            "kernel.rateFrom: data-mean needs every bit to vary, but element %d has the mean %s in the training data. Leave that bit out, or give one kernel.rate for all."
                .formatted(i + 1, rate));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }

  @Override
  public OptionalInt width(Space space) {
    return space instanceof Space.Bit ? OptionalInt.of(1) : OptionalInt.empty();
  }

  /** A drawn bit is 0 or 1, whatever it was drawn from. */
  @Override
  public boolean reparameterised() {
    return false;
  }

  /** B(r), which the diffusion leaves as it is. */
  @Override
  public Bernoulli end(NDArray like, Stage stage) {
    Bernoulli each = Bernoulli.of(rate(like));
    return Bernoulli.ofLogOdds(each.logOdds().broadcast(like.getShape()));
  }

  /** Log odds of B(r) and of what x_t says add. */
  @Override
  public Bernoulli alone(NDArray current, Stage stage) {
    NDArray rate = rate(current);
    NDArray prior = Bernoulli.of(rate).logOdds();
    Evidence seen = evidence(rate, stage.signal(), stage.noise());
    return Bernoulli.ofLogOdds(
        Mixture.choose(current.gt(0.5f), prior.add(seen.one()), prior.add(seen.zero())));
  }

  /** B(x_s (1 - beta) + r beta). */
  @Override
  public Bernoulli transition(NDArray previous, Stage stage) {
    return replaced(previous, stage.kept(), stage.beta());
  }

  /** B(x_0 abar_t + r (1 - abar_t)). */
  @Override
  public Bernoulli marginal(NDArray data, Stage stage) {
    return replaced(data, stage.signal(), stage.noise());
  }

  /** Both probabilities are sums without a minus, so that neither cancels. */
  private Bernoulli replaced(NDArray x, NDArray kept, NDArray lost) {
    NDArray rate = rate(x);
    NDArray one = x.mul(kept).add(rate.mul(lost));
    NDArray zero = opposite(x).mul(kept).add(opposite(rate).mul(lost));
    return Bernoulli.ofOdds(one, zero);
  }

  /** Bayes' rule for each value of x_0, averaged over them where x_0 is a probability. */
  @Override
  public Bernoulli posterior(NDArray data, NDArray current, Stage stage) {
    return posterior(Bernoulli.of(data), current, stage);
  }

  /**
   * Log odds add: what x_t says of x_s, and what x_0 says of it.
   *
   * <p>Whatever takes a logarithm is computed for both values of x_t and then chosen, since where
   * all bits have one rate it is one number for each example and not one for each bit.
   */
  @Override
  public Bernoulli posterior(Distribution belief, NDArray current, Stage stage) {
    if (!(belief instanceof Bernoulli data)) {
      throw new IllegalArgumentException(
          "a belief about bits must be of bits, but is " + belief.getClass().getSimpleName());
    }
    NDArray rate = rate(current);
    NDArray kept = stage.previousSignal();
    NDArray ones = rate.mul(stage.previousNoise());
    NDArray zeros = opposite(rate).mul(stage.previousNoise());
    NDArray fromOne = Bernoulli.ofOdds(kept.add(ones), zeros).logOdds();
    NDArray fromZero = Bernoulli.ofOdds(ones, kept.add(zeros)).logOdds();
    Evidence seen = evidence(rate, stage.kept(), stage.beta());
    Mixture seenOne = Mixture.of(fromOne.add(seen.one()), fromZero.add(seen.one()));
    Mixture seenZero = Mixture.of(fromOne.add(seen.zero()), fromZero.add(seen.zero()));
    return Mixture.choose(current.gt(0.5f), seenOne, seenZero).given(data.logOdds());
  }

  /** Log likelihood ratios of an earlier bit, 1 against 0, for a later one that is 1, and 0. */
  private record Evidence(NDArray one, NDArray zero) {}

  private static Evidence evidence(NDArray rate, NDArray kept, NDArray lost) {
    NDArray ones = rate.mul(lost);
    NDArray zeros = opposite(rate).mul(lost);
    return new Evidence(
        kept.add(ones).log().sub(ones.log()), zeros.log().sub(kept.add(zeros).log()));
  }

  private NDArray rate(NDArray like) {
    double[] values = rates.stream().mapToDouble(Double::doubleValue).toArray();
    NDArray array = like.getManager().create(values, shape);
    return array.toType(like.getDataType(), false);
  }

  private static NDArray opposite(NDArray probability) {
    return probability.neg().add(1f);
  }
}
