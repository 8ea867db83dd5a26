package org.dpm.data;

import java.util.List;

/** Rows of numbers, all of one length, in whatever form is small. */
interface Rows {

  int rows();

  /** Unpacks one row into {@code target}, from {@code offset}. */
  void read(int row, float[] target, int offset);

  /** Rows that are floats already. */
  static Rows of(List<float[]> rows) {
    return new Rows() {
      @Override
      public int rows() {
        return rows.size();
      }

      @Override
      public void read(int row, float[] target, int offset) {
        float[] values = rows.get(row);
        System.arraycopy(values, 0, target, offset, values.length);
      }
    };
  }
}
