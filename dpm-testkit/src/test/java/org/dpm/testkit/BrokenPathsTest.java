package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.stream.Stream;
import org.dpm.api.GaussianPath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of Gaussian paths catches")
final class BrokenPathsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "that keeps a little noise at the data", NeverClean.class, "beginsWithTheData"),
        Arguments.of("that is nothing at the end", NoEnd.class, "endsInNoise"),
        Arguments.of("whose noise is squared", Squared.class, "ratioIsLambda"),
        Arguments.of("whose signal grows", Grows.class, "signalShrinksAndNoiseGrows"),
        Arguments.of(
            "whose velocity is another path's", OtherVelocity.class, "velocityIsTheDirection"),
        Arguments.of("whose slope is not a number", SlopeIsNaN.class, "slopesAreFinite"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a path")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  private abstract static class Almost extends GaussianPathContract implements GaussianPath {

    final GaussianPath right = new GaussianModel.Path();

    @Override
    protected final GaussianPath path() {
      return this;
    }

    @Override
    public NDArray logSignalScale(NDArray logSnr) {
      return right.logSignalScale(logSnr);
    }

    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return right.logNoiseScale(logSnr);
    }

    @Override
    public NDArray velocityScale(NDArray logSnr) {
      return right.velocityScale(logSnr);
    }
  }

  static final class NeverClean extends Almost {
    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return right.logNoiseScale(logSnr.minimum(20));
    }
  }

  /** log(1 / (1 + e^-lambda)) as it stands. */
  static final class NoEnd extends Almost {
    @Override
    public NDArray logSignalScale(NDArray logSnr) {
      NDArray ratio = logSnr.exp();
      return ratio.div(ratio.add(1)).log().sub(ratio.log()).add(ratio.log()).mul(0.5);
    }
  }

  static final class Squared extends Almost {
    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return right.logNoiseScale(logSnr).mul(2);
    }
  }

  static final class Grows extends Almost {
    @Override
    public NDArray logSignalScale(NDArray logSnr) {
      return logSnr.mul(-0.1);
    }

    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return logSnr.mul(-0.6);
    }
  }

  static final class OtherVelocity extends Almost {
    @Override
    public NDArray velocityScale(NDArray logSnr) {
      return logSnr.onesLike();
    }
  }

  static final class SlopeIsNaN extends Almost {
    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      NDArray square = logSnr.mul(-2).exp();
      NDArray plain = square.div(square.add(1f)).log();
      return NDArrays.where(logSnr.gt(-30f), plain, logSnr.zerosLike());
    }
  }
}
