package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.Stream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of objectives catches")
final class BrokenObjectivesTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("with a fixed offset of t", FixedOffset.class, "timesAreCovered"),
        Arguments.of("that counts the batch", CountsTheBatch.class, "batchesAgree"),
        Arguments.of("that forgets a step", ForgetsAStep.class, "neverAboveTheLikelihood"),
        Arguments.of("that forgets the last term", ForgetsTheLast.class, "neverAboveTheLikelihood"),
        Arguments.of("that ignores its noise", LossWithoutNoise.class, "followsItsNoise"),
        Arguments.of("that has noise of its own", LossOfOwnNoise.class, "followsItsNoise"),
        Arguments.of(
            "that is one number for the batch", LossOfTheBatch.class, "isFinitePerExample"),
        Arguments.of(
            "that spreads the batch's mean over it", Levelled.class, "examplesAreIndependent"),
        Arguments.of("that is cut off", LossCutOff.class, "gradientReachesTheNetwork"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("an objective")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  /** The same steps whatever the noise: example 0 always stands at the first. */
  static final class FixedOffset extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        int batch = Math.toIntExact(data.getShape().get(0));
        double[] spread = new double[batch];
        Arrays.setAll(spread, i -> i * 0.6180339887498949 % 1);
        return new VariationalBound(diffusion).estimate(data, diffusion.steps(1, spread), noise);
      };
    }
  }

  static final class ForgetsAStep extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        VariationalBound bound = new VariationalBound(diffusion);
        NDArray cost = bound.prior(data).add(bound.last(data, noise));
        for (int t = 3; t <= diffusion.steps(); t++) {
          cost = cost.add(bound.step(data, noise, t));
        }
        return cost;
      };
    }
  }

  static final class ForgetsTheLast extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        VariationalBound bound = new VariationalBound(diffusion);
        NDArray cost = bound.prior(data);
        for (int t = 2; t <= diffusion.steps(); t++) {
          cost = cost.add(bound.step(data, noise, t));
        }
        return cost;
      };
    }
  }

  private static NDArray estimate(NDArray data, Diffusion diffusion, Noise noise) {
    return new VariationalBound(diffusion).estimate(data, noise);
  }

  static final class LossWithoutNoise extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> estimate(data, diffusion, Noise.of(0, "always the same"));
    }
  }

  static final class LossOfOwnNoise extends ObjectiveContract {

    private int calls;

    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> estimate(data, diffusion, Noise.of(calls++, "own"));
    }
  }

  static final class LossOfTheBatch extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> estimate(data, diffusion, noise).mean();
    }
  }

  static final class CountsTheBatch extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) ->
          estimate(data, diffusion, noise).mul(data.getShape().get(0));
    }
  }

  static final class Levelled extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        NDArray loss = estimate(data, diffusion, noise);
        return loss.zerosLike().add(loss.mean());
      };
    }
  }

  static final class LossCutOff extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        NDArray loss = estimate(data, diffusion, noise);
        // A graph there is, but of nothing.
        return loss.stopGradient().add(loss.mul(number(loss, 0)));
      };
    }
  }
}
