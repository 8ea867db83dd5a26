package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.Diffusion;
import org.dpm.api.Doubles;
import org.dpm.api.Stage;

/**
 * A schedule the other way round: at what time the log signal-to-noise ratio has a given value,
 * from step 1 to the end. Read from a table, linearly between its entries, which has the knots of
 * the T steps among them.
 */
final class NoiseLevels {

  /** Entries for the whole trajectory, at least. */
  private static final int ENTRIES = 8192;

  /** Nothing of the data is left below, where single precision is concerned. */
  private static final double LOWEST = -18;

  private final Diffusion diffusion;
  private final double[] times;
  private final double[] fallen;
  private final double first;
  private final double last;

  /**
   * @param like in whose type and on whose device the schedule is asked
   */
  NoiseLevels(Diffusion diffusion, NDArray like) {
    this.diffusion = diffusion;
    int steps = diffusion.steps();
    int parts = (ENTRIES + steps - 1) / steps;
    times = new double[(steps - 1) * parts + 1];
    for (int i = 0; i < times.length; i++) {
      times[i] = (1 + (double) i / parts) / steps;
    }
    double[] logSnr;
    try (NDScope scope = new NDScope()) {
      NDArray asked = Doubles.array(like, times, new Shape(times.length, 1));
      logSnr = Doubles.of(diffusion.schedule().logSnr(asked));
    }
    first = logSnr[0];
    last = Math.max(LOWEST, logSnr[logSnr.length - 1]);
    fallen = new double[logSnr.length];
    for (int i = 0; i < fallen.length; i++) {
      fallen[i] = first - logSnr[i];
    }
  }

  /** At t = 1. */
  double first() {
    return first;
  }

  /** At t = T, or where nothing of the data is left. */
  double last() {
    return last;
  }

  /** The stage at a level between the first and the last, reached by a step of length 1 / T. */
  Stage stage(NDArray like, double logSnr) {
    double time = time(first - logSnr);
    double before = time - 1.0 / diffusion.steps();
    // The first step begins at the data, which have no noise.
    NDArray previous =
        before < 0.5 * (times[1] - times[0])
            ? one(like, Double.POSITIVE_INFINITY)
            : diffusion.schedule().logSnr(one(like, before));
    return Stage.of(one(like, time), one(like, logSnr), previous);
  }

  private NDArray one(NDArray like, double value) {
    long[] shape = new long[diffusion.element().dimension() + 1];
    Arrays.fill(shape, 1);
    return Doubles.array(like, new double[] {value}, new Shape(shape));
  }

  private double time(double fall) {
    int low = 0;
    int high = fallen.length - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (fallen[middle] <= fall) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double width = fallen[high] - fallen[low];
    // The last entry may be infinitely far: its time is never reached.
    double share = width > 0 ? Math.max(0, Math.min(1, (fall - fallen[low]) / width)) : 0;
    return times[low] + share * (times[high] - times[low]);
  }
}
