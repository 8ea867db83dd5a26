package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A U-Net")
class UnetNetworkTest extends EngineFixture {

  private static final Shape ELEMENT = new Shape(1, 8, 8);

  private static UnetNetwork unet(Precision precision) {
    UnetNetwork.Settings settings =
        new UnetNetwork.Settings(List.of(16, 32), 1, 2, 4, 16, precision);
    return new UnetNetwork(settings, Grid.even(100));
  }

  @Test
  @DisplayName("refuses a size that its levels cannot halve, and says what they need")
  void refusesOddSizes() {
    assertThatThrownBy(() -> unet(Precision.AUTO).block(new Signature(new Shape(1, 8, 30), 2)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("'unet' with patch 2 and 2 levels")
        .hasMessageContaining("divisible by 4, but images are 8 x 30");
    assertThatThrownBy(() -> unet(Precision.AUTO).block(new Signature(new Shape(20), 2)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("images, [channels, height, width]");
  }

  @Test
  @DisplayName("refuses settings without sense")
  void refusesNonsense() {
    assertThatThrownBy(() -> new UnetNetwork.Settings(List.of(), 1, 2, 4, 8, Precision.AUTO))
        .hasMessage("channels must name at least one level, but is empty");
    assertThatThrownBy(() -> new UnetNetwork.Settings(List.of(8, 0), 1, 2, 4, 8, Precision.AUTO))
        .hasMessage("channels must be at least 1, but is 0");
    assertThatThrownBy(() -> new UnetNetwork.Settings(List.of(8), 1, 2, -1, 8, Precision.AUTO))
        .hasMessage("frequencies must be at least 0, but is -1");
  }

  @Test
  @DisplayName("computes in bfloat16 only with channels that are multiples of 16")
  void bfloat16NeedsWholeVectors() {
    assertThatThrownBy(() -> settings(List.of(16, 20), 32, Precision.BFLOAT16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiples of 16, but they are [16, 20] and 32; auto takes float32");
    assertThatThrownBy(() -> settings(List.of(16, 32), 8, Precision.BFLOAT16))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(settings(List.of(16, 32), 48, Precision.BFLOAT16).effectivePrecision())
        .isEqualTo(Precision.BFLOAT16);
    assertThat(settings(List.of(16, 32), 48, Precision.AUTO).effectivePrecision())
        .isEqualTo(Precision.AUTO);
    assertThat(settings(List.of(20), 32, Precision.AUTO).effectivePrecision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(settings(List.of(32), 20, Precision.AUTO).effectivePrecision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(settings(List.of(20), 32, Precision.FLOAT32).effectivePrecision())
        .isEqualTo(Precision.FLOAT32);
  }

  private static UnetNetwork.Settings settings(
      List<Integer> channels, int headChannels, Precision precision) {
    return new UnetNetwork.Settings(channels, 1, 2, 4, headChannels, precision);
  }

  @Test
  @DisplayName("begins at zero, where the kernel has its own default")
  void beginsAtZero() {
    Block block = unet(Precision.FLOAT32).block(new Signature(ELEMENT, 2));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 8, 8), new Shape(1));
    assertThat(doubles(answer(block))).containsOnly(0);
  }

  @Test
  @DisplayName("gives in bfloat16 what it gives in float32, to the digits that bfloat16 has")
  void shortIsAlmostExact() {
    double[] exact = doubles(answer(moved(Precision.FLOAT32)));
    double[] rounded = doubles(answer(moved(Precision.BFLOAT16)));
    double square = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      square += exact[i] * exact[i];
      error += Math.pow(exact[i] - rounded[i], 2);
    }
    // Half a unit of the last of 8 digits is 0.2 %; a dozen layers in a row, adding up at random.
    assertThat(Math.sqrt(error / square)).isCloseTo(0, within(0.02)).isPositive();
  }

  /** The same parameters, away from where they begin, whatever the precision. */
  private Block moved(Precision precision) {
    Block block = unet(precision).block(new Signature(ELEMENT, 2));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 8, 8), new Shape(1));
    Noise noise = Noise.of(3, "parameters");
    for (Parameter parameter : block.getParameters().values()) {
      NDArray value = parameter.getArray();
      value.muli(0).addi(noise.gaussian(value).mul(0.15));
    }
    return block;
  }

  private NDArray answer(Block block) {
    NDArray x = Noise.of(4, "points").gaussian(manager.zeros(new Shape(4, 1, 8, 8)));
    NDArray time = manager.create(new float[] {0.1f, 0.4f, 0.7f, 1});
    ParameterStore store = new ParameterStore(manager, false);
    return block.forward(store, new NDList(x, time), false).singletonOrThrow();
  }
}
