package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dpm.api.Component;
import org.dpm.api.Factor;
import org.dpm.api.Factory;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A prior of which one of several holds")
final class EitherPriorTest extends EngineFixture {

  /** Settings that hold the part itself. */
  private record Ready(Prior prior) {}

  /** Hands out what the settings hold, as a host would build it. */
  private static final Factory FACTORY =
      new Factory() {
        @Override
        public <T> T create(Component<T> component, Map<Class<?>, Object> offers) {
          return component.type().cast(((Ready) component.settings()).prior());
        }
      };

  static Prior either(Prior... priors) {
    List<Component<Prior>> components = new ArrayList<>();
    for (Prior prior : priors) {
      components.add(
          new Component<>(Prior.class, "test/number-" + components.size(), new Ready(prior)));
    }
    return new EitherPrior(new EitherPrior.Settings(components), FACTORY);
  }

  /** A density that is this everywhere, in factors of which it is the product. */
  private static Prior always(double... factors) {
    return like -> {
      List<Factor> all = new ArrayList<>();
      for (double factor : factors) {
        all.add(new Factor.Density((x, stage) -> x.get(":, 0").mul(0).add(Math.log(factor))));
      }
      return all;
    };
  }

  private double[] logDensity(Prior prior) {
    NDArray x = manager.create(new double[] {0.3, -2}, new Shape(2, 1));
    Factor.Density density = (Factor.Density) prior.factors(x).get(0);
    return density.log().of(x, Stage.ofData(x)).toDoubleArray();
  }

  @Test
  @DisplayName("is the mean of their densities")
  void isTheMean() {
    double log = Math.log((0.5 * 0.4 + 0.001 + 1) / 3);
    assertThat(logDensity(either(always(0.5, 0.4), always(0.001), Prior.NOTHING)))
        .containsExactly(new double[] {log, log}, within(1e-9));
  }

  @Test
  @DisplayName("is the larger density, less what it might have been, where the other is tiny")
  void doesNotOverflow() {
    // e^-5000 is 0 in double precision.
    Prior tiny = like -> List.of(new Factor.Density((x, stage) -> x.get(":, 0").mul(0).sub(5000)));
    double[] expected = {Math.log(0.25), Math.log(0.25)};
    assertThat(logDensity(either(tiny, always(0.5)))).containsExactly(expected, within(1e-9));
    assertThat(logDensity(either(always(0.5), tiny))).containsExactly(expected, within(1e-9));
  }

  @Test
  @DisplayName("refuses a prior that knows elements exactly, by its name")
  void refusesWhatIsNoDensity() {
    Prior known = like -> List.of(new Factor.Known(like.zerosLike(), like.onesLike()));
    NDArray like = manager.zeros(new Shape(2, 1));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> either(always(0.5), known).factors(like))
        .withMessageContaining("prior 'test/number-1'")
        .withMessageContaining("Factor.Known")
        .withMessageContaining("kind product");
  }

  @Test
  @DisplayName("is of at least two")
  void isOfTwo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> either(always(0.5)))
        .withMessage("priors must be at least 2, but are 1");
  }
}
