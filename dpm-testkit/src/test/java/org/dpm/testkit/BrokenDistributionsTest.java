package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of distributions catches")
final class BrokenDistributionsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("an entropy in bits", EntropyInBits.class, "entropyIsTheAverageSurprise"),
        Arguments.of(
            "an entropy of bits, in bits",
            EntropyOfBitsInBits.class,
            "entropyIsTheAverageSurprise"),
        Arguments.of(
            "a divergence the other way round", Reversed.class, "divergenceIsTheAverageLogRatio"),
        Arguments.of("a divergence that is not zero", Lifted.class, "divergenceFromItselfIsZero"),
        Arguments.of("a density without its constant", Unnormalised.class, "addsUpToOne"),
        Arguments.of(
            "draws scaled by the variance", ScaledByTheVariance.class, "samplesHaveTheMoments"),
        Arguments.of("a mean of the wrong sign", WrongMean.class, "meanIsTheFirstMoment"),
        Arguments.of("draws that ignore their noise", IgnoresNoise.class, "drawsFollowTheNoise"),
        Arguments.of("a sum over the elements", Summed.class, "isElementwise"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("distributions that are wrong in one place:")
  void catches(String what, Class<?> contract, String test) {
    assertThat(Verdict.on(contract, test).failed()).as(what).contains(test);
  }

  private abstract static class OnGaussians extends DistributionContract {

    @Override
    protected final Distribution distribution(NDManager manager) {
      return broken(
          DiagonalGaussian.of(
              RightOnesTest.pair(manager, 0.5, -2), RightOnesTest.pair(manager, 0.5, 3)));
    }

    abstract Distribution broken(Distribution right);

    @Override
    protected final Distribution other(NDManager manager) {
      return DiagonalGaussian.of(
          RightOnesTest.pair(manager, 0.2, -1), RightOnesTest.pair(manager, 1, 5));
    }
  }

  static final class EntropyInBits extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray entropy() {
          return right.entropy().div(Math.log(2));
        }
      };
    }
  }

  static final class EntropyOfBitsInBits extends DistributionContract {
    @Override
    protected Distribution distribution(NDManager manager) {
      return new AlmostDistribution(Bits.ofLogOdds(RightOnesTest.pair(manager, 0.5, -2))) {
        @Override
        public NDArray entropy() {
          return right.entropy().div(Math.log(2));
        }
      };
    }

    @Override
    protected Distribution other(NDManager manager) {
      return Bits.ofLogOdds(RightOnesTest.pair(manager, 1, 1));
    }

    @Override
    protected List<Double> outcomes() {
      return List.of(0.0, 1.0);
    }
  }

  static final class Reversed extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray divergence(Distribution other) {
          return other instanceof AlmostDistribution
              ? super.divergence(other)
              : other.divergence(right);
        }
      };
    }
  }

  static final class Lifted extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray divergence(Distribution other) {
          return super.divergence(other).add(1e-3);
        }
      };
    }
  }

  static final class Unnormalised extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray logProbability(NDArray x) {
          return right.logProbability(x).add(0.5 * Math.log(2 * Math.PI));
        }
      };
    }
  }

  static final class ScaledByTheVariance extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray sample(Noise noise) {
          NDArray variance = ((DiagonalGaussian) right).variance();
          return right.mean().add(variance.mul(noise.gaussian(variance)));
        }
      };
    }
  }

  static final class WrongMean extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray mean() {
          return right.mean().neg();
        }
      };
    }
  }

  static final class IgnoresNoise extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray sample(Noise noise) {
          return right.sample(Noise.of(0, "always the same", 0));
        }
      };
    }
  }

  static final class Summed extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray entropy() {
          return Distribution.perExample(right.entropy());
        }
      };
    }
  }
}
