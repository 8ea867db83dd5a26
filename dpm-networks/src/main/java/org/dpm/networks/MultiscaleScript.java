package org.dpm.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.Signature;

/**
 * Writes the forward pass of {@link MultiscaleConvNetwork} for images of one shape: the
 * convolutions and the dense path side by side, their features of each pixel joined, and the layers
 * on pixels that end in the readout.
 *
 * <p>Images are kept with the features of a pixel next to each other in memory: convolutions take
 * half the time so, and the layers on pixels are matrix products.
 */
final class MultiscaleScript {

  private final MultiscaleConvNetwork.Settings settings;
  private final Signature signature;
  private final Shape element;
  private final long colours;
  private final long height;
  private final long width;
  private final Script script = new Script();

  MultiscaleScript(Signature signature, MultiscaleConvNetwork.Settings settings) {
    this.signature = signature;
    element = signature.element();
    this.settings = settings;
    colours = element.get(0);
    height = element.get(1);
    width = element.get(2);
  }

  ScriptBlock block() {
    String result = readout(pixelLayers(), signature.outputs() * colours);
    TimeFeatures bumps = new TimeFeatures.Bumps(settings.bumps());
    return new ScriptBlock(signature, bumps, Precision.FLOAT32, script, result, List.of());
  }

  /** Of each pixel, [B, features, H, W]. */
  private String features() {
    String convolved = convolutions();
    if (settings.denseLayers() == 0) {
      return convolved;
    }
    return let("torch.cat([%s, %s], 1)".formatted(convolved, densePath()));
  }

  private int featureCount() {
    return settings.channels() + (settings.denseLayers() == 0 ? 0 : settings.denseChannels());
  }

  private String convolutions() {
    String h = featuresInside();
    for (int layer = 1; layer <= settings.layers(); layer++) {
      h = activated(convolved(h, layer), settings.activation());
    }
    return h;
  }

  /**
   * The image [B, C, H, W] with the channels of a pixel next to each other in memory. Two reshapes,
   * since with one channel the engine would see that nothing moves, and take it for the other way.
   */
  private String featuresInside() {
    return image(let("torch.reshape(torch.permute(x, [0, 2, 3, 1]), [-1])"), colours);
  }

  /** Numbers in the order of pixels, and of features within each, as [B, features, H, W]. */
  private String image(String x, long features) {
    String pixels =
        let("torch.reshape(%s, [-1, %d, %d, %d])".formatted(x, height, width, features));
    return let("torch.permute(%s, [0, 3, 1, 2])".formatted(pixels));
  }

  /**
   * The input averaged over squares of 1, 2, 4, ... pixels, convolved at each of these scales,
   * brought to full size by repeating pixels, and added up. From the coarsest scale on, each sum is
   * doubled and added to the next finer one, so that no scale is brought to full size by itself.
   */
  private String convolved(String h, int layer) {
    List<String> pyramid = new ArrayList<>(List.of(h));
    for (int scale = 1; scale < settings.scales(); scale++) {
      pyramid.add(summed(pyramid.get(scale - 1), scale));
    }
    int margin = settings.kernel() / 2;
    List<String> kernels = kernels(layer);
    String bias = zero("layer%dbias".formatted(layer), settings.channels());
    String sum = "";
    for (int scale = settings.scales() - 1; scale >= 0; scale--) {
      String here =
          let(
              "torch.conv2d(%s, %s, %s, [1, 1], [%d, %d])"
                  .formatted(
                      pyramid.get(scale),
                      times(Math.pow(0.25, scale), kernels.get(scale)),
                      scale == 0 ? bias : "None",
                      margin,
                      margin));
      // In place: the gradient of a convolution does not need its result.
      sum =
          sum.isEmpty()
              ? here
              : let(
                  "torch.add_(%s, torch.upsample_nearest2d(%s, None, [2., 2.]))"
                      .formatted(here, sum));
    }
    return signature.conditional() ? conditioned(sum, layer) : sum;
  }

  /** With a shift of each channel that is linear in the condition. */
  private String conditioned(String sum, int layer) {
    int numbers = signature.condition() + 1;
    String name = "layer%dcondition".formatted(layer);
    String map = weight(name, 1 / Math.sqrt(numbers), numbers, settings.channels());
    String shift =
        let(
            "torch.reshape(torch.matmul(condition, %s), [-1, %d, 1, 1])"
                .formatted(map, settings.channels()));
    return let("torch.add_(%s, %s)".formatted(sum, shift));
  }

  /**
   * The sum over squares of two by two pixels; the kernels of coarse scales make averages of sums.
   * As the derivative of repeating pixels, it takes two thirds of the time of the engine's pooling,
   * there and back.
   *
   * @param scale that comes out, 1 for half of the image's size
   */
  private String summed(String h, int scale) {
    return let(
        "torch.upsample_nearest2d_backward(%1$s, [%2$d, %3$d], [torch.size(%1$s, 0), torch.size(%1$s, 1), %4$d, %5$d], 2., 2.)"
            .formatted(
                h, height >> (scale - 1), width >> (scale - 1), height >> scale, width >> scale));
  }

