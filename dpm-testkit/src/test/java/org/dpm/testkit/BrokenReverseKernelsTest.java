package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of reverse kernels catches")
final class BrokenReverseKernelsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("an output that nothing is made of", IgnoresOne.class, "everyOutputMatters"),
        Arguments.of(
            "an answer that is cut from the gradient", Detached.class, "gradientReachesTheOutput"),
        Arguments.of("no variance at the last step", NoVariance.class, "zeroAnswersAreFinite"),
        Arguments.of(
            "a belief that looks at where the step leads",
            LooksAhead.class,
            "beliefDoesNotDependOnTheStep"),
        Arguments.of(
            "a step that is of another belief", OtherBelief.class, "stepFollowsFromTheBelief"),
        Arguments.of(
            "a step to the data that is narrower than the belief",
            Surer.class,
            "stepToTheDataIsTheBelief"),
        Arguments.of("examples that are mixed", Mixes.class, "examplesAreIndependent"),
        Arguments.of("a distribution over the outputs", Outputs.class, "keepsShapeAndType"),
        Arguments.of("no outputs at all", AsksForNothing.class, "asksForOutputs"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("kernels that are wrong in one place:")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  private abstract static class OnGaussians extends ReverseKernelContract implements ReverseKernel {

    final ReverseKernel right = new GaussianModel.Reverse();

    @Override
    protected final ReverseKernel reverse() {
      return this;
    }

    @Override
    public int outputs() {
      return right.outputs();
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      return right.data(current, output, stage);
    }

    @Override
    protected final ForwardKernel forward() {
      return new GaussianModel.Forward();
    }

    @Override
    protected final NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  static final class IgnoresOne extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray first = output.get(":, 0");
      NDArray both = NDArrays.stack(new NDList(first, first.zerosLike()), 1);
      return right.transition(current, both, stage);
    }
  }

  static final class Detached extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return right.transition(
          current,
          output.stopGradient().add(output.mul(number(output, 0.5))).div(number(output, 1.5)),
          stage);
    }
  }

  static final class NoVariance extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray variance = stage.beta().mul(stage.previousNoise()).div(stage.noise());
      return DiagonalGaussian.of(right.transition(current, output, stage).mean(), variance);
    }
  }

  static final class LooksAhead extends OnGaussians {
    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      DiagonalGaussian belief = (DiagonalGaussian) right.data(current, output, stage);
      return DiagonalGaussian.of(
          belief.mean().add(stage.previousSignal().mul(0.01)), belief.variance());
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return right.transition(current, output, stage);
    }
  }

  static final class OtherBelief extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return right.transition(current, output.mul(0.9), stage);
    }
  }

  static final class Surer extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      DiagonalGaussian step = (DiagonalGaussian) right.transition(current, output, stage);
      return DiagonalGaussian.of(step.mean(), step.variance().mul(0.9));
    }
  }

  static final class Mixes extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return right.transition(current, output.sub(output.mean()), stage);
    }
  }

  static final class Outputs extends OnGaussians {
    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return DiagonalGaussian.of(output, output.onesLike());
    }
  }

  static final class AsksForNothing extends OnGaussians {
    @Override
    public int outputs() {
      return 0;
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return new GaussianModel.Forward().transition(current, stage);
    }
  }
}
