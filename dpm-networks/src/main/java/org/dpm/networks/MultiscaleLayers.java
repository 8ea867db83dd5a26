package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Maps x_t [B, C, H, W], and time, which it does not look at, to features of each pixel [B, H W,
 * channels].
 *
 * <p>Each layer averages its input over squares of 1, 2, 4, ... pixels, convolves it at each of
 * these scales, brings all to full size by repeating pixels, adds them up and applies the
 * nonlinearity. From the coarsest scale on, each sum is doubled and added to the next finer one, so
 * that no scale is brought to full size by itself.
 */
final class MultiscaleLayers extends AbstractBlock {

  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape NONE = new Shape(0, 0);
  private static final int NEAREST = 0;

  private final int channels;
  private final int scales;
  private final Shape margin;
  private final Activation activation;

  /** By layer, and in each by scale, the finest first. */
  private final List<List<Parameter>> weights = new ArrayList<>();

  private final List<Parameter> biases = new ArrayList<>();

  MultiscaleLayers(long inputs, MultiscaleConvNetwork.Settings settings) {
    channels = settings.channels();
    scales = settings.scales();
    activation = settings.activation();
    int kernel = settings.kernel();
    margin = new Shape(kernel / 2, kernel / 2);
    for (int layer = 1; layer <= settings.layers(); layer++) {
      long from = layer == 1 ? inputs : channels;
      // The input has variance one, so only what comes from another layer is multiplied up.
      double gain = layer == 1 ? 1 : activation.gain();
      double deviation = gain / Math.sqrt((double) from * kernel * kernel * scales);
      List<Parameter> ofLayer = new ArrayList<>();
      for (int scale = 1; scale <= scales; scale++) {
        String name = "layer%dscale%d".formatted(layer, scale);
        Shape shape = new Shape(channels, from, kernel, kernel);
        ofLayer.add(addParameter(Weights.normal(name, deviation, shape)));
      }
      weights.add(ofLayer);
      String name = "layer%dbias".formatted(layer);
      biases.add(addParameter(Weights.zero(name, Parameter.Type.BIAS, new Shape(channels))));
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray h = featuresInside(inputs.get(0));
    for (int layer = 0; layer < weights.size(); layer++) {
      NDList kernels = new NDList();
      for (Parameter weight : weights.get(layer)) {
        kernels.add(parameterStore.getValue(weight, h.getDevice(), training));
      }
      NDArray bias = parameterStore.getValue(biases.get(layer), h.getDevice(), training);
      h = activation.of(convolved(h, kernels, bias));
    }
    return new NDList(h.transpose(0, 2, 3, 1).reshape(h.getShape().get(0), -1, channels));
  }

  /** The sum over scales, at full size. */
  private NDArray convolved(NDArray h, NDList kernels, NDArray bias) {
    NDList pyramid = new NDList(h);
    for (int scale = 1; scale < scales; scale++) {
      pyramid.add(Pool.avgPool2d(pyramid.get(scale - 1), TWO, TWO, NONE, false, true));
    }
    NDArray sum = null;
    for (int scale = scales - 1; scale >= 0; scale--) {
      NDArray finest = scale == 0 ? bias : null;
      NDArray here =
          Conv2d.conv2d(pyramid.get(scale), kernels.get(scale), finest, ONE, margin, ONE).get(0);
      // In place: the gradient of a convolution does not need its result.
      sum = sum == null ? here : here.addi(doubled(sum));
    }
    return Objects.requireNonNull(sum, "there is at least one scale");
  }

  private static NDArray doubled(NDArray image) {
    long[] size = {2 * image.getShape().get(2), 2 * image.getShape().get(3)};
    return image.getNDArrayInternal().interpolation(size, NEAREST, false);
  }

  /** The same array [B, C, H, W], with the channels of a pixel next to each other in memory. */
  private static NDArray featuresInside(NDArray x) {
    Shape s = x.getShape();
    NDArray moved = x.transpose(0, 2, 3, 1).flatten();
    return moved.reshape(s.get(0), s.get(2), s.get(3), s.get(1)).transpose(0, 3, 1, 2);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape x = inputShapes[0];
    return new Shape[] {new Shape(x.get(0), x.get(2) * x.get(3), channels)};
  }
}
