package org.dpm.report;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.AncestralSampling;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Start;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;

/**
 * A few examples on their way into the noise, and as many samples on their way out of it, each seen
 * at the same steps.
 *
 * @param steps t of 0..T, ascending
 * @param forward the examples at these steps; empty where there are no data
 * @param reverse the first of the samples at these steps
 * @param samples all of them, in data units
 */
@SuppressWarnings("ArrayRecordComponent") // shown once, never compared
record Trajectory(
    int[] steps, List<float[][]> forward, List<float[][]> reverse, float[][] samples) {

  /** How x_t is taken down, such as in data units. */
  interface View extends Function<NDArray, float[][]> {}

  /** How many samples to draw, and whom to tell the fraction that is done. */
  record Draw(int count, Progress progress) {}

  /**
   * Goes both ways.
   *
   * @param data in data units; may be none
   * @param draw the samples
   * @param count how many of the data and of the samples to show
   * @param frames how many steps to look at, where the trajectory has so many
   */
  static Trajectory of(Model model, float[][] data, Draw draw, int count, int frames, View view) {
    int last = model.diffusion().steps();
    int most = Math.min(frames, last + 1);
    int[] steps =
        IntStream.range(0, most)
            .map(i -> (int) Math.round((double) i * last / (most - 1)))
            .toArray();
    Noise noise = Noise.of(model.pipeline().training().seed(), "report");
    float[][] some = Arrays.copyOf(data, Math.min(count, data.length));
    List<float[][]> reverse = new ArrayList<>();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      List<float[][]> forward = forward(model, own, some, steps, noise.child("forward"), view);
      Looking looking = new Looking(model, count, steps, reverse, view, draw.progress());
      Sampler sampler = model.parts().sampler().orElseGet(AncestralSampling::new);
      // As the model does when it is asked for samples.
      Noise samples = Noise.of(model.pipeline().training().seed(), "samples");
      NDArray drawn =
          sampler.sample(own, new Start.End(draw.count()), model.diffusion(), samples, looking);
      float[][] rows = rows(model.layout().toData(drawn), drawn);
      if (reverse.size() < steps.length) {
        // This sampler does not go from step to step: how the model does.
        reverse.clear();
        int few = Math.min(count, draw.count());
        new AncestralSampling()
            .sample(
                own,
                new Start.End(few),
                model.diffusion(),
                noise,
                new Looking(model, few, steps, reverse, view, Progress.NONE));
      }
      Collections.reverse(reverse);
      return new Trajectory(steps, forward, reverse, rows);
    }
  }

  /** Takes the first states down that stand at the steps in question. */
  private record Looking(
      Model model, int count, int[] steps, List<float[][]> seen, View view, Progress progress)
      implements Progress {

    @Override
    public void report(double done) {
      progress.report(done);
    }

    @Override
    public void state(NDArray x, double time) {
      Grid grid = model.pipeline().trajectory();
      int step = time == 0 ? 0 : grid.nearest(time);
      if (Math.abs(grid.time(step) - time) < 1e-9) {
        try (NDScope scope = new NDScope()) {
          look(x.get(new NDIndex(":" + count)), step, steps, seen, view);
        }
      }
    }
  }

  private static List<float[][]> forward(
      Model model, NDManager own, float[][] data, int[] steps, Noise noise, View view) {
    List<float[][]> seen = new ArrayList<>();
    if (data.length == 0) {
      return seen;
    }
    Diffusion diffusion = model.diffusion();
    NDArray x = model.layout().toModel(own, flat(data));
    look(x, 0, steps, seen, view);
    for (int t = 1; t <= diffusion.steps(); t++) {
      NDArray next;
      try (NDScope scope = new NDScope()) {
        next = diffusion.forward().transition(x, diffusion.stage(x, t)).sample(noise.at(t));
        NDScope.unregister(next);
      }
      next.attach(own);
      x.close();
      x = next;
      look(x, t, steps, seen, view);
    }
    return seen;
  }

  private static void look(NDArray x, int t, int[] steps, List<float[][]> seen, View view) {
    if (Arrays.binarySearch(steps, t) >= 0) {
      try (NDScope scope = new NDScope()) {
        seen.add(view.apply(x));
      }
    }
  }

  static float[] flat(float[][] rows) {
    int size = rows[0].length;
    float[] flat = new float[rows.length * size];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * size, size);
    }
    return flat;
  }

  /** [N, element...] to N rows. */
  static float[][] rows(NDArray array) {
    return rows(array.toFloatArray(), array);
  }

  /** As many rows as an array has. */
  static float[][] rows(float[] flat, NDArray array) {
    int count = Math.toIntExact(array.getShape().get(0));
    int size = flat.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * size, (i + 1) * size))
        .toArray(float[][]::new);
  }
}
