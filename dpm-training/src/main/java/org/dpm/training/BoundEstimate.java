package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.VariationalBound;
import org.dpm.core.engine.GradientMode;

/**
 * K of many examples, batch by batch, with a standard error: from every step of the trajectory, or
 * from a few for each example, spread evenly.
 */
final class BoundEstimate {

  private static final int BATCH = 250;

  private BoundEstimate() {}

  /**
   * K in nats of each example.
   *
   * @param data [N, element...] as the kernel sees them
   * @param timesteps how many steps of the trajectory to look at for each example; T or more for
   *     all
   */
  static double[] nats(Diffusion diffusion, NDArray data, int timesteps, Noise noise) {
    int count = Math.toIntExact(data.getShape().get(0));
    double[] nats = new double[count];
    try (GradientMode off = GradientMode.off();
        NDManager own = data.getManager().newSubManager()) {
      for (int from = 0; from < count; from += BATCH) {
        int to = Math.min(from + BATCH, count);
        float[] costs;
        try (NDScope scope = new NDScope()) {
          NDArray batch = data.get(new NDIndex(from + ":" + to));
          batch.attach(own);
          costs = batch(diffusion, batch, timesteps, noise.child("batch", from));
        }
        for (int i = 0; i < costs.length; i++) {
          nats[from + i] = -costs[i];
        }
      }
    }
    return nats;
  }

  private static float[] batch(Diffusion diffusion, NDArray batch, int timesteps, Noise noise) {
    VariationalBound bound = new VariationalBound(diffusion);
    if (timesteps >= diffusion.steps()) {
      return bound.total(batch, noise).toFloatArray();
    }
    double offset = noise.uniform();
    float[] sum = new float[Math.toIntExact(batch.getShape().get(0))];
    for (int pass = 0; pass < timesteps; pass++) {
      try (NDScope scope = new NDScope()) {
        float[] costs = bound.estimate(batch, (offset + pass) / timesteps, noise).toFloatArray();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += costs[i] / timesteps;
        }
      }
    }
    return sum;
  }
}
