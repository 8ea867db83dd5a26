package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import org.dpm.api.Signature;
import org.jspecify.annotations.Nullable;

/** The smallest network that listens to all it is told: tanh(a_k (x + w y) + b_k time). */
class PlainBlock extends AbstractBlock {

  private final Shape element;
  private final int outputs;
  final Parameter scale;
  final Parameter drift;
  private final @Nullable Parameter weights;

  PlainBlock(Signature signature) {
    element = signature.element();
    outputs = signature.outputs();
    scale = addParameter(column("scale", outputs));
    drift = addParameter(column("drift", outputs));
    weights =
        signature.conditional() ? addParameter(column("weights", signature.condition() + 1)) : null;
  }

  private static Parameter column(String name, int size) {
    return Parameter.builder()
        .setName(name)
        .setType(Parameter.Type.WEIGHT)
        .optInitializer(new NormalInitializer(1))
        .optShape(new Shape(size, 1))
        .build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray x = inputs.get(0);
    long batch = x.getShape().get(0);
    NDArray flat = x.reshape(batch, 1, element.size());
    NDArray time = inputs.get(1).reshape(batch, 1, 1);
    if (weights != null) {
      NDArray told = told(inputs.get(2)).matMul(value(store, weights, x));
      flat = flat.add(told.reshape(batch, 1, 1));
    }
    NDArray answer = answer(flat, time, value(store, scale, x), value(store, drift, x));
    return new NDList(answer.reshape(new Shape(batch, outputs).addAll(element)));
  }

  /** [B, condition + 1]. */
  NDArray told(NDArray condition) {
    return condition;
  }

  NDArray value(ParameterStore store, Parameter parameter, NDArray x) {
    return store.getValue(parameter, x.getDevice(), false);
  }

  /** [B, 1, size] and [B, 1, 1] with two columns [outputs, 1], to [B, outputs, size]. */
  NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
    return x.mul(scale).add(time.mul(drift)).tanh();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
  }
}
