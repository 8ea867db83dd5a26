package org.dpm.networks;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;

/**
 * A linear readout for each time t_1..t_T of a grid: maps features [B, width] and time [B] to [B,
 * outputs]. Sohl-Dickstein et al. 2015, appendices D.1 and D.2.
 *
 * <p>Each time's matrix is the sum of its own, a row of a table, and of one that changes smoothly
 * with time. The readouts are no others for that, but what neighbouring times have in common is
 * learned from the examples of all of them: among thousands each sees too few of its own.
 *
 * <p>Only the readouts of the times in the batch are touched: one matrix for a batch that stands at
 * one time, otherwise a row of the table for each example. All begin at zero.
 */
final class StepReadout extends AbstractBlock {

  /** Grids within the model's are so to 1e-6, and single precision rounds times by 1e-7 at most. */
  private static final double TOLERANCE = 2e-6;

  /**
   * Of the matrix that is smooth in time: fine enough for schedules, coarse enough to be shared.
   */
  private static final TimeFeatures COURSE = new TimeFeatures.Bumps(16);

  private final Grid grid;
  private final long outputs;
  private final Parameter table;
  private final Parameter course;

  StepReadout(Grid grid, long width, long outputs) {
    this.grid = grid;
    this.outputs = outputs;
    // The last row of each time's matrix is its bias.
    Shape shape = new Shape(grid.steps(), outputs, width + 1);
    table = addParameter(Weights.zero("table", Parameter.Type.WEIGHT, shape));
    Shape smooth = new Shape(2L * COURSE.count() * (width + 1), outputs);
    course = addParameter(Weights.zero("course", Parameter.Type.WEIGHT, smooth));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray features = withOne(inputs.get(0));
    NDArray time = inputs.get(1);
    NDArray smooth = parameterStore.getValue(course, features.getDevice(), training);
    NDArray own = parameterStore.getValue(table, features.getDevice(), training);
    return new NDList(own(features, time, own).add(smooth(features, time, smooth)));
  }

  private NDArray smooth(NDArray features, NDArray time, NDArray matrix) {
    NDArray even = time.toType(features.getDataType(), false);
    NDArray early = even.log().div(number(even, Math.log(1 / grid.time(1)))).add(1f);
    NDArray bumps = NDArrays.concat(new NDList(COURSE.of(even), COURSE.of(early)), 1);
    NDArray both = bumps.expandDims(2).mul(features.expandDims(1));
    return both.reshape(features.getShape().get(0), -1).matMul(matrix);
  }

  private NDArray own(NDArray features, NDArray time, NDArray readouts) {
    int[] rows = rows(time);
    if (IntStream.of(rows).allMatch(row -> row == rows[0])) {
      return features.matMul(readouts.get(rows[0]).transpose());
    }
    NDArray chosen = readouts.get(features.getManager().create(rows));
    return features.expandDims(1).mul(chosen).sum(new int[] {2});
  }

  /** A constant feature for the bias. */
  private static NDArray withOne(NDArray features) {
    Shape column = new Shape(features.getShape().get(0), 1);
    NDArray one = features.getManager().ones(column, features.getDataType());
    return NDArrays.concat(new NDList(features, one), 1);
  }

  /** The index on the grid, less 1, for each example. */
  private int[] rows(NDArray time) {
    double[] times = time.toType(DataType.FLOAT64, false).toDoubleArray();
    return Arrays.stream(times).mapToInt(this::row).toArray();
  }

  private int row(double time) {
    if (!(time > 0 && time <= 1)) {
      throw new InvalidInput("time must be greater than 0 and at most 1, but is " + time);
    }
    int index = grid.nearest(time);
    if (Math.abs(grid.time(index) - time) > TOLERANCE) {
      throw new InvalidInput(
          "This network has a readout for each of the %d times that it was trained at, and none for time %s: the nearest is %s. Ask it at those times, or train a network that takes any time, such as mlp with time: fourier."
              .formatted(grid.steps(), time, grid.time(index)));
    }
    return index - 1;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
