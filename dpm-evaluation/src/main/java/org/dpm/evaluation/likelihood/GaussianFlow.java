package org.dpm.evaluation.likelihood;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.GaussianPath;
import org.dpm.api.GaussianStage;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;

/**
 * The probability flow of a batch as an ordinary differential equation in the log signal-to-noise
 * ratio l. Song et al. 2021, section 4.3, for the variance-preserving path, to which every Gaussian
 * path x = a x_0 + s e is brought by u = x sqrt(abar) / a = x / sqrt(a^2 + s^2):
 *
 * <pre>
 * du/dl = sqrt(abar) / 2 (E[x_0|x] - sqrt(abar) u)
 * </pre>
 *
 * <p>The state of an example is u, and after it, for every probe v, the integral of v^T (d/du
 * du/dl) v.
 */
final class GaussianFlow {

  private final Diffusion diffusion;
  private final GaussianPath path;
  private final Derivatives derivatives;
  private final NDArray like;
  private final List<NDArray> probes;
  private final int batch;
  private final int size;
  private final double earliest;

  /**
   * @param diffusion whose conditions, if there are several, are for this batch
   * @param like [B, element...], of which type, shape and device are taken
   * @param probes each of the shape of {@code like}
   */
  GaussianFlow(
      Diffusion diffusion,
      GaussianPath path,
      Derivatives derivatives,
      NDArray like,
      List<NDArray> probes) {
    this.diffusion = diffusion;
    this.path = path;
    this.derivatives = derivatives;
    this.like = like;
    this.probes = probes;
    batch = Math.toIntExact(like.getShape().get(0));
    size = Math.toIntExact(diffusion.element().size());
    earliest = diffusion.grid().time(1);
  }

  /**
   * The slopes of the states of some rows.
   *
   * @param logSnr l of each
   */
  double[][] slopes(int[] rows, double[] logSnr, double[][] states) {
    double[][] slopes = new double[rows.length][size + probes.size()];
    try (NDScope scope = new NDScope();
        GradientMode on = GradientMode.on()) {
      Stage stage = stage(logSnr);
      NDArray u = Derivatives.variable(points(states));
      NDArray x = u.mul(GaussianStage.of(path, stage).total().sqrt());
      NDArray data = diffusion.rows(batch, rows).data(x, stage).mean();
      NDArray root = stage.signal().sqrt();
      NDArray velocity = data.sub(u.mul(root)).mul(root).mul(number(u, 0.5));
      double[] moves = Doubles.of(velocity.stopGradient());
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(moves, i * size, slopes[i], 0, size);
      }
      for (int k = 0; k < probes.size(); k++) {
        NDArray probe = of(rows, probes.get(k));
        NDArray product = derivatives.product(velocity, u, probe).stopGradient().mul(probe);
        double[] traces = Doubles.of(Distribution.perExample(product));
        for (int i = 0; i < rows.length; i++) {
          slopes[i][size + k] = traces[i];
        }
      }
    }
    return slopes;
  }

  private NDArray of(int[] rows, NDArray all) {
    return rows.length == batch ? all : all.get(all.getManager().create(rows));
  }

  /** u of some states, [rows, element...]. */
  NDArray points(double[][] states) {
    double[] points = new double[states.length * size];
    for (int i = 0; i < states.length; i++) {
      System.arraycopy(states[i], 0, points, i * size, size);
    }
    return Doubles.array(like, points, new Shape(states.length).addAll(diffusion.element()));
  }

  /** Where l has these values; a belief about the data does not depend on where a step leads. */
  private Stage stage(double[] logSnr) {
    double[] times = diffusion.schedule().times(like, logSnr, earliest);
    NDArray here = column(logSnr);
    return Stage.of(times, new double[times.length], here, here.add(Float.POSITIVE_INFINITY));
  }

  private NDArray column(double[] values) {
    long[] shape = new long[diffusion.element().dimension() + 1];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    return Doubles.array(like, values, new Shape(shape));
  }
}
