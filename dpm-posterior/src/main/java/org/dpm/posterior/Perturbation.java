package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.posterior.OtherModel.Ratio;

/**
 * r at every step: what it makes of a step of the model, and how large it is. What is known exactly
 * is none of its business.
 */
final class Perturbation {

  private final Diffusion diffusion;
  private final List<Prior> parts;
  private final List<OtherModel> models;
  private final Derivatives derivatives;
  private final Noise noise;

  /**
   * @param parts of r, but for those that know elements exactly and those that are models
   * @param models that r is the product of as well
   * @param noise what estimates of their densities are drawn with
   */
  Perturbation(
      Diffusion diffusion,
      List<Prior> parts,
      List<OtherModel> models,
      Derivatives derivatives,
      Noise noise) {
    this.diffusion = diffusion;
    this.parts = parts;
    this.models = models;
    this.derivatives = derivatives;
    this.noise = noise;
  }

  /** What the other models make of the step from x_t; nothing of x_T, which has none before it. */
  List<Ratio> ratios(NDArray current, int t) {
    return models.stream().flatMap(model -> model.step(current, t).stream()).toList();
  }

  /**
   * p~, a step of the model times r: exactly where r is a distribution of independent elements, to
   * first order at the mean otherwise. Sohl-Dickstein et al. 2015, table App.1.
   *
   * @param step over x_t
   * @param ratios of the other models for the same step
   * @param t where it leads to
   */
  Distribution apply(Distribution step, List<Ratio> ratios, int t) {
    Distribution product = step;
    for (Ratio ratio : ratios) {
      product = Products.of(product, ratio);
    }
    List<Prior> others = new ArrayList<>();
    Stage stage = stage(step.mean(), t);
    if (!models.isEmpty()) {
      Distribution pi = diffusion.forward().stationary(step.mean());
      product = Products.of(product, Products.power(pi, share(stage)));
    }
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

  /**
   * log r_t of each example.
   *
   * @param ratios the sum of the other models' log ratios on the way to x_t; what they say in the
   *     end is estimated anew
   */
  double[] logDensity(NDArray x, double[] ratios, int t) {
    double[] density = new double[Math.toIntExact(x.getShape().get(0))];
    if (!parts.isEmpty()) {
      add(density, Doubles.of(sum(parts, x, stage(x, t))));
    }
    if (t == 0) {
      models.forEach(model -> add(density, model.logDensity(x, noise)));
    } else if (!models.isEmpty()) {
      add(density, ratios);
      add(density, Doubles.of(logStationary(x, stage(x, t))));
    }
    if (Arrays.stream(density).anyMatch(d -> Double.isNaN(d) || d == Double.POSITIVE_INFINITY)) {
      throw notFinite("log r", t);
    }
    return density;
  }

  /** Of pi(x_0), which the ratios lack once for each model, what x_t tells. */
  private NDArray logStationary(NDArray x, Stage stage) {
    NDArray log = diffusion.forward().stationary(x).logProbability(x);
    return Distribution.perExample(log.mul(share(stage)));
  }

  /** pi of the noise and pi of x_0 together have the precision 2 - abar_t for abar_t of signal. */
  private NDArray share(Stage stage) {
    return stage.signal().div(stage.signal().neg().add(2f)).mul((float) models.size());
  }

  private static void add(double[] sum, double[] terms) {
    Arrays.setAll(sum, i -> sum[i] + terms[i]);
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
    if (!Double.isFinite(Doubles.of(values.sum())[0])) {
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
