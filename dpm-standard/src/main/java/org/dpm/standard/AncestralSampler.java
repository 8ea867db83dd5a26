package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import jakarta.inject.Inject;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Stage;
import org.dpm.api.Start;

/**
 * Draws exactly as the model is defined: from p(x_T), then through every reverse step in turn.
 * Sohl-Dickstein et al. 2015, section 2.2. From an x_t between two times of the grid the first step
 * is a part of one.
 */
final class AncestralSampler implements Sampler {

  /** There is nothing to set. */
  record Settings() {}

  @Inject
  AncestralSampler() {}

  @Override
  public NDArray sample(
      NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
    Grid grid = diffusion.grid();
    int steps = grid.before(start.time()) + 1;
    // Each draw has the number of the time that it leads to; that of x_T is T.
    NDArray x = start.x(owner, diffusion, noise.at(grid.steps()));
    double time = start.time();
    progress.report(0);
    progress.state(x, time);
    for (int index = steps - 1; index >= 0; index--) {
      double earlier = grid.time(index);
      NDArray next = back(x, time, earlier, diffusion, noise.at(index));
      x.close();
      next.attach(owner);
      x = next;
      time = earlier;
      progress.report((double) (steps - index) / steps);
      progress.state(x, time);
    }
    return x;
  }

  private static NDArray back(
      NDArray x, double time, double earlier, Diffusion diffusion, Noise noise) {
    try (NDScope scope = new NDScope()) {
      Stage stage = diffusion.stage(x, new double[] {time}, new double[] {earlier});
      NDArray next = diffusion.back(x, stage).sample(noise);
      NDScope.unregister(next);
      return next;
    }
  }
}
