package org.dpm.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Signature;

/**
 * A residual U-Net for images, sized for processors with few cores.
 *
 * <p>The image is cut into patches, whose pixels become channels, so that most of the work is done
 * at a fraction of the resolution; a last stage of 1x1 layers looks at every pixel again. Pixels
 * enter with sines and cosines of several frequencies beside them, since a likelihood needs the
 * last digits of a value that a plain convolution would lose (Kingma et al. 2021, appendix C).
 * There is no normalisation: the second convolution of each residual block begins at zero. A
 * condition is added to the embedding of time.
 */
final class UnetNetwork implements Network {

  private static final int TIME_FEATURES = 16;
  private static final int TIME_UNITS = 64;

  /**
   * @param channels of each level, the finest first
   * @param blocks residual blocks of each level on the way down, and again on the way up
   * @param patch pixels along a side that become channels before the first level
   * @param frequencies sines and cosines beside each pixel
   * @param headChannels of the 1x1 layers at full resolution
   */
  record Settings(
      @JsonProperty(defaultValue = "[64, 128]")
          @JsonPropertyDescription("channels of each level, the finest first")
          List<Integer> channels,
      @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("residual blocks of each level, both down and up")
          int blocks,
      @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("side of the patches whose pixels become channels")
          int patch,
      @JsonProperty(defaultValue = "8")
          @JsonPropertyDescription("frequencies of the sines and cosines beside each pixel")
          int frequencies,
      @JsonProperty(defaultValue = "32")
          @JsonPropertyDescription("channels of the layers that look at every pixel by itself")
          int headChannels,
      @JsonProperty(defaultValue = "auto")
          @JsonPropertyDescription(
              "what convolutions are computed in; bfloat16 needs channels that are multiples of 16")
          Precision precision) {

    Settings {
      if (channels.isEmpty()) {
        throw new IllegalArgumentException("channels must name at least one level, but is empty");
      }
      channels.forEach(count -> atLeast("channels", 1, count));
      atLeast("blocks", 1, blocks);
      atLeast("patch", 1, patch);
      atLeast("frequencies", 0, frequencies);
      atLeast("headChannels", 1, headChannels);
      if (precision == Precision.BFLOAT16 && !Precision.isSafe(widths(channels, headChannels))) {
        throw new IllegalArgumentException(
            "precision: bfloat16 needs channels and headChannels that are multiples of 16, but they are %s and %d; auto takes float32 for them"
                .formatted(channels, headChannels));
      }
    }

    /** As asked for, and float32 where it was left open and these channels need it. */
    Precision effectivePrecision() {
      return precision.forChannels(widths(channels, headChannels));
    }

    private static List<Integer> widths(List<Integer> channels, int headChannels) {
      return Stream.concat(channels.stream(), Stream.of(headChannels)).toList();
    }

    private static void atLeast(String name, int least, int value) {
      if (value < least) {
        throw new IllegalArgumentException(
            "%s must be at least %d, but is %d".formatted(name, least, value));
      }
    }
  }

  /** Weights take the type and the layout of what they meet. */
  private static final String CONVOLVE =
      """
      def convolve(self: __torch__.Ops, x: Tensor, w: Tensor, b: Tensor, pad: int) -> Tensor:
        weight = torch.contiguous(torch.type_as(w, x), memory_format=2)
        return torch.conv2d(x, weight, torch.type_as(b, x), [1, 1], [pad, pad], [1, 1], 1)
      """;

  /** Two convolutions about a scale and a shift that the time has chosen. */
  private static final String RESIDUAL =
      """
      def residual(self: __torch__.Ops, x: Tensor, time: Tensor, w1: Tensor, b1: Tensor, \
      wt: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
        h = (self).convolve(torch.silu(x), w1, b1, 1)
        t = torch.unsqueeze(torch.unsqueeze(torch.matmul(time, torch.type_as(wt, x)), 2), 3)
        scale, shift = torch.chunk(t, 2, 1)
        h = torch.silu(torch.addcmul(shift, h, torch.add(scale, 1)))
        return torch.add(x, (self).convolve(h, w2, b2, 1))
      """;

