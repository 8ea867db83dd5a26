package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.Bernoulli;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/**
 * p(x_{t-1} | x_t) = B(f_b): one output for each bit.
 *
 * <p>Output 0 means the same in both parametrisations: what x_t says of x_{t-1} where the data are
 * bits that mean nothing, x_0 of B(r). A network that begins at zero begins as the stationary
 * distribution, whose K is L_null.
 */
final class BinomialReverseKernel implements ReverseKernel {

  /** What the network's output is. */
  enum Prediction {
    /**
     * Log odds of x_0, beside what x_t itself says of it; the step is the average of q(x_{t-1} |
     * x_t, x_0) over x_0.
     */
    DATA,
    /** Log odds of x_{t-1}, beside what x_t itself says of it. */
    FLIP
  }

  record Settings(
      @JsonProperty(defaultValue = "data")
          @JsonPropertyDescription("what the network predicts: the data, or the step itself")
          Prediction prediction) {}

  private final Settings settings;
  private final BinomialForwardKernel forward;

  @Inject
  BinomialReverseKernel(Settings settings, ForwardKernel forward, Schedule schedule) {
    this.settings = settings;
    this.forward = own(forward);
    requireFixed(schedule);
  }

  private static BinomialForwardKernel own(ForwardKernel forward) {
    if (forward instanceof BinomialForwardKernel bits) {
      return bits;
    }
    throw new InvalidInput(
        "reverse.kind: 'binomial' restores what the kernel 'binomial' has destroyed, but the kernel is a %s. Set kernel.kind: binomial, or leave 'reverse' out to have the one that belongs to your kernel."
            .formatted(forward.getClass().getSimpleName()));
  }

  /** Drawn bits carry no gradient, and the bound's gradient without theirs points elsewhere. */
  private static void requireFixed(Schedule schedule) {
    if (!schedule.parameters().isEmpty()) {
      throw new InvalidInput(
          "schedule: a schedule that is learned cannot be used with bits: x_t is drawn as 0 or 1, and how the draw depends on the schedule has no gradient. Set schedule.kind to a fixed one: constant-fraction (the paper's choice), cosine, linear or log-snr-linear.");
    }
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    NDArray answer = output.squeeze(1);
    return switch (settings.prediction()) {
      case DATA -> {
        NDArray data = answer.add(forward.alone(current, stage));
        yield forward.posterior(Bernoulli.ofLogOdds(data), current, stage);
      }
      case FLIP -> {
        // The stationary diffusion is reversible: back is as forth.
        Bernoulli alone = forward.transition(current, stage);
        yield Bernoulli.ofLogOdds(answer.add(alone.logOdds()));
      }
    };
  }
}
