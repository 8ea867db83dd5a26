package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.BinaryOperator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/** Normal data, for which Bayes' rule gives every reverse step in closed form. */
final class GaussianModel implements KnownModel {

  private static final double[] MEAN = {0.5, -0.3};
  private static final double[] VARIANCE = {0.3, 0.8};

  /** abar from 0.98 at time 0 to 0.05 at time 1: what the diffusion leaves still matters. */
  private static final Schedule SCHEDULE = time -> time.mul(-7).add(4);

  @Override
  public Diffusion diffusion(int steps, BinaryOperator<NDArray> network) {
    return new Diffusion(
        new Shape(2), steps, LastStep.LEARNED, SCHEDULE, new Forward(), new Reverse(), network);
  }

  @Override
  public NDArray data(NDManager manager) {
    return manager.create(new double[] {0.4, -0.2, -0.1, 1.1, 1.3, -1.4}, new Shape(3, 2));
  }

  /**
   * As the network's answers do not depend on x_t, each step's mean is linear in x_t: x_0 is
   * normal, and its moments follow from those of x_T step by step.
   */
  @Override
  public double[] logLikelihood(Diffusion diffusion, NDArray data) {
    NDArray zero = data.get("0:1").zerosLike();
    NDArray mean = zero;
    NDArray variance = zero.onesLike();
    for (int t = diffusion.steps(); t >= 1; t--) {
      Stage stage = diffusion.stage(zero, t);
      DiagonalGaussian atZero = (DiagonalGaussian) diffusion.step(zero, stage);
      NDArray slope = diffusion.step(zero.onesLike(), stage).mean().sub(atZero.mean());
      mean = mean.mul(slope).add(atZero.mean());
      variance = variance.mul(slope.square()).add(atZero.variance());
    }
    double[] means = mean.toDoubleArray();
    double[] variances = variance.toDoubleArray();
    double[] x = data.toDoubleArray();
    double[] logLikelihood = new double[x.length / MEAN.length];
    for (int i = 0; i < x.length; i++) {
      int element = i % MEAN.length;
      logLikelihood[i / MEAN.length] +=
          new NormalDistribution(means[element], Math.sqrt(variances[element])).logDensity(x[i]);
    }
    return logLikelihood;
  }

  @Override
  public String toString() {
    return "Gaussian model";
  }

  /** Variance preserving. Sohl-Dickstein et al. 2015, table App.1, left column. */
  static final class Forward implements ForwardKernel {

    @Override
    public Distribution stationary(NDArray like) {
      return DiagonalGaussian.of(like.zerosLike(), like.onesLike());
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return DiagonalGaussian.of(previous.mul(stage.keptScale()), stage.beta());
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return DiagonalGaussian.of(data.mul(stage.signalScale()), stage.noise());
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      NDArray fromData = data.mul(stage.previousSignalScale()).mul(stage.beta());
      NDArray fromCurrent = current.mul(stage.keptScale()).mul(stage.previousNoise());
      return DiagonalGaussian.of(
          fromData.add(fromCurrent).div(stage.noise()),
          stage.beta().mul(stage.previousNoise()).div(stage.noise()));
    }
  }

  /**
   * x_s and x_t are jointly normal: the regression of one on the other. The network's answers are
   * added to its mean, in standard deviations, and to its log variance.
   */
  static final class Reverse implements ReverseKernel {

    @Override
    public int outputs() {
      return 2;
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray earlierMean = stage.previousSignalScale().mul(row(current, MEAN));
      NDArray earlier =
          stage.previousSignal().mul(row(current, VARIANCE)).add(stage.previousNoise());
      NDArray root = stage.keptScale();
      NDArray later = earlier.mul(stage.kept()).add(stage.beta());
      NDArray surprise = current.sub(earlierMean.mul(root));
      NDArray variance = earlier.mul(stage.beta()).div(later);
      NDArray mean = surprise.mul(earlier).mul(root).div(later).add(earlierMean);
      return DiagonalGaussian.ofLogVariance(
          mean.add(output.get(":, 0").mul(variance.sqrt())),
          variance.log().add(output.get(":, 1")));
    }

    private static NDArray row(NDArray like, double[] values) {
      return like.getManager()
          .create(values, new Shape(1, values.length))
          .toType(like.getDataType(), false);
    }
  }
}
