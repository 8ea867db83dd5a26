package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;
import org.dpm.api.Stage;

/**
 * Another model that a first one is multiplied with.
 *
 * <p>If p and p' are two diffusions and q_0 is the step back for data of the null law, then p p' /
 * q_0 is a step back of the diffusion from p p' / null law, and the null law of x_0 remains to be
 * put back. That is so of models without error only, and guides the trajectory; what decides is
 * p'(x_0), of which forward trajectories give an unbiased estimate.
 */
final class OtherModel {

  private final Diffusion first;
  private final Diffusion second;
  private final Factor.OtherModel other;
  private final long row;
  private final double logTypical;

  /**
   * @param first the model that is multiplied, of which the trajectory is
   * @param row which example the first of a batch is
   */
  OtherModel(Diffusion first, Factor.OtherModel other, long row) {
    this.first = first;
    this.second = other.diffusion();
    this.other = other;
    this.row = row;
    logTypical = Doubles.of(other.scale().log().mean())[0];
  }

  /**
   * A step p' of the other model over that for data of the null law, both of what the first model's
   * trajectory carries.
   *
   * @param step p'(x_s | x_t)
   * @param alone q_0(x_s | x_t)
   */
  record Ratio(Distribution step, Distribution alone) {

    /** log p' / q_0 of each example. */
    double[] log(NDArray x) {
      NDArray difference = step.logProbability(x).sub(alone.logProbability(x));
      return Doubles.of(Distribution.perExample(difference));
    }
  }

  /**
   * The step from x_t, asked at the time at which the other model's noise is the same.
   *
   * @return nothing where it is what x_t says alone by definition, so that the ratio is 1
   */
  Optional<Ratio> step(NDArray current, int t) {
    Stage stage = first.stage(current, t);
    if (stage.leadsToData() && second.lastStep() == LastStep.FORWARD) {
      return Optional.empty();
    }
    Stage its = its(stage);
    NDArray factor = factor(stage.logSnr(), its.logSnr());
    NDArray shown = current.mul(factor).add(shift(its.logSnr()));
    NDArray back = factor(stage.previousLogSnr(), its.previousLogSnr()).pow(-1);
    NDArray shift = shift(its.previousLogSnr()).mul(back).neg();
    Multipliable step = (Multipliable) second.back(shown, its);
    ForwardKernel forward = first.forward();
    return Optional.of(
        new Ratio(
            step.affine(back, shift),
            forward.posterior(forward.alone(current, stage), current, stage)));
  }

  /** Where the other model has as much noise; at one of its own times if need be. */
  private Stage its(Stage stage) {
    NDArray here = stage.logSnr().sub(2 * logTypical);
    NDArray before = stage.previousLogSnr().sub(2 * logTypical);
    double[] asked = {Doubles.of(here)[0], Doubles.of(before)[0]};
    double[] times = second.schedule().times(here, asked, second.grid().time(1));
    if (!other.anyTime()) {
      times[0] = second.grid().time(second.grid().nearest(times[0]));
    }
    times[1] = stage.leadsToData() ? 0 : Math.min(times[0], times[1]);
    return Stage.of(new double[] {times[0]}, new double[] {times[1]}, here, before);
  }

  /**
   * The factor of the signal there over that here. Noise over signal is a typical scale as large
   * there, so that either is known from the other, and the larger of the two decides.
   */
  private NDArray factor(NDArray logSnr, NDArray its) {
    Optional<GaussianPath> path = first.forward().path();
    Optional<GaussianPath> itsPath = second.forward().path();
    if (path.isEmpty() || itsPath.isEmpty()) {
      return other.scale();
    }
    NDArray bySignal = itsPath.get().logSignalScale(its).sub(path.get().logSignalScale(logSnr));
    NDArray byNoise = itsPath.get().logNoiseScale(its).sub(path.get().logNoiseScale(logSnr));
    return NDArrays.where(logSnr.gt(0f), bySignal, byNoise.sub(logTypical))
        .exp()
        .mul(other.scale());
  }

  private NDArray shift(NDArray its) {
    return second
        .forward()
        .path()
        .map(path -> path.logSignalScale(its).exp().mul(other.shift()))
        .orElse(other.shift());
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
      long from = ((long) i << 32) + row;
      double[] one = oneTrajectory(x, noise.from(from));
      for (int k = 0; k < rows; k++) {
        logs[k][i] = one[k];
      }
    }
    return Arrays.stream(logs).mapToDouble(Doubles::logMeanExp).toArray();
  }

  /** The product of p'(x_s | x_t) / q(x_t | x_s) and the end's law, along a path drawn from q. */
  private double[] oneTrajectory(NDArray x, Noise noise) {
    double[] sum = new double[Math.toIntExact(x.getShape().get(0))];
    Arrays.fill(sum, -other.logVolume());
    NDArray before = x.mul(other.scale()).add(other.shift());
    for (int t = 1; t <= second.steps(); t++) {
      NDArray after;
      try (NDScope scope = new NDScope()) {
        Stage stage = second.stage(before, t);
        Distribution forth = second.forward().transition(before, stage);
        after = forth.sample(noise.at(t));
        Distribution back = second.back(after, stage);
        add(sum, back.logProbability(before).sub(forth.logProbability(after)));
        NDScope.unregister(after);
      }
      before.close();
      before = after;
    }
    try (NDScope scope = new NDScope()) {
      add(sum, second.end(before).logProbability(before));
    }
    before.close();
    return sum;
  }

  private static void add(double[] sum, NDArray elementwise) {
    double[] logs = Doubles.of(Distribution.perExample(elementwise));
    Arrays.setAll(sum, i -> sum[i] + logs[i]);
  }
}
