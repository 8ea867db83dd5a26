package org.dpm.api;

/**
 * Normal numbers from uniform ones, each from one: without rejection, so that none is skipped, and
 * by one formula that any device can compute.
 */
final class InverseNormal {

  private InverseNormal() {}

  /**
   * The normal number of (word + 1/2) / 2^32, from -6.3 to 6.3: the inverse distribution function
   * by the rational approximations of Wichura 1988, algorithm AS 241, routine PPND7, to 1e-7 of it.
   */
  static double of(int word) {
    double probability = ((word & 0xffffffffL) + 0.5) * 0x1p-32;
    double q = probability - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q
          * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
          / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
    }
    double r = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability)) - 1.6;
    // The last word is at 4.8, where these still hold.
    double x =
        (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777)
            / ((0.12021132975 * r + 0.7370016425) * r + 1);
    return q < 0 ? -x : x;
  }
}
