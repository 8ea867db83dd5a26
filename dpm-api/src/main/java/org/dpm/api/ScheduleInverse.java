package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;

/** Finds times by halving intervals, of all values at once. */
final class ScheduleInverse {

  /** Beyond what single precision can tell apart near 1, and far beyond near 0. */
  private static final int HALVINGS = 40;

  private ScheduleInverse() {}

  static double[] bisect(Schedule schedule, NDArray like, double[] logSnr, double first) {
    double[] low = new double[logSnr.length];
    double[] high = new double[logSnr.length];
    Arrays.fill(low, first);
    Arrays.fill(high, 1);
    double[] atFirst = values(schedule, like, low);
    double[] atEnd = values(schedule, like, high);
    for (int i = 0; i < logSnr.length; i++) {
      if (logSnr[i] >= atFirst[i]) {
        high[i] = first;
      } else if (logSnr[i] <= atEnd[i]) {
        low[i] = 1;
      }
    }
    for (int halving = 0; halving < HALVINGS; halving++) {
      double[] middle = new double[logSnr.length];
      Arrays.setAll(middle, i -> (low[i] + high[i]) / 2);
      double[] found = values(schedule, like, middle);
      for (int i = 0; i < logSnr.length; i++) {
        if (found[i] > logSnr[i]) {
          low[i] = middle[i];
        } else {
          high[i] = middle[i];
        }
      }
    }
    return high;
  }

  private static double[] values(Schedule schedule, NDArray like, double[] times) {
    try (NDScope scope = new NDScope()) {
      NDArray asked = like.getManager().create(times);
      NDArray typed =
          like.getDataType() == DataType.FLOAT64 ? asked : asked.toType(like.getDataType(), false);
      return schedule.logSnr(typed).toType(DataType.FLOAT64, false).toDoubleArray();
    }
  }
}
