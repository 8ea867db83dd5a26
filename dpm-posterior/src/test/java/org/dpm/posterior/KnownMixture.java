package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Data of which all is known: normal components of equal weight, each element of a component
 * independent with one variance. The belief about x_0 has the true mean and variance of every
 * element; with one component steps are Bayes' rule at any number of them, with several for small
 * steps.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KnownMixture(double[][] means, double variance) {

  static final ForwardKernel VARIANCE_PRESERVING = Kernels.gaussian("variance-preserving");

  /** abar from 0.9999 to 0.00001, on the variance-preserving path. */
  Diffusion diffusion(int steps) {
    return diffusion(steps, VARIANCE_PRESERVING);
  }

  Diffusion diffusion(int steps, ForwardKernel forward) {
    return new Diffusion(
        new Shape(size()),
        Grid.even(steps),
        LastStep.LEARNED,
        time -> time.mul(-20.7f).add(9.2f),
        forward,
        new Reverse(forward),
        (x, time, condition) -> told(x, condition));
  }

  /** By how much a condition moves all means, for each element; nothing where there is none. */
  private static NDArray told(NDArray x, @Nullable NDArray condition) {
    return condition == null ? x.zerosLike() : x.zerosLike().add(condition.get(":, 0:1"));
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
    ParticleWeights weights = new ParticleWeights(logs);
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

  private final class Reverse implements ReverseKernel {

    private final ForwardKernel forward;

    Reverse(ForwardKernel forward) {
      this.forward = forward;
    }

    @Override
    public int outputs() {
      return 1;
    }

    /** The network's answer is what all means are moved by. */
    @Override
    public Distribution data(NDArray current, NDArray moved, Stage stage) {
      GaussianStage at = GaussianStage.of(forward.path().orElseThrow(), stage);
      NDArray root = at.signal();
      NDArray v = number(current, variance);
      NDArray seen = root.square().mul(v).add(at.noiseVariance());
      NDList centres = new NDList();
      NDList logs = new NDList();
      for (double[] mean : means) {
        NDArray m =
            Doubles.array(current, mean, new Shape(1, mean.length))
                .add(moved.reshape(current.getShape()));
        NDArray surprise = current.sub(m.mul(root));
        centres.add(m.add(surprise.mul(root.mul(v).div(seen))).expandDims(1));
        NDArray distance = surprise.square().div(seen.mul(number(current, -2)));
        logs.add(Distribution.perExample(distance).reshape(-1, 1));
      }
      NDArray weights = NDArrays.concat(logs, 1).softmax(1).expandDims(2);
      NDArray all = NDArrays.concat(centres, 1);
      NDArray expected = all.mul(weights).sum(new int[] {1});
      NDArray spread = all.sub(expected.expandDims(1)).square().mul(weights).sum(new int[] {1});
      return DiagonalGaussian.of(expected, spread.add(at.noiseVariance().mul(v).div(seen)));
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return forward.posterior(data(current, output, stage), current, stage);
    }
  }
}
