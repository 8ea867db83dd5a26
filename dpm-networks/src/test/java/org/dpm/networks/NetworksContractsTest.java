package org.dpm.networks;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Grid;
import org.dpm.api.Network;
import org.dpm.testkit.NetworkContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The networks plugin")
class NetworksContractsTest {

  record Case(String name, Function<Grid, Network> network) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> networks() {
    Stream<Case> rbf =
        Stream.of(new Case("rbf", grid -> new RbfNetwork(new RbfNetwork.Settings(5), grid)));
    Stream<Case> inputs = Stream.of(TimeInput.values()).map(t -> mlp(Activation.SILU, t));
    Stream<Case> activations =
        Stream.of(Activation.values())
            .filter(a -> a != Activation.SILU)
            .map(a -> mlp(a, TimeInput.FOURIER));
    return Stream.of(rbf, inputs, activations, multiscale(), Stream.of(unet())).flatMap(s -> s);
  }

  /** With and without the dense path and the layers on pixels. */
  private static Stream<Case> multiscale() {
    var whole =
        new MultiscaleConvNetwork.Settings(
            3, 2, 3, 3, Activation.SOFTPLUS, 1, 4, 2, 1, 3, Activation.TANH, 3);
    var bare =
        new MultiscaleConvNetwork.Settings(
            2, 1, 1, 1, Activation.SILU, 0, 1, 1, 0, 1, Activation.TANH, 2);
    return Stream.of(
        new Case("multiscale-conv", grid -> new MultiscaleConvNetwork(whole)),
        new Case(
            "multiscale-conv without all it can be without",
            grid -> new MultiscaleConvNetwork(bare)));
  }

  private static Case unet() {
    var settings = new UnetNetwork.Settings(List.of(3, 4), 1, 2, 2, 3, Precision.AUTO);
    return new Case("unet", grid -> new UnetNetwork(settings, grid));
  }

  private static Case mlp(Activation activation, TimeInput time) {
    Optional<Integer> features = time == TimeInput.READOUT ? Optional.empty() : Optional.of(4);
    var settings = new MlpNetwork.Settings(6, 3, activation, time, features);
    return new Case("mlp " + activation + " " + time, grid -> new MlpNetwork(settings, grid));
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @MethodSource("org.dpm.networks.NetworksContractsTest#networks")
  @DisplayName("has a network that")
  class Each extends NetworkContract {

    private final Case each;

    Each(Case each) {
      this.each = each;
    }

    @Override
    protected Network network(Grid grid) {
      return each.network().apply(grid);
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new NetworksPlugin();
    }
  }
}
