package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.Multipliable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of multipliable distributions catches")
final class BrokenProductsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("whose product adds variances", AddsVariances.class, "productOfDensities"),
        Arguments.of(
            "whose quotient is a product", QuotientIsAProduct.class, "quotientOfDensities"),
        Arguments.of("whose power is not normalised", PowerOfMean.class, "powerOfTheDensity"),
        Arguments.of("that tilts by the deviation", TiltsByTheDeviation.class, "tilt"),
        Arguments.of("that scales its variance by the scale", ScalesOnce.class, "affine"),
        Arguments.of("that takes any factor", TakesAny.class, "refusesOtherFactors"),
        Arguments.of(
            "that is widened to a negative variance", Widened.class, "quotientStaysProper"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a distribution")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  private static DiagonalGaussian gaussian(Distribution distribution) {
    return distribution instanceof Almost almost ? almost.normal : (DiagonalGaussian) distribution;
  }

  /** A normal normal law, of which a broken one replaces a method. */
  private static class Almost extends AlmostDistribution implements Multipliable {

    final DiagonalGaussian normal;

    Almost(DiagonalGaussian normal) {
      super(normal);
      this.normal = normal;
    }

    @Override
    public Multipliable times(Distribution factor) {
      return normal.times(gaussian(factor));
    }

    @Override
    public Multipliable times(Distribution factor, Distribution divisor) {
      return normal.times(gaussian(factor), gaussian(divisor));
    }

    @Override
    public Multipliable power(NDArray exponent) {
      return normal.power(exponent);
    }

    @Override
    public Multipliable tilted(NDArray gradient) {
      return normal.tilted(gradient);
    }

    @Override
    public Multipliable affine(NDArray scale, NDArray shift) {
      return normal.affine(scale, shift);
    }

    @Override
    public Multipliable repeated(long rows) {
      return normal.repeated(rows);
    }
  }

  private abstract static class OnGaussians extends MultipliableContract {

    @Override
    protected final Multipliable distribution(NDManager manager) {
      return broken(
          DiagonalGaussian.of(
              RightOnesTest.pair(manager, 0.5, -2), RightOnesTest.pair(manager, 0.5, 3)));
    }

    abstract Multipliable broken(DiagonalGaussian normal);

    @Override
    protected final Multipliable other(NDManager manager) {
      return DiagonalGaussian.of(
          RightOnesTest.pair(manager, 0.2, -1), RightOnesTest.pair(manager, 1, 5));
    }
  }

  static final class AddsVariances extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable times(Distribution factor) {
          DiagonalGaussian product = normal.times(gaussian(factor));
          return DiagonalGaussian.of(
              product.mean(), normal.variance().add(gaussian(factor).variance()));
        }
      };
    }
  }

  static final class QuotientIsAProduct extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable times(Distribution factor, Distribution divisor) {
          return normal.times(gaussian(factor)).times(gaussian(divisor));
        }
      };
    }
  }

  static final class PowerOfMean extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable power(NDArray exponent) {
          return DiagonalGaussian.of(normal.mean().mul(exponent), normal.variance());
        }
      };
    }
  }

  static final class TiltsByTheDeviation extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable tilted(NDArray gradient) {
          return DiagonalGaussian.of(
              normal.mean().add(normal.variance().sqrt().mul(gradient)), normal.variance());
        }
      };
    }
  }

  static final class ScalesOnce extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable affine(NDArray scale, NDArray shift) {
          return DiagonalGaussian.of(
              normal.mean().mul(scale).add(shift), normal.variance().mul(scale));
        }
      };
    }
  }

  static final class TakesAny extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable times(Distribution factor) {
          return this;
        }
      };
    }
  }

  static final class Widened extends OnGaussians {
    @Override
    Multipliable broken(DiagonalGaussian law) {
      return new Almost(law) {
        @Override
        public Multipliable times(Distribution factor, Distribution divisor) {
          NDArray precision = gaussian(factor).variance().pow(-1);
          precision = precision.add(normal.variance().pow(-1));
          precision = precision.sub(gaussian(divisor).variance().pow(-1));
          return DiagonalGaussian.of(normal.mean(), precision.pow(-1));
        }
      };
    }
  }
}
