package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.engine.Derivatives;

/**
 * r at every step: what it makes of a step of the model, and how large it is. What is known exactly
 * is none of its business.
 */
final class Perturbation {

  private final Diffusion diffusion;
  private final List<Prior> parts;
  private final Derivatives derivatives;

  /**
   * @param parts of r, but for those that know elements exactly
   */
  Perturbation(Diffusion diffusion, List<Prior> parts, Derivatives derivatives) {
    this.diffusion = diffusion;
    this.parts = parts;
    this.derivatives = derivatives;
  }

  /**
   * p~, a step of the model times r: exactly where r is a distribution of independent elements, to
   * first order at the mean otherwise. Sohl-Dickstein et al. 2015, table App.1.
   *
   * @param step over x_t
   * @param t where it leads to
   */
  Distribution apply(Distribution step, int t) {
    Distribution product = step;
    List<Prior> others = new ArrayList<>();
    Stage stage = stage(step.mean(), t);
    for (Prior part : parts) {
      Optional<Distribution> factors = part.factors(step.mean(), stage);
      if (factors.isPresent()) {
        product = Products.of(product, factors.get());
      } else {
        others.add(part);
      }
    }
    if (others.isEmpty()) {
      return product;
    }
    NDArray at = product.mean();
    // The stage keeps arrays that it computes: each use with or without gradient has its own.
    NDArray gradient = derivatives.gradient(x -> sum(others, x, stage(x, t)), at);
    checkFinite(gradient, "the gradient of log r", t);
    return Products.tilted(product, gradient);
  }

  /** log r_t of each example. */
  double[] logDensity(NDArray x, int t) {
    if (parts.isEmpty()) {
      return new double[Math.toIntExact(x.getShape().get(0))];
    }
    double[] density = Rows.doubles(sum(parts, x, stage(x, t)));
    if (Arrays.stream(density).anyMatch(d -> Double.isNaN(d) || d == Double.POSITIVE_INFINITY)) {
      throw notFinite("log r", t);
    }
    return density;
  }

  private static NDArray sum(List<Prior> parts, NDArray x, Stage stage) {
    long batch = x.getShape().get(0);
    NDArray sum = null;
    for (Prior part : parts) {
      NDArray density = part.logDensity(x, stage);
      if (!density.getShape().equals(new Shape(batch))) {
        throw new InvalidInput(
            "a prior must give one number for each of %d examples, but %s gave the shape %s."
                .formatted(batch, part, density.getShape()));
      }
      sum = sum == null ? density : sum.add(density);
    }
    return sum == null ? x.getManager().zeros(new Shape(batch)) : sum;
  }

  /** Where x_t stands; x_0 has no step of its own. */
  private Stage stage(NDArray like, int t) {
    if (t > 0) {
      return diffusion.stage(like, t);
    }
    long[] ones = new long[like.getShape().dimension()];
    Arrays.fill(ones, 1);
    NDArray zero = like.getManager().zeros(new Shape(ones), like.getDataType());
    NDArray clean = zero.add(Float.POSITIVE_INFINITY);
    return Stage.of(zero, clean, clean);
  }

  private void checkFinite(NDArray values, String what, int t) {
    // A sum is NaN or infinite if one of its terms is.
    if (!Double.isFinite(Rows.doubles(values.sum())[0])) {
      throw notFinite(what, t);
    }
  }

  private InvalidInput notFinite(String what, int t) {
    return new InvalidInput(
        ("%s is not a finite number for some draw at step %d of %d. r must be positive and finite"
                + " wherever the model can be; give a hard limit a soft edge.")
            .formatted(what, t, diffusion.steps()));
  }
}
