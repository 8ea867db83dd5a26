package org.dpm.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Signature;

/**
 * The paper's network for images: convolutions at several scales and a dense path beside them, then
 * layers on each pixel by itself, and a readout that changes smoothly with time. Sohl-Dickstein et
 * al. 2015, appendix D.2. A condition shifts the channels of each convolution.
 */
final class MultiscaleConvNetwork implements Network {

  /**
   * @param channels features of each pixel after a convolution
   * @param kernel width and height of a convolution, odd
   * @param denseLayers 0 for no dense path
   * @param pixelLayers layers of 1x1 convolutions
   */
  record Settings(
      @JsonProperty(defaultValue = "20")
          @JsonPropertyDescription("features of each pixel after a convolution")
          int channels,
      @JsonProperty(defaultValue = "4") @JsonPropertyDescription("number of convolutions")
          int layers,
      @JsonProperty(defaultValue = "3")
          @JsonPropertyDescription(
              "resolutions that each convolution is made at: the image's own, half of it, ...")
          int scales,
      @JsonProperty(defaultValue = "3")
          @JsonPropertyDescription("width and height of a convolution's kernel; odd")
          int kernel,
      @JsonProperty(defaultValue = "softplus")
          @JsonPropertyDescription("nonlinearity of the convolutions")
          Activation activation,
      @JsonProperty(defaultValue = "4")
          @JsonPropertyDescription(
              "dense layers on the whole image, beside the convolutions; 0 for none")
          int denseLayers,
      @JsonProperty(defaultValue = "500") @JsonPropertyDescription("units of each dense layer")
          int denseWidth,
      @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("features of each pixel that the dense path ends in")
          int denseChannels,
      @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription(
              "layers on each pixel by itself, after the convolutions and the dense path")
          int pixelLayers,
      @JsonProperty(defaultValue = "20") @JsonPropertyDescription("units of each of these layers")
          int pixelWidth,
      @JsonProperty(defaultValue = "tanh")
          @JsonPropertyDescription("nonlinearity of the dense layers and of those on pixels")
          Activation denseActivation,
      @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Gaussian bumps along time that the readout is made of")
          int bumps) {

    Settings {
      atLeast(1, "channels", channels);
      atLeast(1, "layers", layers);
      atLeast(1, "scales", scales);
      atLeast(0, "denseLayers", denseLayers);
      atLeast(1, "denseWidth", denseWidth);
      atLeast(1, "denseChannels", denseChannels);
      atLeast(0, "pixelLayers", pixelLayers);
      atLeast(1, "pixelWidth", pixelWidth);
      atLeast(2, "bumps", bumps);
      if (kernel < 1 || kernel % 2 == 0) {
        throw new IllegalArgumentException("kernel must be odd and at least 1, but is " + kernel);
      }
    }

    private static void atLeast(int least, String name, int value) {
      if (value < least) {
        throw new IllegalArgumentException(
            "%s must be at least %d, but is %d".formatted(name, least, value));
      }
    }
  }

  private final Settings settings;

  @Inject
  MultiscaleConvNetwork(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Block block(Signature signature) {
    requireImage(signature.element());
    return new MultiscaleScript(signature, settings).block();
  }

  private void requireImage(Shape element) {
    if (element.dimension() != 3) {
      throw new InvalidInput(
          "network.kind: multiscale-conv is for images of shape [channels, height, width], but an example has the shape %s. For other data there is mlp."
              .formatted(element));
    }
    long height = element.get(1);
    long width = element.get(2);
    // More scales than a long has bits fit no image either.
    long divisor = 1L << Math.min(settings.scales() - 1, Long.SIZE - 2);
    if (height % divisor != 0 || width % divisor != 0) {
      throw new InvalidInput(
          "network.scales: with %d scales images are halved %d times, so that height and width must be multiples of %d, but these images are %d by %d (height by width). %s"
              .formatted(
                  settings.scales(),
                  settings.scales() - 1,
                  divisor,
                  height,
                  width,
                  advice(height, width)));
    }
  }

  private static String advice(long height, long width) {
    int most = 1 + Long.numberOfTrailingZeros(height | width);
    return "Set network.scales to %d%s, or crop the images."
        .formatted(most, most == 1 ? "" : " or less");
  }
}
