package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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
        Arguments.of(
            "a divergence the other way round, where laws are nearly alike",
            ReversedWhereAlike.class,
            "divergenceFromWhatIsNear"),
        Arguments.of(
            "one uniform number for all elements", SharedUniform.class, "elementsAreIndependent"),
        Arguments.of("a divergence from anything", FromAnything.class, "refusesOtherFamilies"),
        Arguments.of(
            "classes that are independent numbers", IndependentClasses.class, "addsUpToOne"),
        Arguments.of("angles that end", AnglesThatEnd.class, "comesAgain"),
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
    Verdict.assertCaught(what, contract, test);
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
    protected final Distribution near(NDManager manager) {
      return DiagonalGaussian.of(
          RightOnesTest.pair(manager, 0.55, -2.1), RightOnesTest.pair(manager, 0.55, 2.7));
    }

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
    protected Distribution near(NDManager manager) {
      return Bits.ofLogOdds(RightOnesTest.pair(manager, 0.6, -1.9));
    }

    @Override
    protected List<double[]> outcomes() {
      return bits();
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

  /** Right for laws far apart; the series for the others has its arguments exchanged. */
  static final class ReversedWhereAlike extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray divergence(Distribution other) {
          NDArray there = super.divergence(other);
          NDArray back = other instanceof AlmostDistribution ? there : other.divergence(right);
          return NDArrays.where(there.lt(0.05), back, there);
        }
      };
    }
  }

  static final class SharedUniform extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray sample(Noise noise) {
          NDArray one = noise.gaussian(right.mean().get(":, 0:1"));
          return right.mean().add(((DiagonalGaussian) right).variance().sqrt().mul(one));
        }
      };
    }
  }

  static final class FromAnything extends OnGaussians {
    @Override
    Distribution broken(Distribution distribution) {
      return new AlmostDistribution(distribution) {
        @Override
        public NDArray divergence(Distribution other) {
          return other instanceof AnotherFamily
              ? right.mean().zerosLike()
              : super.divergence(other);
        }
      };
    }
  }

  /** Each of the numbers of a class a bit of its own: more than one of them, or none, may be 1. */
  static final class IndependentClasses extends RightOnesTest.OnClasses {
    @Override
    Distribution law(NDArray logits) {
      return new AlmostDistribution(super.law(logits)) {
        @Override
        public NDArray logProbability(NDArray x) {
          return Bits.ofLogOdds(logits).logProbability(x);
        }
      };
    }
  }

  static final class AnglesThatEnd extends RightOnesTest.OnAngles {
    @Override
    Distribution law(NDArray mean, NDArray concentration) {
      return new AlmostDistribution(super.law(mean, concentration)) {
        @Override
        public NDArray logProbability(NDArray x) {
          return NDArrays.where(
              x.abs().lte(Math.PI), right.logProbability(x), x.zerosLike().sub(50));
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
          return right.sample(Noise.of(0, "always the same"));
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
