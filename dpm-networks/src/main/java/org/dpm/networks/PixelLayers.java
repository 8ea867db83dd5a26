package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers that see one pixel at a time, and a readout that changes smoothly with time: maps features
 * [B, pixels, features] and time [B] to [B, outputs, pixels].
 *
 * <p>The readout is z = sum_j y_j g_j(t), y_j = W_j h + b_j for each of J bumps g_j. The sum over j
 * is taken of the matrices, once for each example, and not of J images: z = (sum_j g_j(t) W_j) h +
 * sum_j g_j(t) b_j. It begins at zero, so that the model begins at the kernel's own default.
 */
final class PixelLayers extends AbstractBlock {

  private final long outputs;
  private final Activation activation;
  private final TimeFeatures bumps;
  private final long readoutFrom;
  private final List<Parameter> weights = new ArrayList<>();
  private final List<Parameter> biases = new ArrayList<>();
  private final Parameter readout;
  private final Parameter readoutBias;

  PixelLayers(long features, long outputs, MultiscaleConvNetwork.Settings settings) {
    this.outputs = outputs;
    activation = settings.denseActivation();
    bumps = new TimeFeatures.Bumps(settings.bumps());
    long from = features;
    for (int layer = 1; layer <= settings.pixelLayers(); layer++) {
      double deviation = activation.gain() / Math.sqrt((double) from);
      int width = settings.pixelWidth();
      String name = "layer" + layer;
      weights.add(addParameter(Weights.normal(name, deviation, new Shape(width, from))));
      biases.add(addParameter(Weights.zero(name + "bias", Parameter.Type.BIAS, new Shape(width))));
      from = width;
    }
    readoutFrom = from;
    Shape shape = new Shape(bumps.count(), outputs * from);
    readout = addParameter(Weights.zero("readout", Parameter.Type.WEIGHT, shape));
    Shape shifts = new Shape(bumps.count(), outputs);
    readoutBias = addParameter(Weights.zero("readoutBias", Parameter.Type.BIAS, shifts));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray h = inputs.get(0);
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = parameterStore.getValue(weights.get(i), h.getDevice(), training);
      NDArray bias = parameterStore.getValue(biases.get(i), h.getDevice(), training);
      h = activation.of(Linear.linear(h, weight, bias).get(0));
    }
    NDArray matrices = parameterStore.getValue(readout, h.getDevice(), training);
    NDArray shifts = parameterStore.getValue(readoutBias, h.getDevice(), training);
    NDArray mixture = bumps.of(inputs.get(1));
    NDArray matrix = mixture.matMul(matrices).reshape(-1, outputs, readoutFrom);
    NDArray shift = mixture.matMul(shifts).expandDims(2);
    return new NDList(matrix.batchMatMul(h.transpose(0, 2, 1)).add(shift));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape x = inputShapes[0];
    return new Shape[] {new Shape(x.get(0), outputs, x.get(1))};
  }
}
