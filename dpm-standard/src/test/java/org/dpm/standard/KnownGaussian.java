package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/**
 * Data N(mean, variance) in one dimension, for which Bayes' rule gives the reverse step and with it
 * the bound in closed form.
 *
 * @param bias what the reverse step's mean is off by: zero for the exact one
 */
record KnownGaussian(double mean, double variance, double bias) {

  Diffusion diffusion(int steps, LastStep lastStep, Schedule schedule) {
    Shape element = new Shape(1);
    return new Diffusion(
        element, steps, lastStep, schedule, new Forward(), new Reverse(), (x, time) -> x);
  }

  NDArray data(NDArray like, Noise noise) {
    return noise.gaussian(like).mul(Math.sqrt(variance)).add(mean);
  }

  /** -E log p(x_0) of the true density. */
  double entropy() {
    return 0.5 * Math.log(2 * Math.PI * Math.E * variance);
  }

  private static final class Forward implements ForwardKernel {

    @Override
    public Distribution stationary(NDArray like) {
      return DiagonalGaussian.of(like.zerosLike(), like.onesLike());
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return DiagonalGaussian.of(previous.mul(stage.kept().sqrt()), stage.beta());
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return DiagonalGaussian.of(data.mul(stage.signal().sqrt()), stage.noise());
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      NDArray fromData = data.mul(stage.previousSignal().sqrt()).mul(stage.beta());
      NDArray fromCurrent = current.mul(stage.kept().sqrt()).mul(stage.previousNoise());
      return DiagonalGaussian.of(
          fromData.add(fromCurrent).div(stage.noise()),
          stage.beta().mul(stage.previousNoise()).div(stage.noise()));
    }
  }

  private final class Reverse implements ReverseKernel {

    @Override
    public int outputs() {
      return 1;
    }

    /** x_s and x_t are jointly Gaussian: the regression of one on the other. */
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray root = stage.kept().sqrt();
      NDArray earlierMean = stage.previousSignal().sqrt().mul(mean);
      NDArray earlier = stage.previousSignal().mul(variance).add(stage.previousNoise());
      NDArray later = earlier.mul(stage.kept()).add(stage.beta());
      NDArray surprise = current.sub(earlierMean.mul(root));
      return DiagonalGaussian.of(
          surprise.mul(earlier.mul(root).div(later)).add(earlierMean).add(bias),
          earlier.mul(stage.beta()).div(later));
    }
  }

  /** A batch's shape and type, to be filled. */
  static NDArray batch(NDManager manager, long size) {
    return manager.zeros(new Shape(size, 1), DataType.FLOAT64);
  }
}