  /** Of each scale, the finest first. */
  private List<String> kernels(int layer) {
    int side = settings.kernel();
    long from = layer == 1 ? colours : settings.channels();
    // The input has variance one, so only what comes from another layer is multiplied up.
    double gain = layer == 1 ? 1 : settings.activation().gain();
    double deviation = gain / Math.sqrt((double) from * side * side * settings.scales());
    List<String> kernels = new ArrayList<>();
    for (int scale = 1; scale <= settings.scales(); scale++) {
      String name = "layer%dscale%d".formatted(layer, scale);
      kernels.add(weight(name, deviation, settings.channels(), from, side, side));
    }
    return kernels;
  }

  /** Fully connected layers on the whole image, which end in features of each pixel. */
  private String densePath() {
    Activation activation = settings.denseActivation();
    String h = let("torch.reshape(x, [-1, %d])".formatted(element.size()));
    long from = element.size();
    for (int layer = 1; layer <= settings.denseLayers(); layer++) {
      double gain = layer == 1 ? 1 : activation.gain();
      h = activated(linear("dense" + layer, h, gain, from, settings.denseWidth()), activation);
      from = settings.denseWidth();
    }
    long to = height * width * settings.denseChannels();
    String spread = linear("spread", h, activation.gain(), from, to);
    return image(activated(spread, activation), settings.denseChannels());
  }

  /** What layers on pixels hand on: scale * variable + shift, of shape [B, features, H, W]. */
  private record Hidden(String variable, double scale, double shift) {}

  /**
   * Layers that see one pixel at a time, as convolutions of width one. The engine's tanh takes four
   * times as long as its logistic function where the processor is not of the maker that its library
   * of functions is written for, and here it is taken of every pixel's every feature. So tanh z = 2
   * sigmoid(2 z) - 1, and factors and term go into the weights before and after.
   */
  private Hidden pixelLayers() {
    Activation activation = settings.denseActivation();
    boolean tanh = activation == Activation.TANH;
    Hidden h = new Hidden(features(), 1, 0);
    long from = featureCount();
    for (int layer = 1; layer <= settings.pixelLayers(); layer++) {
      String name = "pixel" + layer;
      long to = settings.pixelWidth();
      double deviation = activation.gain() / Math.sqrt((double) from);
      String matrix = weight(name, deviation, to, from);
      String bias = shifted(zero(name + "Bias", to), matrix, h.shift(), "1");
      double factor = tanh ? 2 : 1;
      String kernel = let("torch.reshape(%s, [%d, %d, 1, 1])".formatted(matrix, to, from));
      String sum =
          let(
              "torch.conv2d(%s, %s, %s)"
                  .formatted(h.variable(), times(factor * h.scale(), kernel), times(factor, bias)));
      h =
          tanh
              ? new Hidden(let("torch.sigmoid_(%s)".formatted(sum)), 2, -1)
              : new Hidden(activated(sum, activation), 1, 0);
      from = to;
    }
    return h;
  }

  /** A bias with what comes of a term that is in all of the matrix's inputs. */
  private String shifted(String bias, String matrix, double shift, String inputs) {
    return shift == 0
        ? bias
        : let(
            "torch.add(%s, torch.sum(%s, [%s]), alpha=%s)".formatted(bias, matrix, inputs, shift));
  }

  private String times(double factor, String x) {
    return factor == 1 ? x : let("torch.mul(%s, %s)".formatted(x, factor));
  }

  /**
   * A linear readout that changes smoothly with time: z = sum_j y_j g_j(t), y_j = W_j h + b_j for
   * each of J bumps g_j. The sum over j is taken of the matrices, once for each example, and not of
   * J images: z = (sum_j g_j(t) W_j) h + sum_j g_j(t) b_j. It begins at zero, so that the model
   * begins at the kernel's own default.
   */
  private String readout(Hidden h, long outputs) {
    long from = settings.pixelLayers() == 0 ? featureCount() : settings.pixelWidth();
    String matrices = zero("readout", settings.bumps(), outputs * from);
    String shifts = zero("readoutBias", settings.bumps(), outputs);
    String matrix =
        let(
            "torch.reshape(torch.matmul(time, %s), [-1, %d, %d])"
                .formatted(matrices, outputs, from));
    String shift = shifted(let("torch.matmul(time, %s)".formatted(shifts)), matrix, h.shift(), "2");
    // [B, features, H W], which is a view: the features of a pixel stay side by side.
    String pixels =
        let("torch.reshape(%s, [-1, %d, %d])".formatted(h.variable(), from, height * width));
    return let(
        "torch.baddbmm(torch.unsqueeze(%s, 2), %s, %s)"
            .formatted(shift, times(h.scale(), matrix), pixels));
  }

  private String linear(String name, String x, double gain, long from, long to) {
    String matrix = weight(name, gain / Math.sqrt((double) from), to, from);
    return let("torch.linear(%s, %s, %s)".formatted(x, matrix, zero(name + "Bias", to)));
  }

  private String weight(String name, double deviation, long... shape) {
    return script.parameter(Weights.normal(name, deviation, new Shape(shape)));
  }

  private String zero(String name, long... shape) {
    return script.parameter(Weights.zero(name, Parameter.Type.WEIGHT, new Shape(shape)));
  }

  private String activated(String x, Activation activation) {
    return let(activation.script(x));
  }

  private String let(String expression) {
    return script.let(expression);
  }
}