  private final Settings settings;
  private final Grid grid;

  @Inject
  UnetNetwork(Settings settings, Grid grid) {
    this.settings = settings;
    this.grid = grid;
  }

  @Override
  public Block block(Signature signature) {
    requireDivisible(signature.element());
    Assembly assembly = new Assembly(signature);
    String result = assembly.write();
    TimeFeatures features = TimeFeatures.Fourier.forSteps(TIME_FEATURES, grid.steps());
    return new ScriptBlock(
        signature,
        features,
        settings.effectivePrecision(),
        assembly.script,
        result,
        List.of(CONVOLVE, RESIDUAL));
  }

  private void requireDivisible(Shape element) {
    if (element.dimension() != 3) {
      throw new InvalidInput(
          "network: 'unet' is for images, [channels, height, width], but an example is "
              + element
              + ". Use 'mlp' for other shapes.");
    }
    int divisor = settings.patch() << (settings.channels().size() - 1);
    if (element.get(1) % divisor != 0 || element.get(2) % divisor != 0) {
      throw new InvalidInput(
          "network: 'unet' with patch %d and %d levels needs a height and width divisible by %d, but images are %d x %d. Give it fewer channels (one number for each level), another patch, or other images."
              .formatted(
                  settings.patch(),
                  settings.channels().size(),
                  divisor,
                  element.get(1),
                  element.get(2)));
    }
  }

  /** Writes the forward pass for one signature. */
  private final class Assembly {

    private final Script script = new Script();
    private final Signature signature;
    private final Shape element;
    private final long colours;
    private String time = "";

    Assembly(Signature signature) {
      this.signature = signature;
      element = signature.element();
      colours = element.get(0);
    }

    String write() {
      String pixels = pixels();
      long pixelChannels = colours * (1 + 2 * settings.frequencies());
      time = script.let("torch.type_as(torch.silu(%s), like)".formatted(embedding()));
      int patch = settings.patch();
      String patches = script.let("torch.pixel_unshuffle(%s, %d)".formatted(pixels, patch));
      int first = settings.channels().get(0);
      String stem = convolve("stem", patches, pixelChannels * patch * patch, first, 3, 1);
      String h = level(script.let("torch.type_as(%s, like)".formatted(stem)), 0);
      return head(h, pixels, pixelChannels, signature.outputs());
    }

    /** Linear in the features of time, and in the condition. */
    private String embedding() {
      String embed = weight("timeWeight", 1 / Math.sqrt(TIME_FEATURES), TIME_FEATURES, TIME_UNITS);
      String bias = zero("timeBias", TIME_UNITS);
      String timed = "torch.addmm(%s, time, %s)".formatted(bias, embed);
      if (!signature.conditional()) {
        return timed;
      }
      int numbers = signature.condition() + 1;
      double deviation = 1 / Math.sqrt(numbers);
      String map = weight("conditionWeight", deviation, numbers, TIME_UNITS);
      return "torch.addmm(%s, condition, %s)".formatted(timed, map);
    }

    /** Every pixel's value, and its sines and cosines at frequencies an octave apart. */
    private String pixels() {
      List<String> all = new ArrayList<>(List.of("x"));
      for (int k = 0; k < settings.frequencies(); k++) {
        String angle = script.let("torch.mul(x, %s)".formatted(Math.PI / 2 * (1L << k)));
        all.add(script.let("torch.sin(%s)".formatted(angle)));
        all.add(script.let("torch.cos(%s)".formatted(angle)));
      }
      return script.let(
          "torch.contiguous(torch.cat([%s], 1), memory_format=2)"
              .formatted(String.join(", ", all)));
    }

