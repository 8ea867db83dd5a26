package org.dpm.api;

import ai.djl.ndarray.NDArray;

/**
 * A distribution of a family that is closed under products: what a model's step must be to be
 * multiplied with what else is known. The right half of the last row of table App.1 in
 * Sohl-Dickstein et al. 2015. All results are normalised, and of the same family.
 */
public interface Multipliable extends Distribution {

  /**
   * The product with a factor.
   *
   * @param factor of the same family; its shape broadcasts against this one's. It may be improper
   *     where it says nothing: of infinite variance, or log odds 0.
   * @throws IllegalArgumentException if it is of another family
   */
  Multipliable times(Distribution factor);

  /**
   * The product with a quotient, p factor / divisor. Where the quotient would widen p without
   * bound, the result is the widest that the family can make of it: this is what to draw from, and
   * weights know what it should have been.
   *
   * @throws IllegalArgumentException if one of the two is of another family
   */
  Multipliable times(Distribution factor, Distribution divisor);

  /**
   * The distribution to a power.
   *
   * @param exponent broadcasts against this; not negative: where it is 0 nothing is said, and the
   *     result is improper for all but {@link #times}
   */
  Multipliable power(NDArray exponent);

  /**
   * The product with e^(g x): to first order that with any r of which g is the gradient of log r at
   * the mean.
   *
   * @param gradient in the shape of the variable
   */
  Multipliable tilted(NDArray gradient);

  /**
   * The law of scale x + shift.
   *
   * @param scale broadcasts; positive, and 1 for discrete families
   * @param shift broadcasts; 0 for discrete families
   */
  Multipliable affine(NDArray scale, NDArray shift);

  /**
   * With each row as often in succession as makes so many: of n problems, each with examples of its
   * own in a row.
   *
   * @param rows a multiple of how many there are
   */
  Multipliable repeated(long rows);
}
