package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Noise;
import org.dpm.api.Space;
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
        Arguments.of("an end that is never reached", NotStationary.class, "forgetsTheData"),
        Arguments.of(
            "the end of a variance-exploding path without the data's variance",
            ExplodesWithoutTheData.class,
            "aloneObeysBayes"),
        Arguments.of(
            "the same, by its draws", ExplodesWithoutTheData.class, "endIsTheDiffusedNullLaw"),
        Arguments.of(
            "an end that does not begin with the null law",
            BeginsElsewhere.class,
            "endBeginsWithTheNullLaw"),
        Arguments.of(
            "what x_t alone tells, without the null law", NoNullLaw.class, "aloneObeysBayes"),
        Arguments.of(
            "a posterior of averaged bits, not averaged over the bits",
            PosteriorOfTheMean.class,
            "posteriorOfABelief"),
        Arguments.of(
            "a posterior of averaged numbers",
            GaussianPosteriorOfTheMean.class,
            "posteriorOfABelief"),
        Arguments.of(
            "a step to the data that forgets how sure a belief is",
            GaussianPosteriorOfTheMean.class,
            "posteriorOfABeliefAtTheData"),
        Arguments.of(
            "one uniform number for all elements of an example",
            SharedUniform.class,
            "elementsAreDrawnIndependently"),
        Arguments.of(
            "steps that are right between neighbours only",
            NeighboursOnly.class,
            "posteriorObeysBayes"),
        Arguments.of("draws without gradient", NoGradient.class, "drawsCarryTheGradient"),
        Arguments.of("a path that is another's", OtherPath.class, "followsItsPath"),
        Arguments.of("one stage for all examples", FirstStage.class, "stagesOfEachExample"),
        Arguments.of("bits of which the draws are halves", Halves.class, "samplesStayInTheSupport"),
        Arguments.of("draws that ignore their noise", IgnoresNoise.class, "drawsFollowTheNoise"),
        Arguments.of(
            "an entropy in bits where nats are meant", InBits.class, "stepsComposeToTheMarginal"),
        Arguments.of("an end that has lost the batch", OneRow.class, "keepsShapeAndType"),
        Arguments.of("a marginal that mixes examples", Mixes.class, "examplesAreIndependent"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("kernels that are wrong in one place:")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  /** The right kernel, of which each broken one replaces a method. */
  abstract static class Almost implements ForwardKernel {

    final ForwardKernel right;

    Almost(ForwardKernel right) {
      this.right = right;
    }

    @Override
    public OptionalInt width(Space space) {
      return right.width(space);
    }

    @Override
    public boolean reparameterised() {
      return right.reparameterised();
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return right.end(like, stage);
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return right.alone(current, stage);
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
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      return right.posterior(belief, current, stage);
    }
  }

  private abstract static class OnGaussians extends ForwardKernelContract {

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }

    @Override
    protected boolean isStationary() {
      return true;
    }
  }

  private abstract static class OnBits extends ForwardKernelContract {

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager);
    }

    @Override
    protected List<Space> spaces() {
      return List.of(new Space.Bit());
    }

    @Override
    protected boolean isStationary() {
      return true;
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
        public Distribution end(NDArray like, Stage stage) {
          NDArray grown = stage.noise().mul(0.2).add(1);
          return DiagonalGaussian.of(like.zerosLike(), like.onesLike().mul(grown));
        }
      };
    }
  }

  static final class BitsNotStationary extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution end(NDArray like, Stage stage) {
          return Bits.ofLogOdds(like.zerosLike().sub(stage.noise().mul(0.2)));
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
              return right.sample(Noise.of(0, "always the same"));
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
        public Distribution end(NDArray like, Stage stage) {
          return right.end(like.get("0:1"), stage);
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

  /** x_t = x_0 + s e, s^2 = e^-lambda; the end is as wide as the noise alone. */
  static final class ExplodesWithoutTheData extends ForwardKernelContract {

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }

    @Override
    protected double lowestLogSnr() {
      return -30;
    }

    @Override
    protected ForwardKernel kernel() {
      return new RightOnesTest.Exploding() {
        @Override
        public Distribution end(NDArray like, Stage stage) {
          DiagonalGaussian right = (DiagonalGaussian) super.end(like, stage);
          return stage.times()[0] == 0
              ? right
              : DiagonalGaussian.of(right.mean(), right.variance().sub(1));
        }
      };
    }
  }

  static final class BeginsElsewhere extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution end(NDArray like, Stage stage) {
          return stage.times()[0] == 0
              ? DiagonalGaussian.of(like.zerosLike(), like.onesLike().mul(2))
              : right.end(like, stage);
        }
      };
    }
  }

  static final class NoNullLaw extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution alone(NDArray current, Stage stage) {
          return DiagonalGaussian.of(
              current.div(stage.signal().sqrt()), stage.noise().div(stage.signal()));
        }
      };
    }
  }

  static final class PosteriorOfTheMean extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
          return right.posterior(belief.mean(), current, stage);
        }
      };
    }
  }

  static final class GaussianPosteriorOfTheMean extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
          return right.posterior(belief.mean(), current, stage);
        }
      };
    }
  }

  static final class SharedUniform extends OnBits {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new BitModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return new AlmostDistribution(right.marginal(data, stage)) {
            @Override
            public NDArray sample(Noise noise) {
              NDArray one = noise.uniform(right.mean().get(":, 0:1"));
              return one.lt(right.mean()).toType(right.mean().getDataType(), false);
            }
          };
        }
      };
    }
  }

  /** What it keeps of x_t is what the neighbour on the grid would. */
  static final class NeighboursOnly extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution posterior(NDArray data, NDArray current, Stage stage) {
          double gap = stage.times()[0] - stage.previousTimes()[0];
          Distribution posterior = right.posterior(data, current, stage);
          return gap < 1.5 / Trajectory.STEPS
              ? posterior
              : DiagonalGaussian.of(posterior.mean(), stage.beta());
        }
      };
    }
  }

  static final class NoGradient extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return new AlmostDistribution(right.marginal(data, stage)) {
            @Override
            public NDArray sample(Noise noise) {
              NDArray x = right.sample(noise);
              return x.stopGradient().add(x.mul(number(x, 0)));
            }
          };
        }
      };
    }
  }

  static final class OtherPath extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Optional<GaussianPath> path() {
          return new RightOnesTest.Exploding().path();
        }
      };
    }
  }

  static final class FirstStage extends OnGaussians {
    @Override
    protected ForwardKernel kernel() {
      return new Almost(new GaussianModel.Forward()) {
        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          NDArray first = stage.signal().get("0:1");
          return DiagonalGaussian.of(data.mul(first.sqrt()), first.neg().add(1));
        }
      };
    }
  }
}
