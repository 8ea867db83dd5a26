package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.AncestralSampling;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Doubles;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.api.Start;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;

/**
 * The posterior of examples that were seen with white noise, y = x + sigma e.
 *
 * <p>Such a y, times a, is a draw of x_t at the time at which s / a is sigma: the reverse
 * trajectory simply begins there, and nothing is perturbed. A network that knows no times but its
 * own begins at the next noisier one, and what is lacking is added; so it is for elements that
 * differ in scale, where sigma is largest for the one of smallest scale.
 */
public final class Denoiser {

  /** So many numbers are on their way at a time. */
  private static final int BATCH = 1 << 16;

  /** To single precision, in which times come back from elsewhere. */
  private static final double ROUNDING = 1e-6;

  private final Layout layout;
  private final NDManager manager;
  private final Diffusion diffusion;
  private final GaussianPath path;
  private final boolean anyTime;

  /**
   * @param diffusion of the model, at its own times or others
   * @throws InvalidInput if this is no model of numbers on a Gaussian path
   */
  public Denoiser(Model model, Diffusion diffusion) {
    this(model.layout(), model.manager(), diffusion, model.parts().network().anyTime());
  }

  Denoiser(Layout layout, NDManager manager, Diffusion diffusion, boolean anyTime) {
    this.layout = layout;
    this.manager = manager;
    this.diffusion = diffusion;
    this.anyTime = anyTime;
    path =
        diffusion
            .forward()
            .path()
            .orElseThrow(
                () ->
                    new InvalidInput(
                        "white noise is removed from numbers, but this is a model of %s."
                            .formatted(layout.title())));
  }

  /**
   * Draws.
   *
   * @param noisy examples in data units
   * @param sigma standard deviation of the noise, in data units; positive
   * @param count draws for each
   * @return [noisy.length][count][cells], in data units
   * @throws InvalidInput if there is no time with as much noise
   */
  public float[][][] draw(float[][] noisy, double sigma, int count, long seed, Progress progress) {
    float[][][] draws = new float[noisy.length][count][];
    int all = noisy.length * count;
    int together = Math.max(1, BATCH / noisy[0].length);
    for (int from = 0; from < all; from += together) {
      int rows = Math.min(together, all - from);
      int[] indices = IntStream.range(from, from + rows).toArray();
      // Draw k of an example is the same however many examples and draws there are.
      long[] ids =
          Arrays.stream(indices).mapToLong(i -> ((long) (i % count) << 32) + i / count).toArray();
      float[][] seen =
          Arrays.stream(indices).mapToObj(i -> noisy[i / count]).toArray(float[][]::new);
      try (GradientMode off = GradientMode.off();
          NDManager own = manager.newSubManager();
          NDScope scope = new NDScope()) {
        float[] drawn =
            drawn(
                own,
                diffusion.rows(all, indices),
                array(own, seen),
                sigma,
                Noise.of(seed, "denoising").rows(ids),
                progress.part((double) from / all, (double) (from + rows) / all));
        int size = noisy[0].length;
        for (int i : indices) {
          draws[i / count][i % count] =
              Arrays.copyOfRange(drawn, (i - from) * size, (i - from + 1) * size);
        }
      }
    }
    return draws;
  }

  private float[] drawn(
      NDManager own, Diffusion given, NDArray y, double sigma, Noise noise, Progress progress) {
    NDArray variance = variance(y, sigma);
    Grid grid = given.grid();
    double time = time(y, variance.max(), grid.time(1));
    if (!anyTime) {
      time = grid.time(grid.before(Math.max(time - ROUNDING, grid.time(1))) + 1);
    }
    GaussianStage at = on(given.stage(y, new double[] {time}, new double[] {0}));
    NDArray there = at.noiseVariance().sub(variance.mul(at.signal().square()));
    NDArray lacking = there.maximum(number(there, 0)).sqrt();
    NDArray x = y.mul(at.signal()).add(lacking.mul(noise.child("lacking").gaussian(y)));
    return layout.toData(
        new AncestralSampling().sample(own, new Start.At(x, time), given, noise, progress));
  }

  /**
   * The posterior's mean, for which the network is asked once: no estimate has a smaller squared
   * error if the model is right. A network that knows no times but its own is asked at the nearest,
   * and where elements differ in scale for the same noise in all.
   *
   * @param noisy examples in data units
   * @param sigma standard deviation of the noise, in data units; positive
   * @return [noisy.length][cells], in data units
   * @throws InvalidInput if there is no time with as much noise
   */
  public float[][] mean(float[][] noisy, double sigma) {
    float[][] means = new float[noisy.length][];
    int size = noisy[0].length;
    int together = Math.max(1, BATCH / size);
    for (int from = 0; from < noisy.length; from += together) {
      int[] indices = IntStream.range(from, Math.min(noisy.length, from + together)).toArray();
      try (GradientMode off = GradientMode.off();
          NDManager own = manager.newSubManager();
          NDScope scope = new NDScope()) {
        NDArray y = array(own, Arrays.copyOfRange(noisy, from, from + indices.length));
        Diffusion given = diffusion.rows(noisy.length, indices);
        Stage stage = nearest(y, sigma);
        float[] mean = layout.toData(given.data(y.mul(on(stage).signal()), stage).mean());
        for (int i : indices) {
          means[i] = Arrays.copyOfRange(mean, (i - from) * size, (i - from + 1) * size);
        }
      }
    }
    return means;
  }

  /** The time with the noise that is asked for, next to the one before it. */
  private Stage nearest(NDArray y, double sigma) {
    Grid grid = diffusion.grid();
    // Where the last step is not learned, the network knows nothing of it.
    int first = diffusion.lastStep() == LastStep.FORWARD ? 2 : 1;
    double time = time(y, variance(y, sigma).mean(), grid.time(first));
    double known = anyTime ? time : grid.time(Math.max(first, grid.nearest(time)));
    double earlier = grid.time(grid.before(known));
    return diffusion.stage(y, new double[] {known}, new double[] {earlier});
  }

  private double time(NDArray like, NDArray variance, double first) {
    double wanted = -Math.log(Doubles.of(variance)[0]);
    double least = Doubles.of(diffusion.stage(like, diffusion.steps()).logSnr())[0];
    if (wanted < least) {
      throw new InvalidInput(
          ("sigma is %.3g in the model's own units, more than the noisiest step has, %.3g: nothing"
                  + " of such data could be seen.")
              .formatted(Math.exp(-wanted / 2), Math.exp(-least / 2)));
    }
    return diffusion.schedule().times(like, new double[] {wanted}, first)[0];
  }

  private GaussianStage on(Stage stage) {
    return GaussianStage.of(path, stage);
  }

  private NDArray array(NDManager owner, float[][] rows) {
    FloatBuffer flat = FloatBuffer.allocate(rows.length * layout.dimensions());
    Arrays.stream(rows).forEach(flat::put);
    return layout.toModel(owner, flat.array());
  }

  /** Of the noise in each element, as the kernel sees it. */
  private NDArray variance(NDArray like, double sigma) {
    float[] variance = new float[layout.dimensions()];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = (float) Math.pow(sigma / layout.scale(i), 2);
    }
    return like.getManager().create(variance, new Shape(1).addAll(diffusion.element()));
  }
}
