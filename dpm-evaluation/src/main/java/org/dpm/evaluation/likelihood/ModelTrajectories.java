package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.dpm.api.Noise;
import org.dpm.core.Model;

/** What both faces of a model share: log probabilities of points in data units, and draws. */
final class ModelTrajectories {

  private final Model model;
  private final int trajectories;
  private long seed;
  private long drawn;

  ModelTrajectories(Model model, int trajectories) {
    this.model = model;
    this.trajectories = trajectories;
    reseed(model.pipeline().training().seed());
  }

  void reseed(long newSeed) {
    seed = newSeed;
    drawn = 0;
  }

  int dimension() {
    return Math.toIntExact(model.data().summary().element().size());
  }

  /** In nats and data units; the same point has the same answer until the seed is changed. */
  double logProbability(double... point) {
    if (point.length != dimension()) {
      throw new DimensionMismatchException(point.length, dimension());
    }
    float[] row = new float[point.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) point[i];
    }
    try (NDManager own = model.manager().newSubManager()) {
      NDArray x = model.scaling().toModel(own, row);
      Noise noise = Noise.of(seed, "density", 0);
      TrajectoryEstimate estimate =
          new TrajectoryLikelihood(model.diffusion(), trajectories).of(x, noise).get(0);
      return estimate.logLikelihood() - model.scaling().logVolume();
    }
  }

  /** New draws at every call. */
  float[] sample(int count) {
    return model.draw(
        count, model.pipeline().steps(), Noise.of(seed, "draws", drawn++), done -> {});
  }

  /** The draws by which moments are measured, and no others. */
  float[] momentSample(int count) {
    return model.draw(count, model.pipeline().steps(), Noise.of(seed, "moments", 0), done -> {});
  }
}
