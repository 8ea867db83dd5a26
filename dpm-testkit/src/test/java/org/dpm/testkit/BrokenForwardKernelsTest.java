package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of forward kernels catches")
final class BrokenForwardKernelsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "a wrong exponent in the variance of a step",
            WrongExponent.class,
            "stepsComposeToTheMarginal"),
        Arguments.of(
            "a wrong exponent in the variance of the jump",
            WrongExponentOfTheJump.class,
            "stepsComposeToTheMarginal"),
        Arguments.of("a marginal one stage behind", OneStageBehind.class, "meansCompose"),
        Arguments.of(
            "bits that are one stage behind", BitsOneStageBehind.class, "posteriorObeysBayes"),
        Arguments.of("a posterior that forgets x_0", ForgetsTheData.class, "posteriorObeysBayes"),
        Arguments.of(
            "a posterior that forgets x_0, before the first step",
            ForgetsTheData.class,
            "posteriorOfTheFirstStepIsTheData"),
        Arguments.of(
            "a stationary distribution that is not stationary",
            NotStationary.class,
            "stationaryIsStationary"),
        Arguments.of(
            "a stationary rate of bits that is not stationary",
            BitsNotStationary.class,
            "stationaryIsStationary"),
        Arguments.of(
            "a stationary distribution that is never reached",
            NotStationary.class,
            "reachesTheStationaryDistribution"),
        Arguments.of("bits of which the draws are halves", Halves.class, "samplesStayInTheSupport"),
        Arguments.of("draws that ignore their noise", IgnoresNoise.class, "drawsFollowTheNoise"),
        Arguments.of(
            "an entropy in bits where nats are meant", InBits.class, "stepsComposeToTheMarginal"),
        Arguments.of(
            "a stationary distribution that has lost the batch", OneRow.class, "keepsShapeAndType"),
        Arguments.of("a marginal that mixes examples", Mixes.class, "examplesAreIndependent"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("kernels that are wrong in one place:")
  void catches(String what, Class<?> contract, String test) {
    assertThat(Verdict.on(contract, test).failed()).as(what).contains(test);
  }

  /** The right kernel, of which each broken one replaces a method. */
  abstract static class Almost implements ForwardKernel {

    final ForwardKernel right;

    Almost(ForwardKernel right) {
      this.right = right;
    }

    @Override
    public Distribution stationary(NDArray like) {
      return right.stationary(like);
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return right.transition(previous, stage);
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return right.marginal(data, stage);
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      return right.posterior(data, current, stage);
    }

    @Override
    public boolean supports(double value) {
      return right.supports(value);
    }
  }

  private abstract static class OnGaussians extends ForwardKernelContract {

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  private abstract static class OnBits extends ForwardKernelContract {

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager);
    }
  }

  static final class WrongExponent extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution transition(NDArray previous, Stage stage) {
          return DiagonalGaussian.of(previous.mul(stage.kept().sqrt()), stage.beta().square());
        }
      };
    }
  }

  static final class WrongExponentOfTheJump extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return DiagonalGaussian.of(data.mul(stage.signal().sqrt()), stage.noise().sqrt());
        }
      };
    }
  }

  static final class OneStageBehind extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return DiagonalGaussian.of(
              data.mul(stage.previousSignal().sqrt()), stage.previousNoise());
        }
      };
    }
  }

  static final class BitsOneStageBehind extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          NDArray one = data.mul(stage.previousSignal()).add(stage.previousNoise().mul(0.5));
          return Bits.ofLogOdds(one.log().sub(one.neg().add(1).log()));
        }
      };
    }
  }

  static final class ForgetsTheData extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution posterior(NDArray data, NDArray current, Stage stage) {
          return right.posterior(data.zerosLike(), current, stage);
        }
      };
    }
  }

  static final class NotStationary extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution stationary(NDArray like) {
          return DiagonalGaussian.of(like.zerosLike(), like.onesLike().mul(1.2));
        }
      };
    }
  }

  static final class BitsNotStationary extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution stationary(NDArray like) {
          return Bits.ofLogOdds(like.zerosLike().sub(0.2));
        }
      };
    }
  }

  static final class Halves extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return new AlmostDistribution(right.marginal(data, stage)) {
            @Override
            public NDArray sample(Noise noise) {
              return right.sample(noise).add(0.5).mul(0.5);
            }
          };
        }
      };
    }
  }

  static final class IgnoresNoise extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution transition(NDArray previous, Stage stage) {
          return new AlmostDistribution(right.transition(previous, stage)) {
            @Override
            public NDArray sample(Noise noise) {
              return right.sample(Noise.of(0, "always the same", 0));
            }
          };
        }
      };
    }
  }

  static final class InBits extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return new AlmostDistribution(right.marginal(data, stage)) {
            @Override
            public NDArray entropy() {
              return right.entropy().div(Math.log(2));
            }
          };
        }
      };
    }
  }

  static final class OneRow extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution stationary(NDArray like) {
          NDArray row = like.get("0:1");
          return right.stationary(row);
        }
      };
    }
  }

  static final class Mixes extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return right.marginal(data.sub(data.mean()), stage);
        }
      };
    }
  }
}
