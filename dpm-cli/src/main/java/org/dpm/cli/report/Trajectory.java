package org.dpm.cli.report;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.core.engine.GradientMode;

/**
 * A few examples on their way into the noise, and as many samples on their way out of it, each seen
 * at the same steps.
 *
 * @param steps t of 0..T, ascending
 * @param forward the examples at these steps; empty where there are no data
 * @param reverse the samples at these steps
 */
@SuppressWarnings("ArrayRecordComponent") // shown once, never compared
record Trajectory(int[] steps, List<float[][]> forward, List<float[][]> reverse) {

  /** How x_t is taken down, such as in data units. */
  interface View extends Function<NDArray, float[][]> {}

  /**
   * Goes both ways.
   *
   * @param data in data units; may be none
   * @param count how many of each
   * @param frames how many steps to look at, where the trajectory has so many
   */
  static Trajectory of(Model model, float[][] data, int count, int frames, View view) {
    int last = model.diffusion().steps();
    int most = Math.min(frames, last + 1);
    int[] steps =
        IntStream.range(0, most)
            .map(i -> (int) Math.round((double) i * last / (most - 1)))
            .toArray();
    Noise noise = Noise.of(model.pipeline().training().seed(), "report", 0);
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      return new Trajectory(
          steps,
          forward(
              model, own, Arrays.copyOf(data, Math.min(count, data.length)), steps, noise, view),
          reverse(model.diffusion(), own, count, steps, noise, view));
    }
  }

  private static List<float[][]> forward(
      Model model, NDManager own, float[][] data, int[] steps, Noise noise, View view) {
    List<float[][]> seen = new ArrayList<>();
    if (data.length == 0) {
      return seen;
    }
    Diffusion diffusion = model.diffusion();
    NDArray x = model.scaling().toModel(own, flat(data));
    look(x, 0, steps, seen, view);
    for (int t = 1; t <= diffusion.steps(); t++) {
      NDArray next;
      try (NDScope scope = new NDScope()) {
        Noise fresh = noise.child("forward", t);
        next = diffusion.forward().transition(x, diffusion.stage(x, t)).sample(fresh);
        NDScope.unregister(next);
      }
      next.attach(own);
      x.close();
      x = next;
      look(x, t, steps, seen, view);
    }
    return seen;
  }

  private static List<float[][]> reverse(
      Diffusion diffusion, NDManager own, int count, int[] steps, Noise noise, View view) {
    List<float[][]> seen = new ArrayList<>();
    diffusion.sample(
        own, count, noise.child("reverse", 0), (x, t) -> look(x, t, steps, seen, view));
    Collections.reverse(seen);
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
    int count = Math.toIntExact(array.getShape().get(0));
    float[] flat = array.toFloatArray();
    int size = flat.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * size, (i + 1) * size))
        .toArray(float[][]::new);
  }
}
