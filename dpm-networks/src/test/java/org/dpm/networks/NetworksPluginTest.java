package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.ServiceLoader;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The networks plugin")
class NetworksPluginTest {

  @Test
  @DisplayName("is found by the service loader and lists its networks")
  void isFound() {
    assertThat(ServiceLoader.load(DpmPlugin.class))
        .singleElement()
        .isInstanceOf(NetworksPlugin.class)
        .satisfies(
            plugin ->
                assertThat(plugin.extensions())
                    .extracting(Extension::kind)
                    .containsExactly("mlp", "multiscale-conv", "rbf", "unet"));
  }

  @Test
  @DisplayName("refuses nonsense by stating the requirement and the value")
  void refusesNonsense() {
    assertThatThrownBy(() -> new RbfNetwork.Settings(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("units must be at least 1, but is 0");
    assertThatThrownBy(() -> mlp(0, 1, TimeInput.FOURIER, Optional.empty()))
        .hasMessage("width must be at least 1, but is 0");
    assertThatThrownBy(() -> mlp(1, 0, TimeInput.FOURIER, Optional.empty()))
        .hasMessage("depth must be at least 1, but is 0");
    assertThatThrownBy(() -> mlp(1, 1, TimeInput.FOURIER, Optional.of(5)))
        .hasMessage("timeFeatures must be even and at least 2, but is 5");
    assertThatThrownBy(() -> mlp(1, 1, TimeInput.BUMPS, Optional.of(1)))
        .hasMessage("timeFeatures must be at least 2, but is 1");
    assertThatThrownBy(() -> mlp(1, 1, TimeInput.READOUT, Optional.of(8)))
        .hasMessage("timeFeatures must not be given with time: readout, but is 8");
  }

  private static MlpNetwork.Settings mlp(
      int width, int depth, TimeInput time, Optional<Integer> timeFeatures) {
    return new MlpNetwork.Settings(width, depth, Activation.SILU, time, timeFeatures);
  }
}
