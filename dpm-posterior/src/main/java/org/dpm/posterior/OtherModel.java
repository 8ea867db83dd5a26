package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.Optional;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
import org.dpm.api.Prior.Other;
import org.dpm.api.Stage;

/**
 * Another model that a first one is multiplied with.
 *
 * <p>If p and p' are two diffusions and q_pi is a step back from the stationary distribution, then
 * p p' / q_pi is a step back of the diffusion from p p' / pi, and pi(x_0) remains to be put back.
 * That is so of models without error only, and guides the trajectory; what decides is p'(x_0), of
 * which forward trajectories give an unbiased estimate.
 */
final class OtherModel {

  /** Halvings of the time, beyond which single precision sees no difference. */
  private static final int HALVINGS = 24;

  private final Diffusion first;
  private final Other other;
  private final NDArray scale;
  private final float typical;

  /**
   * @param first the model that is multiplied, of which the trajectory is
   */
  OtherModel(Diffusion first, Other other) {
    this.first = first;
    this.other = other;
    scale = other.scale();
    typical = (float) Math.exp(scale.log().mean().getFloat());
  }

  /**
   * A step p' of the other model over q_pi, both of what the first model's trajectory carries.
   *
   * @param step p'(x_s | x_t)
   * @param stationary q_pi(x_s | x_t)
   */
  record Ratio(Distribution step, Distribution stationary) {

    /** log p' / q_pi of each example. */
    double[] log(NDArray x) {
      NDArray difference = step.logProbability(x).sub(stationary.logProbability(x));
      return Doubles.of(Distribution.perExample(difference));
    }
  }

  /**
   * The step from x_t, asked at the time at which the other model's noise is the same.
   *
   * @return nothing where it is T_pi by definition, so that the ratio is 1
   */
  Optional<Ratio> step(NDArray current, int t) {
    Diffusion second = other.diffusion();
    if (t == 1 && second.lastStep() == LastStep.FORWARD) {
      return Optional.empty();
    }
    Stage stage = first.stage(current, t);
    float shrinkage = (float) (-2 * Math.log(typical));
    NDArray here = stage.logSnr().add(shrinkage);
    NDArray before = t == 1 ? infinite(here) : first.stage(current, t - 1).logSnr().add(shrinkage);
    Stage its = Stage.of(time(here), here, before);
    NDArray factor = scale.mul(ratio(stage.signal(), stage.noise(), its.signal(), its.noise()));
    NDArray shift = other.shift().mul(its.signalScale());
    Distribution step = second.step(current.mul(factor).add(shift), its);
    NDArray factorBefore =
        scale.mul(
            ratio(
                stage.previousSignal(),
                stage.previousNoise(),
                its.previousSignal(),
                its.previousNoise()));
    NDArray shiftBefore = other.shift().mul(its.previousSignalScale());
    // The chain of pi looks the same in both directions.
    return Optional.of(
        new Ratio(
            back(step, factorBefore, shiftBefore), first.forward().transition(current, stage)));
  }

  private static NDArray infinite(NDArray like) {
    return like.zerosLike().add(Float.POSITIVE_INFINITY);
  }

  /** Of x from what the other's kernel sees, factor x + shift. */
  private static Distribution back(Distribution step, NDArray factor, NDArray shift) {
    if (step instanceof DiagonalGaussian gaussian) {
      NDArray logVariance = gaussian.logVariance().sub(factor.log().mul(number(factor, 2)));
      return DiagonalGaussian.ofLogVariance(gaussian.mean().sub(shift).div(factor), logVariance);
    }
    return step;
  }

  /**
   * The factor of the signal there over that here. Noise over signal is {@code typical} times as
   * large there, so that either is known from the other, and one of the two is not near 0.
   */
  private NDArray ratio(NDArray signal, NDArray noise, NDArray itsSignal, NDArray itsNoise) {
    NDArray bySignal = itsSignal.div(signal.maximum(number(signal, 0.25))).sqrt();
    NDArray byNoise = itsNoise.div(noise.maximum(number(noise, 0.25))).sqrt().div(typical);
    return NDArrays.where(signal.gt(0.5f), bySignal, byNoise);
  }

  /**
   * The other's time of this log signal-to-noise ratio, by bisection; one of its steps if need be.
   */
  private NDArray time(NDArray logSnr) {
    Diffusion second = other.diffusion();
    float wanted = logSnr.toFloatArray()[0];
    double early = 1.0 / second.steps();
    double late = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (early + late) / 2;
      if (logSnr(logSnr, middle) > wanted) {
        early = middle;
      } else {
        late = middle;
      }
    }
    double steps = second.steps();
    double found = other.anyTime() ? late : Math.round(late * steps) / steps;
    return logSnr.zerosLike().add((float) found);
  }

  private float logSnr(NDArray like, double time) {
    try (NDScope scope = new NDScope()) {
      NDArray asked = like.zerosLike().add((float) time);
      return other.diffusion().schedule().logSnr(asked).toFloatArray()[0];
    }
  }

  /**
   * The logarithm of an unbiased estimate of the other's density of each x_0 in data units: the
   * mean over forward trajectories of its own. A particle weighed by any such estimate is weighed
   * right on average (Andrieu and Roberts 2009), but those of single trajectories have heavy tails.
   */
  double[] logDensity(NDArray x, Noise noise) {
    int rows = Math.toIntExact(x.getShape().get(0));
    double[][] logs = new double[rows][other.trajectories()];
    for (int i = 0; i < other.trajectories(); i++) {
      double[] one = oneTrajectory(x, noise);
      for (int row = 0; row < rows; row++) {
        logs[row][i] = one[row];
      }
    }
    return Arrays.stream(logs).mapToDouble(each -> new Weights(each).logMean()).toArray();
  }

  /** The product of p'(x_{t-1} | x_t) / q(x_t | x_{t-1}) and pi, along a path drawn from q. */
  private double[] oneTrajectory(NDArray x, Noise noise) {
    Diffusion second = other.diffusion();
    double[] sum = new double[Math.toIntExact(x.getShape().get(0))];
    Arrays.fill(sum, -other.logVolume());
    NDArray before = x.mul(scale).add(other.shift());
    for (int t = 1; t <= second.steps(); t++) {
      NDArray after;
      try (NDScope scope = new NDScope()) {
        Stage stage = second.stage(before, t);
        Distribution forth = second.forward().transition(before, stage);
        after = forth.sample(noise);
        Distribution back = t == 1 ? second.last(after) : second.step(after, stage);
        add(sum, back.logProbability(before).sub(forth.logProbability(after)));
        NDScope.unregister(after);
      }
      before.close();
      before = after;
    }
    try (NDScope scope = new NDScope()) {
      add(sum, second.forward().stationary(before).logProbability(before));
    }
    before.close();
    return sum;
  }

  private static void add(double[] sum, NDArray elementwise) {
    double[] logs = Doubles.of(Distribution.perExample(elementwise));
    for (int i = 0; i < sum.length; i++) {
      sum[i] += logs[i];
    }
  }
}
