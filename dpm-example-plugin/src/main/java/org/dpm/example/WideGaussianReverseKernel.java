package org.dpm.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import jakarta.inject.Inject;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;

/**
 * The way back: the network corrects what x_t alone says of x_0, and the steps follow from that.
 *
 * <p>For each element the network gives two numbers. The first moves the mean of the belief, in
 * units of its standard deviation; the second is the logarithm of what its variance is multiplied
 * by. A network that says nothing, all zeros, is right for data of N(0, 1).
 */
final class WideGaussianReverseKernel implements ReverseKernel {

  /** Nothing to set: the variance v is the forward kernel's. */
  record Settings() {}

  private static final NDIndex SHIFT = new NDIndex(":, 0");
  private static final NDIndex SPREAD = new NDIndex(":, 1");

  private final WideGaussianKernel forward;

  /** Asks for the forward kernel that the pipeline chose; its own settings it does not need. */
  @Inject
  WideGaussianReverseKernel(ForwardKernel forward) {
    if (!(forward instanceof WideGaussianKernel wide)) {
      throw new InvalidInput(
          "reverse: kind example/wide-gaussian goes back from a forward kernel of the same kind."
              + " Write 'kernel: { kind: example/wide-gaussian }', or choose another reverse kind.");
    }
    this.forward = wide;
  }

  @Override
  public int outputs() {
    return 2;
  }

  /** x_t in units of what it varies by. */
  @Override
  public NDArray input(NDArray current, Stage stage) {
    return current.div(forward.total(stage).sqrt());
  }

  @Override
  public Distribution data(NDArray current, NDArray output, Stage stage) {
    DiagonalGaussian alone = forward.alone(current, stage);
    NDArray shift = output.get(SHIFT).mul(alone.variance().sqrt());
    return DiagonalGaussian.ofLogVariance(
        alone.mean().add(shift), alone.logVariance().add(output.get(SPREAD)));
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    return forward.posterior(data(current, output, stage), current, stage);
  }
}
