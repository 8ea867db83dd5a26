package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fully connected layers: maps x_t [B, inputs] and time [B] to features [B, width].
 *
 * <p>Where time has features, every layer's bias is linear in them, which costs one matrix product
 * for all layers together.
 */
final class HiddenLayers extends AbstractBlock {

  private final int width;
  private final Activation activation;
  private final Optional<TimeFeatures> features;
  private final List<Parameter> weights = new ArrayList<>();
  private final Optional<Parameter> timeWeight;
  private final Parameter biases;

  HiddenLayers(
      long inputs, int width, int depth, Activation activation, Optional<TimeFeatures> features) {
    this.width = width;
    this.activation = activation;
    this.features = features;
    for (int layer = 1; layer <= depth; layer++) {
      long fanIn = layer == 1 ? inputs : width;
      // The input has variance one, so only what comes from another layer is multiplied up.
      double gain = layer == 1 ? 1 : activation.gain();
      Shape shape = new Shape(fanIn, width);
      double deviation = gain / Math.sqrt((double) fanIn);
      weights.add(addParameter(Weights.normal("weight" + layer, deviation, shape)));
    }
    timeWeight = features.map(f -> addParameter(timeWeight(f.count(), (long) depth * width)));
    Shape all = new Shape((long) depth * width);
    biases = addParameter(Weights.zero("biases", Parameter.Type.BIAS, all));
  }

  private static Parameter timeWeight(int count, long units) {
    return Weights.normal("timeWeight", 1 / Math.sqrt(count), new Shape(count, units));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray h = inputs.get(0);
    NDList shifts = shifts(parameterStore, inputs.get(1), training);
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = parameterStore.getValue(weights.get(i), h.getDevice(), training);
      h = activation.of(h.matMul(weight).add(shifts.get(i)));
    }
    return new NDList(h);
  }

  /** What is added in each layer: [B, width] where it depends on time, or [width]. */
  private NDList shifts(ParameterStore parameterStore, NDArray time, boolean training) {
    NDArray shift = parameterStore.getValue(biases, time.getDevice(), training);
    if (features.isPresent() && timeWeight.isPresent()) {
      NDArray weight = parameterStore.getValue(timeWeight.get(), time.getDevice(), training);
      shift = features.get().of(time).matMul(weight).add(shift);
    }
    return shift.split(weights.size(), shift.getShape().dimension() - 1);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), width)};
  }
}
