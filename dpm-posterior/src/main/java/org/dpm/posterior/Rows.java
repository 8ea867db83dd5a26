package org.dpm.posterior;

import ai.djl.ndarray.NDArray;

/** Rows of a batch. */
final class Rows {

  private Rows() {}

  /** Each of n rows as often in a row as makes {@code count} rows. */
  static NDArray repeated(NDArray rows, long count) {
    long n = rows.getShape().get(0);
    if (count % n != 0) {
      throw new IllegalArgumentException(
          "rows must divide %d without remainder, but are %d".formatted(count, n));
    }
    return count == n ? rows : rows.repeat(0, count / n);
  }
}
