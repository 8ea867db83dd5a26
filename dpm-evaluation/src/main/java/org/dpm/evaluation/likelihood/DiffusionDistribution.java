package org.dpm.evaluation.likelihood;

import java.util.Arrays;
import org.apache.commons.math3.distribution.MultivariateRealDistribution;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.exception.NotStrictlyPositiveException;
import org.apache.commons.math3.stat.descriptive.MultivariateSummaryStatistics;
import org.dpm.api.InvalidInput;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.evaluation.Evaluator;
import org.jspecify.annotations.Nullable;

/**
 * A trained model as a distribution of Commons Math, in data units. Densities are estimated from
 * trajectories ({@link TrajectoryLikelihood}): {@link #density} without bias, and {@link
 * #logDensity} too low by about half its variance. The same point has the same density at every
 * call.
 *
 * <p>It uses the model, which stays the caller's to close, and like it is not safe for use by
 * several threads at once.
 */
public final class DiffusionDistribution implements MultivariateRealDistribution {

  /** Draws for the moments, whose relative error they bring to about one per cent. */
  private static final int DRAWS = 10_000;

  private final ModelTrajectories model;
  private @Nullable MultivariateSummaryStatistics moments;

  /**
   * @param trajectories for each density; at least 1
   * @throws InvalidInput if the model is not one of numbers only
   */
  public DiffusionDistribution(Model model, int trajectories) {
    Layout layout = model.layout();
    if (!layout.continuous()) {
      throw new InvalidInput(
          Evaluator.discrete(layout)
              ? "the model is of %s, which have probabilities and no density: use DiscreteDiffusionDistribution."
                  .formatted(layout.title())
              : "the model is of %s, but this is a distribution of numbers alone: TrajectoryLikelihood takes any."
                  .formatted(layout.title()));
    }
    this.model = new ModelTrajectories(model, trajectories);
  }

  @Override
  public int getDimension() {
    return model.dimension();
  }

  @Override
  public double density(double[] x) {
    return Math.exp(logDensity(x));
  }

  /**
   * log p(x) in nats.
   *
   * @throws DimensionMismatchException if {@code x} is not of this dimension
   */
  public double logDensity(double[] x) {
    return model.logProbability(x);
  }

  @Override
  public double[] sample() {
    return sample(1)[0];
  }

  @Override
  public double[][] sample(int sampleSize) {
    if (sampleSize <= 0) {
      throw new NotStrictlyPositiveException(sampleSize);
    }
    return rows(model.sample(sampleSize));
  }

  private double[][] rows(float... drawn) {
    double[][] rows = new double[drawn.length / getDimension()][getDimension()];
    for (int i = 0; i < drawn.length; i++) {
      rows[i / getDimension()][i % getDimension()] = drawn[i];
    }
    return rows;
  }

  @Override
  public void reseedRandomGenerator(long seed) {
    moments = null;
    model.reseed(seed);
  }

  /** The mean of each element, of 10,000 draws that are made at the first call. */
  public double[] getMeans() {
    return moments().getMean();
  }

  /** The standard deviation of each element, of the same draws. */
  public double[] getStandardDeviations() {
    return moments().getStandardDeviation();
  }

  private MultivariateSummaryStatistics moments() {
    if (moments == null) {
      MultivariateSummaryStatistics measured =
          new MultivariateSummaryStatistics(getDimension(), true);
      for (double[] draw : rows(model.momentSample(DRAWS))) {
        measured.addValue(draw);
      }
      moments = measured;
    }
    return moments;
  }

  /** Minus infinity for each element: Gaussian steps reach everywhere. */
  public double[] getSupportLowerBounds() {
    return filled(Double.NEGATIVE_INFINITY);
  }

  /** Infinity for each element. */
  public double[] getSupportUpperBounds() {
    return filled(Double.POSITIVE_INFINITY);
  }

  private double[] filled(double value) {
    double[] values = new double[getDimension()];
    Arrays.fill(values, value);
    return values;
  }
}
