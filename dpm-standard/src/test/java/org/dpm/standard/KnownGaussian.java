package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalInt;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/**
 * Data N(mean, variance) in one dimension, for which Bayes' rule gives the belief about them, and
 * with it the reverse step and the bound, in closed form.
 *
 * @param bias what the reverse step's mean is off by: zero for the exact one
 */
record KnownGaussian(double mean, double variance, double bias) {

  Diffusion diffusion(Grid grid, LastStep lastStep, Schedule schedule) {
    Forward forward = new Forward();
    return new Diffusion(
        new Shape(1),
        grid,
        lastStep,
        schedule,
        forward,
        new Reverse(forward),
        (x, time, condition) -> x);
  }

  NDArray data(NDArray like, Noise noise) {
    return noise.gaussian(like).mul(Math.sqrt(variance)).add(mean);
  }

  /** -E log p(x_0) of the true density. */
  double entropy() {
    return 0.5 * Math.log(2 * Math.PI * Math.E * variance);
  }

  /** Variance preserving. */
  private static final class Forward implements ForwardKernel {

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return true;
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return DiagonalGaussian.of(like.zerosLike(), like.onesLike());
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return DiagonalGaussian.of(current.mul(stage.signal().sqrt()), stage.noise());
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
      return posterior(DiagonalGaussian.of(data, data.zerosLike()), current, stage);
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      DiagonalGaussian data = (DiagonalGaussian) belief;
      NDArray ofData = stage.previousSignal().sqrt().mul(stage.lostShare());
      NDArray ofCurrent = stage.kept().sqrt().mul(stage.previousNoise()).div(stage.noise());
      return DiagonalGaussian.of(
          data.mean().mul(ofData).add(current.mul(ofCurrent)),
          data.variance().mul(ofData.square()).add(stage.previousNoise().mul(stage.lostShare())));
    }
  }

  private final class Reverse implements ReverseKernel {

    private final Forward forward;

    Reverse(Forward forward) {
      this.forward = forward;
    }

    @Override
    public int outputs() {
      return 1;
    }

    /** x_0 and x_t are jointly Gaussian: the regression of one on the other. */
    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      NDArray root = stage.signal().sqrt();
      NDArray later = stage.signal().mul(variance).add(stage.noise());
      NDArray surprise = current.sub(root.mul(mean));
      return DiagonalGaussian.of(
          surprise.mul(root.mul(variance).div(later)).add(mean),
          stage.noise().mul(variance).div(later));
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      Distribution belief = data(current, output, stage);
      var exact = (DiagonalGaussian) forward.posterior(belief, current, stage);
      return DiagonalGaussian.of(exact.mean().add(bias), exact.variance());
    }
  }

  /** A batch's shape and type, to be filled. */
  static NDArray batch(NDManager manager, long size) {
    return manager.zeros(new Shape(size, 1), DataType.FLOAT64);
  }
}
