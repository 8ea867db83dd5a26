package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/** Normal data, for which Bayes' rule gives every belief, and so every reverse step. */
final class GaussianModel implements KnownModel {

  private static final double[] MEAN = {0.5, -0.3};
  private static final double[] VARIANCE = {0.3, 0.8};

  /**
   * abar from 0.98 at time 0 to 0.0067 at time 1, where a sampler that begins with noise is hardly
   * wrong.
   */
  private static final Schedule SCHEDULE = time -> time.mul(-9).add(4);

  @Override
  public Diffusion diffusion(Grid grid, Diffusion.Answer network) {
    return new Diffusion(
        new Shape(2), grid, LastStep.LEARNED, SCHEDULE, new Forward(), new Reverse(), network);
  }

  @Override
  public NDArray data(NDManager manager) {
    return manager.create(new double[] {0.4, -0.2, -0.1, 1.1, 1.3, -1.4}, new Shape(3, 2));
  }

  @Override
  public NDArray draws(NDArray like, Noise noise) {
    return DiagonalGaussian.of(like.zerosLike().add(row(like, MEAN)), row(like, VARIANCE))
        .sample(noise);
  }

  /**
   * As the network's answers do not depend on x_t, each step's mean is linear in x_t: x_0 is
   * normal, and its moments follow from those of x_T step by step.
   */
  @Override
  public double[] logLikelihood(Diffusion diffusion, NDArray data) {
    NDArray zero = data.get("0:1").zerosLike();
    DiagonalGaussian end = (DiagonalGaussian) diffusion.end(zero);
    NDArray mean = end.mean();
    NDArray variance = end.variance();
    for (int t = diffusion.steps(); t >= 1; t--) {
      Stage stage = diffusion.stage(zero, t);
      DiagonalGaussian atZero = (DiagonalGaussian) diffusion.back(zero, stage);
      NDArray slope = diffusion.back(zero.onesLike(), stage).mean().sub(atZero.mean());
      mean = mean.mul(slope).add(atZero.mean());
      variance = variance.mul(slope.square()).add(atZero.variance());
    }
    double[] means = mean.toDoubleArray();
    double[] variances = variance.broadcast(mean.getShape()).toDoubleArray();
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

  private static NDArray row(NDArray like, double[] values) {
    return like.getManager()
        .create(values, new Shape(1, values.length))
        .toType(like.getDataType(), false);
  }

  /** a = sqrt(abar), s = sqrt(1 - abar). Sohl-Dickstein et al. 2015, table App.1, left column. */
  static final class Path implements GaussianPath {

    @Override
    public NDArray logSignalScale(NDArray logSnr) {
      return logSnr.neg().getNDArrayInternal().softPlus().mul(number(logSnr, -0.5));
    }

    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return logSignalScale(logSnr.neg());
    }

    @Override
    public NDArray velocityScale(NDArray logSnr) {
      return logSignalScale(logSnr).exp();
    }
  }

  /** Variance preserving, written with abar and beta. */
  static final class Forward implements ForwardKernel {

    private final GaussianPath path = new Path();

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return true;
    }

    @Override
    public Optional<GaussianPath> path() {
      return Optional.of(path);
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
      return DiagonalGaussian.of(mean(data, current, stage), variance(stage));
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      if (!(belief instanceof DiagonalGaussian about)) {
        throw new IllegalArgumentException(
            "a belief about numbers must be Gaussian, but is " + belief.getClass());
      }
      NDArray spread = ofData(stage).square().mul(about.variance()).add(variance(stage));
      return DiagonalGaussian.of(mean(about.mean(), current, stage), spread);
    }

    private static NDArray mean(NDArray data, NDArray current, Stage stage) {
      NDArray ofCurrent = stage.kept().sqrt().mul(stage.previousNoise()).div(stage.noise());
      return data.mul(ofData(stage)).add(current.mul(ofCurrent));
    }

    private static NDArray ofData(Stage stage) {
      return stage.previousSignal().sqrt().mul(stage.beta()).div(stage.noise());
    }

    private static NDArray variance(Stage stage) {
      return stage.beta().mul(stage.previousNoise()).div(stage.noise());
    }
  }

  /**
   * x_0 and x_t are jointly normal: the regression of one on the other. The network's answers are
   * added to the belief's mean, in standard deviations, and to its log variance.
   */
  static final class Reverse implements ReverseKernel {

    private final Forward forward = new Forward();

    @Override
    public int outputs() {
      return 2;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      NDArray mean = row(current, MEAN);
      NDArray own = row(current, VARIANCE);
      NDArray root = stage.signal().sqrt();
      NDArray total = own.mul(stage.signal()).add(stage.noise());
      NDArray surprise = current.sub(mean.mul(root));
      NDArray variance = own.mul(stage.noise()).div(total);
      NDArray expected = surprise.mul(own).mul(root).div(total).add(mean);
      return DiagonalGaussian.ofLogVariance(
          expected.add(output.get(":, 0").mul(variance.sqrt())),
          variance.log().add(output.get(":, 1")));
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return forward.posterior(data(current, output, stage), current, stage);
    }
  }
}
