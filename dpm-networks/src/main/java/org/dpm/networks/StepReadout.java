package org.dpm.networks;

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
 * <p>Only the readouts of the steps in the batch are touched: one matrix for a batch that stands at
 * one step, otherwise a row of the table for each example. It begins at zero.
 */
final class StepReadout extends AbstractBlock {

  /** Single-precision times t / T are off their step by 1e-7 T at most. */
  private static final double STEP_TOLERANCE = 0.01;

  private final int steps;
  private final long outputs;
  private final Parameter table;

  StepReadout(int steps, long width, long outputs) {
    this.steps = steps;
    this.outputs = outputs;
    // The last row of each step's matrix is its bias.
    Shape shape = new Shape(steps, outputs, width + 1);
    table = addParameter(Weights.zero("table", Parameter.Type.WEIGHT, shape));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray features = withOne(inputs.get(0));
    int[] rows = rows(inputs.get(1));
    NDArray readouts = parameterStore.getValue(table, features.getDevice(), training);
    if (IntStream.of(rows).allMatch(row -> row == rows[0])) {
      return new NDList(features.matMul(readouts.get(rows[0]).transpose()));
    }
    NDArray chosen = readouts.get(features.getManager().create(rows));
    return new NDList(features.expandDims(1).mul(chosen).sum(new int[] {2}));
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
