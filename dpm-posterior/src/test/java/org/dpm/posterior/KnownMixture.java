package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;

/**
 * Data of which all is known: normal components of equal weight, each element of a component
 * independent with one variance. A step back has the true mean and variance of every element; with
 * one component that is Bayes' rule at any number of steps, with several for small steps.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KnownMixture(double[][] means, double variance) {

  /** abar from 0.9999 to 0.00001. */
  Diffusion diffusion(int steps) {
    return new Diffusion(
        new Shape(size()),
        steps,
        LastStep.LEARNED,
        time -> time.mul(-20.7f).add(9.2f),
        new Forward(),
        new Reverse(),
        (x, time) -> x);
  }

  int size() {
    return means[0].length;
  }

  /** The posterior under y = x + noise. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Exact(double logEvidence, double[] mean, double[][] covariance) {}

  /** log Z, mean and covariance of p(x) N(y; x, n), infinite n for elements that were not seen. */
  Exact times(double[] y, double[] noise) {
    int size = size();
    double[] logs = new double[means.length];
    double[][] centres = new double[means.length][size];
    double[] left = new double[size];
    for (int k = 0; k < means.length; k++) {
      for (int i = 0; i < size; i++) {
        double gain = variance / (variance + noise[i]);
        centres[k][i] = means[k][i] + gain * (y[i] - means[k][i]);
        left[i] = variance * (1 - gain);
        double sum = variance + noise[i];
        if (Double.isFinite(sum)) {
          double distance = y[i] - means[k][i];
          logs[k] -= 0.5 * (distance * distance / sum + Math.log(2 * Math.PI * sum));
        }
      }
    }
    Weights weights = new Weights(logs);
    double[] w = weights.normalised();
    double[] mean = new double[size];
    double[][] covariance = new double[size][size];
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < size; i++) {
        mean[i] += w[k] * centres[k][i];
      }
    }
    for (int i = 0; i < size; i++) {
      covariance[i][i] = left[i];
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < w.length; k++) {
          covariance[i][j] += w[k] * (centres[k][i] - mean[i]) * (centres[k][j] - mean[j]);
        }
      }
    }
    return new Exact(weights.logMean(), mean, covariance);
  }

  /** Variance preserving. */
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

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray root = stage.signal().sqrt();
      NDArray seen = stage.signal().mul((float) variance).add(stage.noise());
      NDList centres = new NDList();
      NDList logs = new NDList();
      for (double[] mean : means) {
        float[] values = new float[mean.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) mean[i];
        }
        NDArray m = current.getManager().create(values, new Shape(1, values.length));
        NDArray surprise = current.sub(m.mul(root));
        centres.add(m.add(surprise.mul(root.mul((float) variance).div(seen))).expandDims(1));
        NDArray distance = Distribution.perExample(surprise.square().div(seen.mul(-2f)));
        logs.add(distance.reshape(-1, 1));
      }
      NDArray weights = NDArrays.concat(logs, 1).softmax(1).expandDims(2);
      NDArray all = NDArrays.concat(centres, 1);
      NDArray expected = all.mul(weights).sum(new int[] {1});
      NDArray spread = all.sub(expected.expandDims(1)).square().mul(weights).sum(new int[] {1});
      NDArray left = spread.add(stage.noise().mul((float) variance).div(seen));
      NDArray share = stage.previousSignal().sqrt().mul(stage.beta()).div(stage.noise());
      NDArray fixed = stage.beta().mul(stage.previousNoise()).div(stage.noise());
      NDArray mean = new Forward().posterior(expected, current, stage).mean();
      return DiagonalGaussian.of(mean, left.mul(share.square()).add(fixed));
    }
  }
}
