package org.dpm.categorical;

import ai.djl.ndarray.NDArray;
import jakarta.inject.Inject;
import java.util.List;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Multipliable;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/**
 * One output for each class: its log probability at x_0, up to a constant, beside what x_t itself
 * says of it. A network that begins at zero begins as the null law, whose K is L_null.
 */
final class CategoricalReverseKernel implements ReverseKernel {

  private static final Space ANY = new Space.Category(List.of("this", "that"));

  /** There is nothing to set. */
  record Settings() {}

  private final ForwardKernel forward;

  @Inject
  CategoricalReverseKernel(ForwardKernel forward) {
    if (forward.width(ANY).isEmpty()) {
      throw new InvalidInput(
          "reverse.kind: 'categorical' restores categories, which the kernel, a %s, does not take. Set kernel.kind: categorical, or leave 'reverse' out to have the one that belongs to your kernel."
              .formatted(forward.getClass().getSimpleName()));
    }
    this.forward = forward;
  }

  @Override
  public int outputs() {
    return 1;
  }

  /** Log probabilities add: what x_t rules out, such as a mask, stays ruled out. */
  @Override
  public Distribution data(NDArray current, NDArray output, Stage stage) {
    return ((Multipliable) forward.alone(current, stage)).tilted(output.squeeze(1));
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    return forward.posterior(data(current, output, stage), current, stage);
  }
}
