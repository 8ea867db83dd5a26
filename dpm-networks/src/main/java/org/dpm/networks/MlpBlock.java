package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.dpm.api.Signature;

/**
 * Hidden layers and a readout, both of which are told the time, on flattened elements, with those
 * of a condition behind them.
 */
final class MlpBlock extends AbstractBlock {

  private final Signature signature;
  private final HiddenLayers hidden;
  private final AbstractBlock readout;

  MlpBlock(Signature signature, HiddenLayers hidden, AbstractBlock readout) {
    this.signature = signature;
    this.hidden = addChildBlock("hidden", hidden);
    this.readout = addChildBlock("readout", readout);
  }

  /** How many numbers the hidden layers are given of each example. */
  static long inputs(Signature signature) {
    int condition = signature.conditional() ? signature.condition() + 1 : 0;
    return signature.element().size() + condition;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray x = inputs.get(0);
    NDArray time = inputs.get(1);
    long batch = x.getShape().get(0);
    NDArray flat = x.reshape(batch, signature.element().size());
    if (signature.conditional()) {
      flat = NDArrays.concat(new NDList(flat, inputs.get(2)), 1);
    }
    NDList told = new NDList(flat, time);
    NDArray features = hidden.forward(parameterStore, told, training).singletonOrThrow();
    NDList both = new NDList(features, time);
    NDArray answers = readout.forward(parameterStore, both, training).singletonOrThrow();
    return new NDList(
        answers.reshape(new Shape(batch, signature.outputs()).addAll(signature.element())));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape x = new Shape(1, inputs(signature));
    Shape time = new Shape(1);
    hidden.initialize(manager, type, x, time);
    Shape features = hidden.getOutputShapes(new Shape[] {x, time})[0];
    readout.initialize(manager, type, features, time);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape batch = new Shape(inputShapes[0].get(0), signature.outputs());
    return new Shape[] {batch.addAll(signature.element())};
  }
}
