package org.dpm.standard;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Grid;
import org.dpm.api.Schedule;

/**
 * How far each step goes is learned: beta_1 is fixed, and beta_2..T follow the gradient of the
 * bound. Sohl-Dickstein et al. 2015, section 2.4.1.
 *
 * <p>The log signal-to-noise ratio is piecewise linear in time, with pieces from one time of the
 * grid to the next. It starts at log((1 - firstBeta) / firstBeta) at t_1 and falls by {@code gap_i
 * * (0.01 + 99.99 sigmoid(theta_i - log 100))} on the way from t_{i-1} to t_i. All theta are 0 at
 * the start, and the gaps such that this is a straight line in time; small ones act as exp(theta).
 * It decreases whatever theta is, at times between those of the grid too. Before t_1 it goes on at
 * the slope of the first piece.
 *
 * <p>Only the theta at the knots are learned, which are spread evenly over the gaps; those between
 * two knots lie on the line that joins them. With as many knots as gaps each gap is free, as in the
 * paper. A batch sees few steps of a long trajectory: free gaps would mostly learn which ones.
 */
final class LearnedSchedule implements Schedule {

  /**
   * @param firstBeta beta_1 = 1 - abar_1, which is not learned: the bound has no minimum in it
   * @param initialLast abar_T before learning
   * @param knots how many gaps are free, at most; all T - 1 where there are no more
   */
  record Settings(
      @JsonProperty(defaultValue = "1.0e-4")
          @JsonPropertyDescription("noise variance of the first step; this one is not learned")
          double firstBeta,
      @JsonProperty(defaultValue = "1.0e-4")
          @JsonPropertyDescription("fraction of the signal's variance left at time 1, at the start")
          double initialLast,
      @JsonProperty(defaultValue = "40")
          @JsonPropertyDescription(
              "lengths of steps that are learned, evenly spaced, with those between them"
                  + " interpolated; a trajectory of no more steps learns each of its own")
          int knots) {

    Settings {
      Fractions.requireOpen("firstBeta", firstBeta);
      Fractions.requireOpen("initialLast", initialLast);
      if (!(firstBeta + initialLast < 1)) {
        throw new IllegalArgumentException(
            "firstBeta + initialLast must be less than 1, but are %s and %s"
                .formatted(firstBeta, initialLast));
      }
      if (knots < 2) {
        throw new IllegalArgumentException("knots must be at least 2, but is " + knots);
      }
    }
  }

  /**
   * A gap stays within this factor of its initial size, whatever is learned. A step that single
   * precision cannot tell from none would have beta = 0 and no density; and the gaps of pure noise,
   * which cost nothing, would drift without end.
   */
  private static final double FACTOR = 100;

  private final Grid grid;
  private final double start;
  private final double initialSlope;
  private final int knots;
  private final Parameter stretch;

  @Inject
  LearnedSchedule(Settings settings, Grid grid) {
    this.grid = grid;
    start = -Fractions.logOdds(settings.firstBeta());
    initialSlope = (start - Fractions.logOdds(settings.initialLast())) / (1 - grid.time(1));
    knots = Math.min(settings.knots(), gaps());
    stretch =
        Parameter.builder()
            .setName("logGapStretch")
            .setType(Parameter.Type.OTHER)
            .optShape(new Shape(knots))
            .optInitializer(Initializer.ZEROS)
            .build();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(stretch);
  }

  @Override
  public NDArray logSnr(NDArray time) {
    NDArray shifted = stretch.getArray().sub(Math.log(FACTOR));
    // What is made from a parameter lives as long as the model unless it is moved.
    shifted.attach(time.getManager());
    NDArray factors = betweenKnots(shifted).getNDArrayInternal().sigmoid();
    double least = 1 / FACTOR;
    double[] initial =
        IntStream.range(0, gaps()).mapToDouble(i -> initialSlope * width(i)).toArray();
    NDArray gaps =
        factors.mul(number(factors, FACTOR - least)).add(least).mul(array(factors, initial));
    NDArray fallen = gaps.cumSum(0);

    double[] times = time.toType(DataType.FLOAT64, false).toDoubleArray();
    // Counted from 0; what is before t_1 belongs to the first one.
    int[] gap = Arrays.stream(times).mapToInt(t -> Math.max(0, grid.before(t) - 1)).toArray();
    double[] left = new double[times.length];
    Arrays.setAll(left, i -> (grid.time(gap[i] + 2) - times[i]) / width(gap[i]));
    NDArray index = time.getManager().create(gap).toType(DataType.INT64, false);
    NDArray missing = gaps.gather(index, 0).mul(array(time, left));
    return fallen.gather(index, 0).sub(missing).neg().add(start).reshape(time.getShape());
  }

  /** How many gaps there are between the times t_1 to t_T. */
  private int gaps() {
    return grid.steps() - 1;
  }

  /** How long a gap is. */
  private double width(int gap) {
    return grid.time(gap + 2) - grid.time(gap + 1);
  }

  private static NDArray array(NDArray like, double[] values) {
    return like.getManager().create(values).toType(like.getDataType(), false);
  }

  /** What is learned at the knots, for each gap: between them along straight lines. */
  private NDArray betweenKnots(NDArray atKnots) {
    int gaps = gaps();
    if (knots == gaps) {
      return atKnots;
    }
    long[] before = new long[gaps];
    float[] share = new float[gaps];
    for (int i = 0; i < gaps; i++) {
      double place = (double) i / (gaps - 1) * (knots - 1);
      before[i] = Math.min((long) place, knots - 2);
      share[i] = (float) (place - before[i]);
    }
    NDManager manager = atKnots.getManager();
    NDArray index = manager.create(before);
    NDArray weight = manager.create(share).toType(atKnots.getDataType(), false);
    NDArray left = atKnots.gather(index, 0);
    return atKnots.gather(index.add(1), 0).sub(left).mul(weight).add(left);
  }
}
