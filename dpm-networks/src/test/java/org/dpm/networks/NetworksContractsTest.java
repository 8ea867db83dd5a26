package org.dpm.networks;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Network;
import org.dpm.testkit.NetworkContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The networks plugin")
class NetworksContractsTest {

  record Case(String name, IntFunction<Network> network) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> networks() {
    Stream<Case> rbf =
        Stream.of(new Case("rbf", steps -> new RbfNetwork(new RbfNetwork.Settings(5), steps)));
    Stream<Case> inputs = Stream.of(TimeInput.values()).map(t -> mlp(Activation.SILU, t));
    Stream<Case> activations =
        Stream.of(Activation.values())
            .filter(a -> a != Activation.SILU)
            .map(a -> mlp(a, TimeInput.FOURIER));
    return Stream.of(rbf, inputs, activations, Stream.of(unet())).flatMap(s -> s);
  }

  private static Case unet() {
    var settings = new UnetNetwork.Settings(List.of(3, 4), 1, 2, 2, 3, Precision.AUTO);
    return new Case("unet", steps -> new UnetNetwork(settings, steps));
  }

  private static Case mlp(Activation activation, TimeInput time) {
    Optional<Integer> features = time == TimeInput.READOUT ? Optional.empty() : Optional.of(4);
    var settings = new MlpNetwork.Settings(6, 3, activation, time, features);
    return new Case("mlp " + activation + " " + time, steps -> new MlpNetwork(settings, steps));
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
    protected Network network(int steps) {
      return each.network().apply(steps);
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
