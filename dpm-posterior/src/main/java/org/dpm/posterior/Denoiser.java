package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.DoubleConsumer;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.core.Model;
import org.dpm.core.Scaling;
import org.dpm.engine.GradientMode;

/**
 * The posterior of examples that were seen with white noise, y = x + sigma e.
 *
 * <p>Such a y, scaled, is a draw of x_t at the step that has this ratio of noise to signal: the
 * reverse trajectory simply begins there, and nothing is perturbed. A step has the ratio only
 * nearly. For draws the first one that has more noise is chosen, and what is lacking added.
 */
public final class Denoiser {

  /** So many numbers are on their way at a time. */
  private static final long BATCH = 1 << 18;

  /** So many numbers at once, where all that is made of them is kept until the end. */
  private static final int FEW = 1 << 16;

  private final Scaling scaling;
  private final NDManager manager;
  private final Diffusion diffusion;

  /**
   * @param diffusion of the model: {@link Model#diffusion(int)}
   */
  public Denoiser(Model model, Diffusion diffusion) {
    this(model.scaling(), model.manager(), diffusion);
  }

  Denoiser(Scaling scaling, NDManager manager, Diffusion diffusion) {
    this.scaling = scaling;
    this.manager = manager;
    this.diffusion = diffusion;
  }

  /**
   * Draws.
   *
   * @param noisy examples in data units
   * @param sigma standard deviation of the noise, in data units; positive
   * @param count draws for each
   * @return [noisy.length][count][elements], in data units
   * @throws InvalidInput if this is no model of numbers, or has no step as noisy
   */
  public float[][][] draw(float[][] noisy, double sigma, int count, long seed) {
    return draw(noisy, sigma, count, seed, done -> {});
  }

