package org.dpm.networks;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Maps times [B] to features [B, count], smooth in time and the same at every T. */
interface TimeFeatures {

  int count();

  NDArray of(NDArray time);

  /** Gaussians with centres spread evenly over [0, 1], divided by their sum. */
  record Bumps(int count) implements TimeFeatures {

    @Override
    public NDArray of(NDArray time) {
      int intervals = count - 1;
      double[] centres = new double[count];
      for (int j = 0; j < count; j++) {
        centres[j] = j;
      }
      NDArray distance = time.reshape(-1, 1).mul(number(time, intervals)).sub(row(time, centres));
      return distance.square().mul(number(time, -0.5)).softmax(1);
    }
  }

  /**
   * Cosines and sines of count / 2 frequencies, spaced logarithmically from a quarter turn over the
   * whole trajectory to {@code turns} quarter turns.
   *
   * @param turns not too many, or the network cannot interpolate between the steps it has seen
   */
  record Fourier(int count, double turns) implements TimeFeatures {

    private static final double MOST_TURNS = 64;

    /** One quarter turn in four steps at most. */
    static Fourier forSteps(int count, int steps) {
      return new Fourier(count, Math.max(1, Math.min(MOST_TURNS, steps / 4.0)));
    }

    @Override
    public NDArray of(NDArray time) {
      int frequencies = count / 2;
      double[] rates = new double[count];
      double[] phases = new double[count];
      for (int j = 0; j < frequencies; j++) {
        double exponent = frequencies == 1 ? 0 : (double) j / (frequencies - 1);
        rates[j] = Math.PI / 2 * Math.pow(turns, exponent);
        rates[frequencies + j] = rates[j];
        phases[j] = Math.PI / 2;
      }
      return time.reshape(-1, 1).mul(row(time, rates)).add(row(time, phases)).sin();
    }
  }

  private static NDArray row(NDArray like, double[] values) {
    NDManager manager = like.getManager();
    return manager.create(values).toType(like.getDataType(), false);
  }
}
