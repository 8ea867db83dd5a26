package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Optional;

/**
 * Fully connected layers on the whole image: maps x_t [B, C, H, W], and time, which it does not
 * look at, to features of each pixel [B, H W, denseChannels].
 */
final class DensePath extends AbstractBlock {

  private final long inputs;
  private final long pixels;
  private final int channels;
  private final Activation activation;
  private final HiddenLayers hidden;
  private final Parameter weight;
  private final Parameter bias;

  DensePath(Shape element, MultiscaleConvNetwork.Settings settings) {
    inputs = element.size();
    pixels = element.get(1) * element.get(2);
    channels = settings.denseChannels();
    activation = settings.denseActivation();
    int width = settings.denseWidth();
    hidden =
        addChildBlock(
            "hidden",
            new HiddenLayers(inputs, width, settings.denseLayers(), activation, Optional.empty()));
    long outputs = pixels * channels;
    double deviation = activation.gain() / Math.sqrt(width);
    weight = addParameter(Weights.normal("weight", deviation, new Shape(outputs, width)));
    bias = addParameter(Weights.zero("bias", Parameter.Type.BIAS, new Shape(outputs)));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray x = inputs.get(0);
    long batch = x.getShape().get(0);
    NDList flat = new NDList(x.reshape(batch, this.inputs), inputs.get(1));
    NDArray features = hidden.forward(parameterStore, flat, training).get(0);
    NDArray matrix = parameterStore.getValue(weight, x.getDevice(), training);
    NDArray shift = parameterStore.getValue(bias, x.getDevice(), training);
    NDArray spread = activation.of(Linear.linear(features, matrix, shift).get(0));
    return new NDList(spread.reshape(batch, pixels, channels));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    hidden.initialize(manager, type, new Shape(1, inputs), new Shape(1));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), pixels, channels)};
  }
}
