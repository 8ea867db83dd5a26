package org.dpm.gaussian;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.gaussian.GaussianReverseKernel.Variance;

/**
 * p(x_s | x_t) = N((x_t - z)(1 - Sigma) + z, Sigma) with Sigma = sigmoid(z_Sigma + logit(beta)).
 * Sohl-Dickstein et al. 2015, appendix D.2: a step with a variance of its own. What it says of x_0
 * is read off the step to the neighbour on the grid that it was trained with.
 */
final class PaperStep {

  private final GaussianPath path;
  private final Schedule schedule;
  private final Grid grid;
  private final Variance variance;

  PaperStep(GaussianPath path, Schedule schedule, Grid grid, Variance variance) {
    this.path = path;
    this.schedule = schedule;
    this.grid = grid;
    this.variance = variance;
  }

  DiagonalGaussian transition(NDArray current, NDArray output, Stage stage) {
    NDArray logVariance = logVariance(output, stage);
    NDArray z = GaussianReverseKernel.element(output, 0);
    NDArray mean = current.sub(current.sub(z).mul(logVariance.exp()));
    return DiagonalGaussian.ofLogVariance(mean, logVariance);
  }

  private NDArray logVariance(NDArray output, Stage stage) {
    return switch (variance) {
      case LEARNED ->
          Logistic.log(GaussianReverseKernel.element(output, 1).add(stage.logOddsOfBeta()));
      case FORWARD -> stage.beta().log();
      case POSTERIOR -> {
        NDArray posterior = GaussianStage.of(path, stage).variance();
        yield NDArrays.where(stage.previousNoise().gt(0f), posterior, stage.beta()).log();
      }
    };
  }

  DiagonalGaussian data(NDArray current, NDArray output, Stage stage) {
    Stage trained = toNeighbour(stage);
    DiagonalGaussian step = transition(current, output, trained);
    GaussianStage at = GaussianStage.of(path, trained);
    NDArray data = step.mean().sub(current.mul(at.ofCurrent())).div(at.ofData());
    NDArray doubt = step.variance().sub(at.variance()).maximum(number(current, 0));
    return DiagonalGaussian.of(data, doubt.div(at.ofData().square()));
  }

  private Stage toNeighbour(Stage stage) {
    double[] times = stage.times();
    double[] earlier = new double[times.length];
    boolean[] fromData = new boolean[times.length];
    double[] asked = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      // To single precision, in which a time may come back from elsewhere.
      earlier[i] = grid.time(grid.before(times[i] * (1 - 1e-6)));
      fromData[i] = earlier[i] == 0;
      asked[i] = fromData[i] ? times[i] : earlier[i];
    }
    NDArray like = stage.logSnr();
    Shape shape = like.getShape();
    NDArray time = like.getManager().create(asked, shape).toType(like.getDataType(), false);
    NDArray clean = like.getManager().create(fromData, shape);
    NDArray infinite = like.zerosLike().add(Float.POSITIVE_INFINITY);
    NDArray logSnr = NDArrays.where(clean, infinite, schedule.logSnr(time));
    return Stage.of(times, earlier, like, logSnr);
  }
}
