package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dpm.api.Schedule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of schedules catches")
final class BrokenSchedulesTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("that turns back", TurnsBack.class, "decreases"),
        Arguments.of("that is not a number at its end", EndsInNaN.class, "isFinite"),
        Arguments.of("that begins in noise", BeginsInNoise.class, "hasTheRightEnds"),
        Arguments.of("that leaves half of the data", LeavesHalf.class, "hasTheRightEnds"),
        Arguments.of("that flattens times", Flattens.class, "keepsShapeAndType"),
        Arguments.of("that cancels in single precision", Cancels.class, "singlePrecision"),
        Arguments.of("that takes log(e^B - 1) as it stands", CancelsEarly.class, "singlePrecision"),
        Arguments.of("that finds the wrong times", WrongTimes.class, "inverse"),
        Arguments.of(
            "that learns nothing", LearnsNothing.class, "gradientMatchesFiniteDifferences"),
        Arguments.of("that learns by half", LearnsByHalf.class, "gradientMatchesFiniteDifferences"),
        Arguments.of("that piles up arrays", PilesUp.class, "cleansUp"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a schedule")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  static final class TurnsBack extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-11).add(5).add(time.mul(40).sin());
    }
  }

  static final class EndsInNaN extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.neg().add(1).sub(1e-9).log().sub(time.log());
    }
  }

  static final class BeginsInNoise extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-5);
    }
  }

  static final class LeavesHalf extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-5).add(5);
    }
  }

  static final class Flattens extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.reshape(-1).mul(-11).add(5);
    }
  }

  /** log(abar / (1 - abar)) as it stands: 1 - abar loses its digits where there is little noise. */
  static final class Cancels extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> {
        NDArray signal = time.pow(4).mul(-10).exp();
        return signal.log().sub(signal.neg().add(1).log());
      };
    }
  }

  /** -log(e^B - 1) with B = t / 10 + 5 t^2, as it stands: e^B - 1 loses its digits early. */
  static final class CancelsEarly extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> {
        NDArray total = time.mul(0.1).add(time.square().mul(5));
        return total.exp().sub(1).log().neg();
      };
    }
  }

  static final class WrongTimes extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return new Schedule() {
        @Override
        public NDArray logSnr(NDArray time) {
          return time.mul(-11).add(5);
        }

        @Override
        public double[] times(NDArray like, double[] logSnr, double first) {
          return Arrays.stream(logSnr).map(l -> (5 - l) / 11.5).toArray();
        }
      };
    }
  }

  private static Schedule slope(BiFunction<NDArray, Parameter, NDArray> logSnr) {
    RightOnesTest.LearnedSlope right = new RightOnesTest.LearnedSlope();
    return new Schedule() {
      @Override
      public List<Parameter> parameters() {
        return right.parameters();
      }

      @Override
      public NDArray logSnr(NDArray time) {
        return logSnr.apply(time, right.parameters().get(0));
      }
    };
  }

  static final class LearnsNothing extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope((time, slope) -> time.mul(-11).add(5).add(time.mul(slope.getArray()).mul(0)));
    }
  }

  static final class LearnsByHalf extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope(
          (time, slope) -> {
            NDArray value = slope.getArray().exp();
            NDArray half = value.add(value.stopGradient()).mul(number(value, 0.5));
            return time.mul(-11).mul(half.reshape(new Shape())).add(5);
          });
    }
  }

  static final class PilesUp extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope(
          (time, slope) -> time.mul(-11).mul(slope.getArray().exp().reshape(new Shape())).add(5));
    }
  }
}
