package org.dpm.evaluation.likelihood;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.exception.NotStrictlyPositiveException;
import org.dpm.api.InvalidInput;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.evaluation.Evaluator;

/**
 * A trained model of bits and categories as a distribution in the manner of Commons Math, which has
 * none over several of them. Probabilities are estimated from trajectories ({@link
 * TrajectoryLikelihood}): {@link #probability} without bias, and {@link #logProbability} too low by
 * about half its variance. The same point has the same probability at every call.
 *
 * <p>It uses the model, which stays the caller's to close, and like it is not safe for use by
 * several threads at once.
 */
public final class DiscreteDiffusionDistribution {

  private final ModelTrajectories model;
  private final Layout layout;

  /**
   * @param trajectories for each probability; at least 1
   * @throws InvalidInput if some of the model's data are continuous
   */
  public DiscreteDiffusionDistribution(Model model, int trajectories) {
    layout = model.layout();
    if (!Evaluator.discrete(layout)) {
      throw new InvalidInput(
          layout.continuous()
              ? "the model is of %s, which have a density and no probabilities: use DiffusionDistribution."
                  .formatted(layout.title())
              : "the model is of %s, but this is a distribution of bits and categories alone: TrajectoryLikelihood takes any."
                  .formatted(layout.title()));
    }
    this.model = new ModelTrajectories(model, trajectories);
  }

  /** How many numbers one point is. */
  public int getDimension() {
    return model.dimension();
  }

  /**
   * Whether all of its elements are values that there are: 0 and 1, or the index of a label.
   *
   * @throws DimensionMismatchException if {@code x} is not of this dimension
   */
  public boolean isSupported(int[] x) {
    if (x.length != getDimension()) {
      throw new DimensionMismatchException(x.length, getDimension());
    }
    return IntStream.range(0, x.length).allMatch(i -> layout.space(i).contains(x[i]));
  }

  /**
   * The probability of a point; 0 outside of the support.
   *
   * @throws DimensionMismatchException if {@code x} is not of this dimension
   */
  public double probability(int[] x) {
    return Math.exp(logProbability(x));
  }

  /**
   * Its logarithm, in nats; minus infinity outside of the support.
   *
   * @throws DimensionMismatchException if {@code x} is not of this dimension
   */
  public double logProbability(int[] x) {
    return isSupported(x)
        ? model.logProbability(Arrays.stream(x).asDoubleStream().toArray())
        : Double.NEGATIVE_INFINITY;
  }

  /** One draw. */
  public int[] sample() {
    return sample(1)[0];
  }

  /**
   * Independent draws.
   *
   * @throws NotStrictlyPositiveException if {@code sampleSize} is not positive
   */
  public int[][] sample(int sampleSize) {
    if (sampleSize <= 0) {
      throw new NotStrictlyPositiveException(sampleSize);
    }
    float[] drawn = model.sample(sampleSize);
    int[][] rows = new int[sampleSize][getDimension()];
    for (int i = 0; i < drawn.length; i++) {
      rows[i / getDimension()][i % getDimension()] = Math.round(drawn[i]);
    }
    return rows;
  }

  /** Fixes what is drawn and estimated from here on. */
  public void reseedRandomGenerator(long seed) {
    model.reseed(seed);
  }
}