    /** A level's blocks with everything coarser between those of the way down and the way up. */
    private String level(String x, int level) {
      int own = settings.channels().get(level);
      String h = residuals(placed(x, own, level), "down", level);
      if (level + 1 == settings.channels().size()) {
        return residuals(h, "up", level);
      }
      int next = settings.channels().get(level + 1);
      String halved = script.let("torch.avg_pool2d(%s, [2, 2], [2, 2], [0, 0])".formatted(h));
      String coarse = convolve("down" + level, halved, own, next, 1, 1);
      coarse = level(coarse, level + 1);
      String back = convolve("up" + level, coarse, next, own, 1, 1);
      String joined =
          script.let(
              "torch.add(%s, torch.upsample_nearest2d(%s, None, [2., 2.]))".formatted(h, back));
      return residuals(joined, "up", level);
    }

    /** Objects stand about the middle of most pictures: where a place is says much. */
    private String placed(String x, long channels, int level) {
      int factor = settings.patch() << level;
      String place =
          zero("place" + level, 1, channels, element.get(1) / factor, element.get(2) / factor);
      return script.let("torch.add(%s, torch.type_as(%s, %s))".formatted(x, place, x));
    }

    private String residuals(String x, String way, int level) {
      long c = settings.channels().get(level);
      String h = x;
      for (int i = 0; i < settings.blocks(); i++) {
        String name = way + "Level" + level + "Block" + i;
        String first = weight(name + "First", 1.7 / Math.sqrt(9.0 * c), c, c, 3, 3);
        String firstBias = zero(name + "FirstBias", c);
        String timed = weight(name + "Time", 1 / Math.sqrt(TIME_UNITS), TIME_UNITS, 2 * c);
        String second = zero(name + "Second", c, c, 3, 3);
        String secondBias = zero(name + "SecondBias", c);
        h =
            script.let(
                "(self).residual(%s, %s, %s, %s, %s, %s, %s)"
                    .formatted(h, time, first, firstBias, timed, second, secondBias));
      }
      return h;
    }

    /** From patches back to pixels, each of which is seen again as it is. */
    private String head(String h, String pixels, long pixelChannels, int outputs) {
      int c = settings.headChannels();
      int patch = settings.patch();
      long own = settings.channels().get(0);
      String active = script.let("torch.silu(%s)".formatted(h));
      String unfolded = convolve("unfold", active, own, (long) c * patch * patch, 1, 1.7);
      String context = script.let("torch.pixel_shuffle(%s, %d)".formatted(unfolded, patch));
      String seen =
          script.let(
              "torch.type_as(%s, like)"
                  .formatted(convolve("pixel", pixels, pixelChannels, c, 1, 1)));
      String both = script.let("torch.silu(torch.add(%s, %s))".formatted(context, seen));
      String mixed = script.let("torch.silu(%s)".formatted(convolve("mix", both, c, c, 1, 1.7)));
      String whole = script.let("torch.type_as(%s, x)".formatted(mixed));
      String last = convolve("answer", whole, c, outputs * colours, 1, 0);
      return script.let("torch.contiguous(%s)".formatted(last));
    }

    /**
     * @param gain times one over the root of the inputs is the first weights' standard deviation
     */
    private String convolve(String name, String x, long from, long to, int side, double gain) {
      double deviation = gain / Math.sqrt((double) from * side * side);
      String w =
          gain == 0
              ? zero(name, to, from, side, side)
              : weight(name, deviation, to, from, side, side);
      String b = zero(name + "Bias", to);
      return script.let("(self).convolve(%s, %s, %s, %d)".formatted(x, w, b, side / 2));
    }

    private String weight(String name, double deviation, long... shape) {
      return script.parameter(Weights.normal(name, deviation, new Shape(shape)));
    }

    private String zero(String name, long... shape) {
      return script.parameter(Weights.zero(name, Parameter.Type.WEIGHT, new Shape(shape)));
    }
  }
}
