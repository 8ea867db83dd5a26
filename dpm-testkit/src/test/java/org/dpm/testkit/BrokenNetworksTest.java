package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.stream.Stream;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Signature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of networks catches")
final class BrokenNetworksTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("that ignores time", IgnoresTime.class, "timeMatters"),
        Arguments.of(
            "that does not use a parameter", IgnoresTime.class, "gradientReachesEveryParameter"),
        Arguments.of(
            "that reads its parameters itself", ReadsItself.class, "gradientReachesEveryParameter"),
        Arguments.of("that looks at the batch", LooksAtTheBatch.class, "examplesAreIndependent"),
        Arguments.of("that does not look at x", IgnoresX.class, "gradientReachesTheInput"),
        Arguments.of("that refuses all shapes", RefusesAll.class, "canBeBuilt"),
        Arguments.of("that gives one number too many", WrongSize.class, "keepsShape"),
        Arguments.of(
            "that takes a condition and ignores it", IgnoresCondition.class, "conditionMatters"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a network")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  static final class IgnoresTime extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(signature) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x, time, scale, drift.mul(0));
            }
          };
    }
  }

  static final class ReadsItself extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(signature) {
            @Override
            NDArray value(ParameterStore store, Parameter parameter, NDArray x) {
              return parameter == scale ? parameter.getArray() : super.value(store, parameter, x);
            }
          };
    }
  }

  static final class LooksAtTheBatch extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(signature) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x.sub(x.mean()), time, scale, drift);
            }
          };
    }
  }

  static final class IgnoresX extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(signature) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x.mul(0).add(1), time, scale, drift);
            }
          };
    }
  }

  static final class RefusesAll extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature -> {
        throw new InvalidInput("this network takes nothing");
      };
    }
  }

  static final class WrongSize extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(
              new Signature(signature.element(), signature.outputs() + 1, signature.condition()));
    }
  }

  static final class IgnoresCondition extends NetworkContract {
    @Override
    protected Network network(Grid grid) {
      return signature ->
          new PlainBlock(signature) {
            @Override
            NDArray told(NDArray condition) {
              return condition.zerosLike();
            }
          };
    }
  }
}
