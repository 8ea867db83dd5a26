package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.Distribution;
import org.dpm.api.Factor;
import org.dpm.api.Prior;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of priors catches")
final class BrokenPriorsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("that mixes examples", MixesExamples.class, "examplesAreIndependent"),
        Arguments.of("that is elementwise", Elementwise.class, "isFinitePerExample"),
        Arguments.of("that is minus infinity", Impossible.class, "isFinitePerExample"),
        Arguments.of("that is constant", Constant.class, "dependsOnTheExample"),
        Arguments.of(
            "that has half its gradient", HalfGradient.class, "gradientMatchesFiniteDifferences"),
        Arguments.of(
            "that multiplies by numbers that do not live",
            Forgetful.class,
            "gradientMatchesFiniteDifferences"),
        Arguments.of("that has no factors", Nothing.class, "hasFactors"),
        Arguments.of(
            "of which the map is transposed wrongly",
            WronglyTransposed.class,
            "measurementsAreLinear"),
        Arguments.of("of which the map shifts", Shifts.class, "measurementsAreLinear"),
        Arguments.of("that knows half of an element", HalfKnown.class, "arraysFit"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a prior")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  private static Prior density(Factor.LogDensity log) {
    return like -> List.of(new Factor.Density(log));
  }

  private abstract static class OnPoints extends DifferentiablePriorContract {
    @Override
    protected final NDArray points(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  static final class MixesExamples extends OnPoints {
    @Override
    protected Prior prior() {
      return density((x, stage) -> Distribution.perExample(x.sub(x.mean()).square().neg()));
    }
  }

  static final class Elementwise extends OnPoints {
    @Override
    protected Prior prior() {
      return density((x, stage) -> x.square().neg());
    }
  }

  static final class Impossible extends OnPoints {
    @Override
    protected Prior prior() {
      return density((x, stage) -> Distribution.perExample(x.log()));
    }
  }

  static final class Constant extends OnPoints {
    @Override
    protected Prior prior() {
      return density((x, stage) -> Distribution.perExample(x.mul(0)));
    }
  }

  static final class HalfGradient extends OnPoints {
    @Override
    protected Prior prior() {
      return density((x, stage) -> Distribution.perExample(x.mul(x.stopGradient()).neg()));
    }
  }

  /** Its numbers are in memory that the garbage collector frees. */
  static final class Forgetful extends OnPoints {
    @Override
    protected Prior prior() {
      return density(
          (x, stage) -> {
            NDArray sum = x.zerosLike();
            for (int i = 0; i < 500; i++) {
              sum = sum.add(x.square().mul(-0.001));
            }
            return Distribution.perExample(sum);
          });
    }
  }

  static final class Nothing extends OnPoints {
    @Override
    protected Prior prior() {
      return Prior.NOTHING;
    }
  }

  static final class WronglyTransposed extends OnPoints {
    @Override
    protected Prior prior() {
      return RightOnesTest.measured(
          new RightOnesTest.Sum() {
            @Override
            public NDArray transposed(NDArray y) {
              return super.transposed(y).mul(0.5);
            }
          });
    }
  }

  static final class Shifts extends OnPoints {
    @Override
    protected Prior prior() {
      return RightOnesTest.measured(
          new RightOnesTest.Sum() {
            @Override
            public NDArray apply(NDArray x) {
              return super.apply(x).add(1);
            }
          });
    }
  }

  static final class HalfKnown extends OnPoints {
    @Override
    protected Prior prior() {
      return like -> {
        NDArray half = like.get("0:1").onesLike().mul(0.5);
        return List.of(new Factor.Known(half, half));
      };
    }
  }
}
