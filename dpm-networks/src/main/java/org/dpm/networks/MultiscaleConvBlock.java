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
import java.util.Optional;

/**
 * The convolutions and the dense path side by side, their features of each pixel joined, and the
 * layers on pixels that end in the readout.
 *
 * <p>Images are kept with the features of a pixel next to each other in memory: convolutions take
 * half the time so, and the layers on pixels are matrix products.
 */
final class MultiscaleConvBlock extends AbstractBlock {

  private final Shape element;
  private final int outputs;
  private final MultiscaleLayers convolutions;
  private final Optional<DensePath> dense;
  private final PixelLayers pixels;

  MultiscaleConvBlock(Shape element, int outputs, MultiscaleConvNetwork.Settings settings) {
    this.element = element;
    this.outputs = outputs;
    convolutions = addChildBlock("convolutions", new MultiscaleLayers(element.get(0), settings));
    dense =
        settings.denseLayers() == 0
            ? Optional.empty()
            : Optional.of(addChildBlock("dense", new DensePath(element, settings)));
    int features = settings.channels() + (dense.isPresent() ? settings.denseChannels() : 0);
    pixels = addChildBlock("pixels", new PixelLayers(features, outputs * element.get(0), settings));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray features = convolutions.forward(parameterStore, inputs, training).get(0);
    if (dense.isPresent()) {
      NDArray global = dense.get().forward(parameterStore, inputs, training).get(0);
      features = NDArrays.concat(new NDList(features, global), 2);
    }
    NDList both = new NDList(features, inputs.get(1));
    NDArray answers = pixels.forward(parameterStore, both, training).get(0);
    long batch = inputs.get(0).getShape().get(0);
    Shape shape = new Shape(batch, outputs).addAll(element);
    return new NDList(answers.reshape(shape));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape image = new Shape(1).addAll(element);
    Shape time = new Shape(1);
    convolutions.initialize(manager, type, image, time);
    dense.ifPresent(path -> path.initialize(manager, type, image, time));
    pixels.initialize(manager, type, new Shape(1), time);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
  }
}
