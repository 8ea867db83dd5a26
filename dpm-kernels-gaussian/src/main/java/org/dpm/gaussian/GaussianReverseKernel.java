package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;

/**
 * p(x_{t-1} | x_t) = N(mu, diag(Sigma)): what the network's first output says of the mean, and its
 * second, if there is one, of the variance.
 */
final class GaussianReverseKernel implements ReverseKernel {

  /** What the network's first output is. */
  enum Mean {
    /** z in mu = (x_t - z)(1 - Sigma) + z. Sohl-Dickstein et al. 2015, appendix D.2. */
    PAPER,
    /** The noise e in x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) e. Needs beta_T below 1. */
    NOISE,
    /** x_0 itself. */
    DATA,
    /**
     * What is left to say of x_0 once each element's own mean and variance over the data have said
     * theirs: x_0 = E[x_0 | x_t] + sqrt(Var[x_0 | x_t]) z, with the moments that Gaussian elements
     * would have. The preconditioning of Karras et al. 2022, element by element; where every
     * element is z-scored by itself, it is the velocity.
     */
    PRECONDITIONED,
    /** v = sqrt(abar_t) e - sqrt(1 - abar_t) x_0, well scaled at every t. */
    VELOCITY
  }

  /** Where the variance comes from. */
  enum Variance {
    /** Sigma = sigmoid(z + logit(beta_t)), z the network's second output for each element. */
    LEARNED,
    /** beta_t, that of q(x_t | x_{t-1}): right where the data are noise. */
    FORWARD,
    /** That of q(x_{t-1} | x_t, x_0): right where the data are a point; beta_1 at the last step. */
    POSTERIOR
  }

  record Settings(
      @JsonProperty(defaultValue = "preconditioned")
          @JsonPropertyDescription("what the network predicts")
          Mean mean,
      @JsonProperty(defaultValue = "learned") @JsonPropertyDescription("variance of a reverse step")
          Variance variance) {}

  private final Settings settings;
  private final ForwardKernel forward;
  private final Shape element;
  private final float[] mean;
  private final float[] variance;

  @Inject
  GaussianReverseKernel(Settings settings, ForwardKernel forward, DataSummary data) {
    this.settings = settings;
    this.forward = forward;
    element = data.element();
    mean = new float[data.mean().size()];
    variance = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double scale = data.scale().get(i);
      mean[i] = (float) ((data.mean().get(i) - data.centre().get(i)) / scale);
      variance[i] = (float) Math.pow(data.standardDeviation().get(i) / scale, 2);
    }
  }

  @Override
  public int outputs() {
    return settings.variance() == Variance.LEARNED ? 2 : 1;
  }

  @Override
  public Distribution transition(NDArray current, NDArray output, Stage stage) {
    NDArray prediction = element(output, 0);
    NDArray logVariance = logVariance(output, stage);
    NDArray mean =
        switch (settings.mean()) {
          case PAPER -> {
            NDArray variance = logVariance.exp();
            yield current.sub(current.sub(prediction).mul(variance));
          }
          case NOISE -> {
            NDArray share = stage.beta().div(stage.noiseScale());
            yield current.sub(prediction.mul(share)).div(stage.keptScale());
          }
          case DATA -> forward.posterior(prediction, current, stage).mean();
          case PRECONDITIONED -> {
            NDArray data = preconditioned(current, prediction, stage);
            yield forward.posterior(data, current, stage).mean();
          }
          case VELOCITY -> {
            NDArray data = current.mul(stage.signalScale()).sub(prediction.mul(stage.noiseScale()));
            yield forward.posterior(data, current, stage).mean();
          }
        };
    return DiagonalGaussian.ofLogVariance(mean, logVariance);
  }

  /** x_0 of elements N(m, v) seen through x_t = sqrt(abar_t) x_0 + noise, z deviations off. */
  private NDArray preconditioned(NDArray current, NDArray z, Stage stage) {
    NDArray m = constant(mean, current);
    NDArray v = constant(variance, current);
    NDArray signal = stage.signal();
    NDArray noise = stage.noise();
    NDArray seen = v.mul(signal).add(noise);
    NDArray root = stage.signalScale();
    NDArray expected = m.add(current.sub(m.mul(root)).mul(v.mul(root).div(seen)));
    return expected.add(z.mul(v.sqrt().mul(stage.noiseScale()).div(seen.sqrt())));
  }

  private NDArray constant(float[] values, NDArray like) {
    NDArray array = like.getManager().create(values, new Shape(1).addAll(element));
    return array.toType(like.getDataType(), false);
  }

  private NDArray logVariance(NDArray output, Stage stage) {
    return switch (settings.variance()) {
      case LEARNED -> {
        NDArray logOdds = element(output, 1).add(stage.logOddsOfBeta());
        yield logOdds.neg().getNDArrayInternal().softPlus().neg();
      }
      case FORWARD -> stage.beta().log();
      case POSTERIOR -> {
        NDArray before = stage.previousNoise();
        NDArray posterior = stage.beta().mul(before).div(stage.noise());
        yield NDArrays.where(before.gt(0f), posterior, stage.beta()).log();
      }
    };
  }

  private static NDArray element(NDArray output, int index) {
    return output.split(output.getShape().get(1), 1).get(index).squeeze(1);
  }
}
