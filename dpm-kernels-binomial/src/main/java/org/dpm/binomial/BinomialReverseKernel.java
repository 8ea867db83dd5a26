package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Multipliable;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/**
 * One output for each bit: log odds, beside what x_t itself says.
 *
 * <p>Output 0 means the same in both parametrisations: what x_t says of x_s where the data are bits
 * that mean nothing, x_0 of B(r). A network that begins at zero begins as the null law, whose K is
 * L_null.
 */
final class BinomialReverseKernel implements ReverseKernel {

  /** What the network's output is. */
  enum Prediction {
    /** Log odds of x_0, beside what x_t itself says of it: a belief. */
    DATA,
    /** Log odds of x_s, beside what x_t itself says of it: a step, and no belief. */
    FLIP
  }

  record Settings(
      @JsonProperty(defaultValue = "data")
          @JsonPropertyDescription("what the network predicts: the data, or the step itself")
          Prediction prediction) {}

  private final Settings settings;
  private final ForwardKernel forward;

  @Inject
  BinomialReverseKernel(Settings settings, ForwardKernel forward) {
    if (forward.width(new Space.Bit()).orElse(0) != 1) {
      throw new InvalidInput(
          "reverse.kind: 'binomial' restores bits, which the kernel, a %s, does not take. Set kernel.kind: binomial, or leave 'reverse' out to have the one that belongs to your kernel."
              .formatted(forward.getClass().getSimpleName()));
    }
    this.settings = settings;
    this.forward = forward;
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public boolean denoises() {
    return settings.prediction() == Prediction.DATA;
  }

  @Override
  public Distribution data(NDArray current, NDArray output, Stage stage) {
    if (!denoises()) {
      throw new IllegalStateException("the prediction is a flip, and says nothing of the data");
    }
    return moved(forward.alone(current, stage), output);
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    return switch (settings.prediction()) {
      case DATA -> forward.posterior(data(current, output, stage), current, stage);
      // Under the null law the diffusion is reversible: back is as forth.
      case FLIP -> moved(forward.transition(current, stage), output);
    };
  }

  /** Log odds add. */
  private static Distribution moved(Distribution bits, NDArray output) {
    return ((Multipliable) bits).tilted(output.squeeze(1));
  }
}
