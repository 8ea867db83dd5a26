package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import org.dpm.api.Bernoulli;

/** A bit x_s whose distribution depends on another, x_0, of which only a probability is known. */
final class Mixture {

  private Mixture() {}

  /**
   * p(x_s = 1) = sum over x_0 of p(x_s = 1 | x_0) p(x_0), in log odds throughout.
   *
   * <p>With A and B the log odds of x_s for x_0 = 1 and 0, and w those of x_0, let c and e be the
   * log odds of x_0 once x_s is known to be 0 and 1: c = w + log(1 + e^B) - log(1 + e^A), and e = c
   * + A - B. The odds of x_s are then e^A and e^B weighted by sigmoid(c) and sigmoid(-c), of which
   * the logarithm is B + log(1 + e^e) - log(1 + e^c), and likewise from A.
   *
   * @param weight w; infinite where x_0 is known
   * @param ifOne A, not less than B
   * @param ifZero B; A and B are infinite where x_s is x_0
   */
  static Bernoulli of(NDArray weight, NDArray ifOne, NDArray ifZero) {
    NDArray givenZero = weight.add(softplus(ifZero)).sub(softplus(ifOne));
    NDArray givenOne = weight.add(softplus(ifZero.neg())).sub(softplus(ifOne.neg()));
    // From the side of the likelier x_0, whose logarithms are the smaller and may not be infinite.
    NDArray likelyOne = givenZero.gt(0f);
    NDArray from = NDArrays.where(likelyOne, ifOne, ifZero);
    NDArray sign = NDArrays.where(likelyOne, givenZero.onesLike().neg(), givenZero.onesLike());
    NDArray correction = softplus(givenOne.mul(sign)).sub(softplus(givenZero.mul(sign)));
    NDArray same = ifOne.eq(Float.POSITIVE_INFINITY);
    return Bernoulli.ofLogOdds(NDArrays.where(same, weight, from.add(correction)));
  }

  private static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }
}