  /**
   * The same.
   *
   * @param progress is told the fraction that is done
   */
  public float[][][] draw(
      float[][] noisy, double sigma, int count, long seed, DoubleConsumer progress) {
    float[][][] draws = new float[noisy.length][count][];
    int size = noisy[0].length;
    int together = (int) Math.max(1, BATCH / size);
    int all = noisy.length * count;
    for (int from = 0; from < all; from += together) {
      int rows = Math.min(together, all - from);
      int before = from;
      float[] flat = new float[rows * size];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(noisy[(from + i) / count], 0, flat, i * size, size);
      }
      float[] drawn =
          batch(
              flat,
              sigma,
              Noise.of(seed, "denoising", from),
              done -> progress.accept((before + done * rows) / all));
      for (int i = 0; i < rows; i++) {
        draws[(from + i) / count][(from + i) % count] =
            Arrays.copyOfRange(drawn, i * size, (i + 1) * size);
      }
    }
    return draws;
  }

  /**
   * The posterior's mean, for which the network is asked once: no estimate has a smaller squared
   * error if the model is right. The step of the most similar noise is taken as it is, and where
   * elements differ in scale the noise for the same in all.
   *
   * @param noisy examples in data units
   * @param sigma standard deviation of the noise, in data units; positive
   * @return [noisy.length][elements], in data units
   * @throws InvalidInput if this is no model of numbers, or has no step as noisy
   */
  public float[][] mean(float[][] noisy, double sigma) {
    float[][] means = new float[noisy.length][];
    int size = noisy[0].length;
    int together = Math.max(1, FEW / size);
    for (int from = 0; from < noisy.length; from += together) {
      int rows = Math.min(together, noisy.length - from);
      FloatBuffer flat = FloatBuffer.allocate(rows * size);
      Arrays.stream(noisy, from, from + rows).forEach(flat::put);
      try (GradientMode off = GradientMode.off();
          NDManager own = manager.newSubManager();
          NDScope scope = new NDScope()) {
        NDArray y = scaling.toModel(own, flat.array());
        double variance = variance(y, sigma).mean().getFloat();
        int above = step(y, variance);
        int step =
            above > 2 && ratio(y, above) * ratio(y, above - 1) > variance * variance
                ? above - 1
                : Math.max(above, 2);
        NDArray x = marginal(y, step).mean();
        float[] expected = scaling.toData(expectation(x, step)).toFloatArray();
        for (int i = 0; i < rows; i++) {
          means[from + i] = Arrays.copyOfRange(expected, i * size, (i + 1) * size);
        }
      }
    }
    return means;
  }

  /**
   * E[x_0 | x_t], from the step's mean: that of q(x_s | x_t, x_0) is linear in x_0, so that p's is
   * the same of the expected x_0.
   */
  private NDArray expectation(NDArray x, int step) {
    Stage stage = diffusion.stage(x, step);
    NDArray zero = diffusion.forward().posterior(x.zerosLike(), x, stage).mean();
    NDArray one = diffusion.forward().posterior(x.onesLike(), x, stage).mean();
    return diffusion.step(x, stage).mean().sub(zero).div(one.sub(zero));
  }

  private float[] batch(float[] noisy, double sigma, Noise noise, DoubleConsumer progress) {
    try (GradientMode off = GradientMode.off();
        NDManager own = manager.newSubManager()) {
      int step;
      NDArray x;
      try (NDScope scope = new NDScope()) {
        NDArray y = scaling.toModel(own, noisy);
        NDArray variance = variance(y, sigma);
        step = step(y, variance.max().getFloat());
        DiagonalGaussian around = marginal(y, step);
        NDArray gain = marginal(y.onesLike(), step).mean();
        // Rounding may leave the noise of the step itself a little below zero.
        NDArray lacking = around.variance().sub(variance.mul(gain.square())).maximum(0f);
        x = around.mean().add(lacking.sqrt().mul(noise.gaussian(y)));
        NDScope.unregister(x);
      }
      for (int t = step; t >= 1; t--) {
        x = back(x, t, noise);
        progress.accept(1 - (t - 1.0) / step);
      }
      try (NDScope scope = new NDScope()) {
        return scaling.toData(x).toFloatArray();
      }
    }
  }

  private NDArray back(NDArray x, int t, Noise noise) {
    try (NDScope scope = new NDScope();
        x) {
      Distribution step = t == 1 ? diffusion.last(x) : diffusion.step(x, diffusion.stage(x, t));
      NDArray next = step.sample(noise);
      NDScope.unregister(next);
      return next;
    }
  }

  /** Of the noise in each element, as the kernel sees it. */
  private NDArray variance(NDArray like, double sigma) {
    float[] variance = new float[Math.toIntExact(diffusion.element().size())];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = (float) Math.pow(sigma / scaling.scale(i), 2);
    }
    return like.getManager().create(variance, new Shape(1).addAll(diffusion.element()));
  }

  /** The first step with as much noise, by bisection: noise over signal only grows. */
  private int step(NDArray like, double variance) {
    int low = 1;
    int high = diffusion.steps();
    if (ratio(like, high) < variance) {
      throw new InvalidInput(
          ("sigma is %.3g in the model's own units, more than the noisiest step has, %.3g: nothing"
                  + " of such data could be seen.")
              .formatted(Math.sqrt(variance), Math.sqrt(ratio(like, high))));
    }
    while (low < high) {
      int middle = (low + high) / 2;
      if (ratio(like, middle) < variance) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Variance of the noise over the square of the signal's factor. */
  private double ratio(NDArray like, int step) {
    try (NDScope scope = new NDScope()) {
      NDArray one = like.get("0:1").onesLike();
      DiagonalGaussian marginal = marginal(one, step);
      NDArray ratio = marginal.variance().div(marginal.mean().square());
      return ratio.reshape(-1).toFloatArray()[0];
    }
  }

  private DiagonalGaussian marginal(NDArray data, int step) {
    Distribution marginal = diffusion.forward().marginal(data, diffusion.stage(data, step));
    if (marginal instanceof DiagonalGaussian gaussian) {
      return gaussian;
    }
    throw new InvalidInput("noise is removed from numbers, but this is a model of bits.");
  }
}
