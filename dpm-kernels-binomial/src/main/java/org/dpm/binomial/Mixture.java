package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.dpm.api.Bernoulli;

/**
 * A bit x_s that depends on another, x_0: what it takes to average over x_0 once a probability of
 * it is known. All four are in log odds.
 *
 * @param ifOne A, the log odds of x_s where x_0 = 1; infinite where x_s is x_0
 * @param ifZero B, those where x_0 = 0; not greater than A
 * @param zeroSays what x_s = 0 says of x_0: log(1 + e^B) - log(1 + e^A)
 * @param oneSays what x_s = 1 says of it: log(1 + e^-B) - log(1 + e^-A)
 */
record Mixture(NDArray ifOne, NDArray ifZero, NDArray zeroSays, NDArray oneSays) {

  static Mixture of(NDArray ifOne, NDArray ifZero) {
    return new Mixture(
        ifOne,
        ifZero,
        softplus(ifZero).sub(softplus(ifOne)),
        softplus(ifZero.neg()).sub(softplus(ifOne.neg())));
  }

  /** Element by element one of two, which are broadcast to the shape of {@code first}. */
  static Mixture choose(NDArray first, Mixture one, Mixture other) {
    return new Mixture(
        choose(first, one.ifOne, other.ifOne),
        choose(first, one.ifZero, other.ifZero),
        choose(first, one.zeroSays, other.zeroSays),
        choose(first, one.oneSays, other.oneSays));
  }

  static NDArray choose(NDArray first, NDArray one, NDArray other) {
    return NDArrays.where(
        first, one.broadcast(first.getShape()), other.broadcast(first.getShape()));
  }

  /**
   * p(x_s = 1) = sum over x_0 of p(x_s = 1 | x_0) p(x_0), in log odds throughout.
   *
   * <p>Let c and e be the log odds of x_0 once x_s is known to be 0 and 1. The odds of x_s are then
   * e^A and e^B weighted by sigmoid(c) and sigmoid(-c), of which the logarithm is B + log(1 + e^e)
   * - log(1 + e^c), or as well A + log(1 + e^-e) - log(1 + e^-c).
   *
   * @param data log odds of x_0; infinite where it is known
   */
  Bernoulli given(NDArray data) {
    NDArray givenZero = data.add(zeroSays);
    NDArray givenOne = data.add(oneSays);
    // From the side of the likelier x_0, whose logarithms are the smaller and are not infinite.
    NDArray likelyOne = givenZero.gt(0f);
    NDArray sign = NDArrays.where(likelyOne, data.onesLike().neg(), data.onesLike());
    NDArray correction = softplus(givenOne.mul(sign)).sub(softplus(givenZero.mul(sign)));
    NDArray mixed = NDArrays.where(likelyOne, ifOne, ifZero).add(correction);
    NDArray same = ifOne.eq(Float.POSITIVE_INFINITY);
    return Bernoulli.ofLogOdds(NDArrays.where(same, data, mixed));
  }

  private static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }
}
