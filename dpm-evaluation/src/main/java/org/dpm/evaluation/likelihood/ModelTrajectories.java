package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
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
    return model.layout().dimensions();
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
      NDArray x = model.layout().toModel(own, row);
      TrajectoryEstimate estimate =
          new TrajectoryLikelihood(model.diffusion(), trajectories)
              .of(x, Noise.of(seed, "density"), Progress.NONE)
              .get(0);
      return estimate.logLikelihood() - model.layout().logVolume();
    }
  }

  /** New draws at every call. */
  float[] sample(int count) {
    return draw(count, "draws " + drawn++);
  }

  /** The draws by which moments are measured, and no others. */
  float[] momentSample(int count) {
    return draw(count, "moments");
  }

  private float[] draw(int count, String purpose) {
    Noise noise = Noise.of(seed, purpose);
    return model.draw(count, model.pipeline().trajectory(), noise, Progress.NONE);
  }
}
