package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** Hidden layers and a readout, both of which are told the time, on flattened elements. */
final class MlpBlock extends AbstractBlock {

  private final Shape element;
  private final int outputs;
  private final HiddenLayers hidden;
  private final AbstractBlock readout;

  MlpBlock(Shape element, int outputs, HiddenLayers hidden, AbstractBlock readout) {
    this.element = element;
    this.outputs = outputs;
    this.hidden = addChildBlock("hidden", hidden);
    this.readout = addChildBlock("readout", readout);
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
    NDList flat = new NDList(x.reshape(batch, element.size()), time);
    NDArray features = hidden.forward(parameterStore, flat, training).singletonOrThrow();
    NDList both = new NDList(features, time);
    NDArray answers = readout.forward(parameterStore, both, training).singletonOrThrow();
    return new NDList(answers.reshape(new Shape(batch, outputs).addAll(element)));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape x = new Shape(1, element.size());
    Shape time = new Shape(1);
    hidden.initialize(manager, type, x, time);
    Shape features = hidden.getOutputShapes(new Shape[] {x, time})[0];
    readout.initialize(manager, type, features, time);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
  }
}
