package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * One linear readout for all times: maps features [B, width], and time, which it does not look at,
 * to [B, outputs]. It begins at zero, so that the model begins at the kernel's own default.
 */
final class LinearReadout extends AbstractBlock {

  private final long outputs;
  private final Parameter weight;
  private final Parameter bias;

  LinearReadout(long width, long outputs) {
    this.outputs = outputs;
    weight = addParameter(Weights.zero("weight", Parameter.Type.WEIGHT, new Shape(width, outputs)));
    bias = addParameter(Weights.zero("bias", Parameter.Type.BIAS, new Shape(outputs)));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray features = inputs.get(0);
    NDArray matrix = parameterStore.getValue(weight, features.getDevice(), training);
    NDArray shift = parameterStore.getValue(bias, features.getDevice(), training);
    return new NDList(features.matMul(matrix).add(shift));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
