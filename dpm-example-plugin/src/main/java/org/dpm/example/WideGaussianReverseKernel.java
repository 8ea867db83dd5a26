package org.dpm.example;

import static org.dpm.api.Numbers.number;

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
 * The way back: the network improves a guess of x_0, the guess is pushed through q(x_s | x_t, x_0),
 * and the variance is learned.
 *
 * <p>For each element the network gives two numbers. The first moves the guess of x_0 away from the
 * best linear one, in units of what that one leaves unexplained of data with unit variance. The
 * second is z in Sigma = v sigmoid(z + logit(beta)), so that zeros mean the forward variance v
 * beta.
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

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    NDArray mean =
        forward.posterior(guess(current, output.get(SHIFT), stage), current, stage).mean();
    NDArray logOdds = output.get(SPREAD).add(stage.logOddsOfBeta());
    // log sigmoid(z) = -softplus(-z), which keeps its meaning where sigmoid(z) is 0 in float32.
    NDArray logFraction = logOdds.neg().getNDArrayInternal().softPlus().neg();
    return DiagonalGaussian.ofLogVariance(
        mean, logFraction.add((float) Math.log(forward.variance())));
  }

  /**
   * x_0 from x_t: linear regression on x_t, were the data N(0, 1), and {@code shift} of its
   * standard errors.
   */
  private NDArray guess(NDArray current, NDArray shift, Stage stage) {
    NDArray noise = stage.noise().mul(number(current, forward.variance()));
    NDArray total = stage.signal().add(noise);
    NDArray linear = current.mul(stage.signalScale()).div(total);
    return linear.add(shift.mul(noise.div(total).sqrt()));
  }
}
