package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dpm.api.Distribution;
import org.dpm.api.Multipliable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That products of a family are what their densities say, and normalised. */
@DisplayName("A distribution that can be multiplied")
public abstract class MultipliableContract extends DistributionContract {

  @Override
  protected abstract Multipliable distribution(NDManager manager);

  @Override
  protected abstract Multipliable other(NDManager manager);

  @FunctionalInterface
  private interface LogFactor {
    /** What the log density of the result is more than that of the distribution, elementwise. */
    NDArray of(NDArray x);
  }

  /** That the result is the distribution times a factor, but for a constant, and normalised. */
  private void assertProduct(String what, Multipliable p, Multipliable result, LogFactor factor) {
    Blocks blocks = blocks(p.mean());
    List<NDArray> points = points(p);
    double[] constant = new double[0];
    for (NDArray x : points) {
      double[] more = blocks.sums(result.logProbability(x).sub(p.logProbability(x)));
      double[] should = blocks.sums(factor.of(x));
      double[] difference = new double[more.length];
      for (int i = 0; i < more.length; i++) {
        difference[i] = more[i] - should[i];
      }
      if (constant.length == 0) {
        constant = difference;
      }
      for (int i = 0; i < more.length; i++) {
        assertThat(difference[i])
            .as("%s, block %d: log density less those of the factors, at two points", what, i)
            .isCloseTo(
                constant[i], within(10 * rounding(x, Math.abs(more[i]) + Math.abs(should[i]))));
      }
    }
    assertAddsUp(what, result);
  }

  @Test
  @DisplayName("has for a product the product of the densities, normalised")
  void productOfDensities() {
    Multipliable other = other(manager);
    Multipliable p = distribution(manager);
    assertProduct("product", p, p.times(other), other::logProbability);
    assertProduct("product the other way round", other, other.times(p), p::logProbability);
  }

  @Test
  @DisplayName("has for a quotient the quotient of the densities, normalised")
  void quotientOfDensities() {
    Multipliable p = distribution(manager);
    Multipliable divisor = other(manager);
    Multipliable factor = divisor.power(divisor.mean().onesLike().mul(2.3));
    assertProduct(
        "p factor / divisor",
        p,
        p.times(factor, divisor),
        x -> factor.logProbability(x).sub(divisor.logProbability(x)));
    assertProduct("p d / d", p, p.times(divisor, divisor), NDArray::zerosLike);
  }

  @Test
  @DisplayName("stays a distribution where a quotient would widen it without bound")
  void quotientStaysProper() {
    Multipliable p = distribution(manager);
    NDArray five = p.mean().onesLike().mul(5);
    assertAddsUp("p / p^5", p.times(p, p.power(five)));
  }

  @Test
  @DisplayName("has for a power the power of its density, normalised")
  void powerOfTheDensity() {
    Multipliable p = distribution(manager);
    for (double exponent : new double[] {0.5, 1, 2.5}) {
      NDArray exponents = p.mean().onesLike().mul(exponent);
      assertProduct(
          "power " + exponent, p, p.power(exponents), x -> p.logProbability(x).mul(exponent - 1));
    }
  }

  @Test
  @DisplayName("tilts by e^(g x), normalised")
  void tilt() {
    Multipliable p = distribution(manager);
    NDArray gradient = noise("gradient").gaussian(p.mean()).mul(0.5);
    assertProduct("tilt", p, p.tilted(gradient), x -> x.mul(gradient));
  }

  @Test
  @DisplayName("has the law of scale x + shift")
  void affine() {
    Multipliable p = distribution(manager);
    boolean continuous = outcomes().isEmpty() && support().isLine();
    NDArray one = p.mean().onesLike();
    NDArray scale = continuous ? one.mul(1.7) : one;
    NDArray shift = continuous ? noise("shift").gaussian(one) : one.zerosLike();
    Multipliable moved = p.affine(scale, shift);
    for (NDArray x : points(p)) {
      assertAlike(
          "log density of scale x + shift",
          x,
          doubles(moved.logProbability(x.mul(scale).add(shift)).add(scale.log())),
          doubles(p.logProbability(x)));
    }
    assertAddsUp("scale x + shift", moved);
  }

  @Test
  @DisplayName("is not multiplied with a law of another family")
  void refusesOtherFactors() {
    Multipliable p = distribution(manager);
    Distribution another = new AnotherFamily(p.mean());
    assertThatIllegalArgumentException().isThrownBy(() -> p.times(another));
    assertThatIllegalArgumentException().isThrownBy(() -> p.times(another, p));
    assertThatIllegalArgumentException().isThrownBy(() -> p.times(p, another));
  }
}
