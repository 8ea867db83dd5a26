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
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;

/**
 * A linear readout for each step t of 1..T: maps features [B, width] and time [B] to [B, outputs].
 * Sohl-Dickstein et al. 2015, appendices D.1 and D.2.
 *
 * <p>Each step's matrix is the sum of its own, a row of a table, and of one that changes smoothly
 * with time. The readouts are no others for that, but what neighbouring steps have in common is
 * learned from the examples of all of them: among thousands of steps each sees too few of its own.
 *
 * <p>Only the readouts of the steps in the batch are touched: one matrix for a batch that stands at
 * one step, otherwise a row of the table for each example. All begin at zero.
 */
final class StepReadout extends AbstractBlock {

  /** Single-precision times t / T are off their step by 1e-7 T at most. */
  private static final double STEP_TOLERANCE = 0.01;

  /**
   * Of the matrix that is smooth in time: fine enough for schedules, coarse enough to be shared.
   */
  private static final TimeFeatures COURSE = new TimeFeatures.Bumps(16);

  private final int steps;
  private final long outputs;
  private final Parameter table;
  private final Parameter course;

  StepReadout(int steps, long width, long outputs) {
    this.steps = steps;
    this.outputs = outputs;
    // The last row of each step's matrix is its bias.
    Shape shape = new Shape(steps, outputs, width + 1);
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
    NDArray early = even.log().div(number(even, Math.log(Math.max(steps, 2)))).add(1f);
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

  /** t - 1 for each example. */
  private int[] rows(NDArray time) {
    double[] times = time.toType(DataType.FLOAT64, false).toDoubleArray();
    int[] rows = new int[times.length];
    for (int i = 0; i < rows.length; i++) {
      double position = times[i] * steps;
      long step = Math.round(position);
      if (!(Math.abs(position - step) <= STEP_TOLERANCE && step >= 1 && step <= steps)) {
        throw new InvalidInput(
            "This network has a readout for each of the %d steps that it was trained with, and none for time %s = %s / %d. Ask it at those steps, or train a network that takes any time, such as mlp with time: fourier."
                .formatted(steps, times[i], position, steps));
      }
      rows[i] = (int) step - 1;
    }
    return rows;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
