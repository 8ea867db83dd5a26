package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;

/**
 * Draws exactly as the model is defined: from the end of the diffusion, or from where it is told,
 * through every reverse step in turn. Sohl-Dickstein et al. 2015, section 2.2.
 */
public final class AncestralSampling implements Sampler {

  @Override
  public NDArray sample(
      NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
    Noise own = noise.child("ancestral");
    NDArray x = start.x(owner, diffusion, own.at(diffusion.steps()));
    progress.report(0);
    progress.state(x, start.time());
    double time = start.time();
    for (int next = diffusion.grid().before(time); next >= 0; next--) {
      double earlier = diffusion.grid().time(next);
      NDArray drawn;
      try (NDScope scope = new NDScope()) {
        Stage stage = diffusion.stage(x, new double[] {time}, new double[] {earlier});
        drawn = diffusion.back(x, stage).sample(own.at(next));
        NDScope.unregister(drawn);
      }
      x.close();
      x = drawn;
      time = earlier;
      progress.state(x, time);
      progress.report(1 - time / start.time());
    }
    x.attach(owner);
    return x;
  }
}
