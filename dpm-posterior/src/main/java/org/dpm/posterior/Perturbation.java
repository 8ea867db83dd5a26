package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor.Factorised;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.InvalidInput;
import org.dpm.api.Multipliable;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.engine.Derivatives;
import org.dpm.posterior.OtherModel.Ratio;

/**
 * r at every step: what it makes of a step of the model, and how large it is. What is known exactly
 * is none of its business.
 */
final class Perturbation {

  private final Diffusion diffusion;
  private final List<FactorOnTheWay> factors;
  private final List<FactorOnTheWay> foreseen;
  private final List<OtherModel> models;
  private final Derivatives derivatives;
  private final Noise noise;

  /**
   * @param factors of r that every step is multiplied with
   * @param foreseen factors that steps on the way are guided by, and only the last is multiplied
   *     with
   * @param models that r is the product of as well
   * @param noise what estimates of their densities are drawn with
   */
  Perturbation(
      Diffusion diffusion,
      List<FactorOnTheWay> factors,
      List<FactorOnTheWay> foreseen,
      List<OtherModel> models,
      Derivatives derivatives,
      Noise noise) {
    this.diffusion = diffusion;
    this.factors = factors;
    this.foreseen = foreseen;
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
   * @param guided whether the step has been moved by the factors that are foreseen
   * @param ratios of the other models for the same step
   * @param t where it leads to
   * @throws InvalidInput if the step is of a family that cannot be multiplied
   */
  Distribution apply(Distribution step, boolean guided, List<Ratio> ratios, int t) {
    List<FactorOnTheWay> multiplied = new ArrayList<>(factors);
    if (t == 0) {
      // A single element is told best of all by an exact product, whatever the step is.
      foreseen.stream()
          .filter(factor -> !guided || factor instanceof FactorOnTheWay.Independent)
          .forEach(multiplied::add);
    }
    if (!models.isEmpty()) {
      multiplied.add(nullLaw(step.mean()));
    }
    if (ratios.isEmpty() && multiplied.isEmpty()) {
      return step;
    }
    if (step instanceof Multipliable able) {
      return product(able, ratios, multiplied, t);
    }
    throw new InvalidInput(
        "a step of this model is %s, which cannot be multiplied with a prior."
            .formatted(step.getClass().getSimpleName()));
  }

  private Multipliable product(
      Multipliable step, List<Ratio> ratios, List<FactorOnTheWay> multiplied, int t) {
    Multipliable product = step;
    for (Ratio ratio : ratios) {
      product = product.times(ratio.step(), ratio.alone());
    }
    List<FactorOnTheWay> others = new ArrayList<>();
    Stage stage = stage(step.mean(), t);
    for (FactorOnTheWay factor : multiplied) {
      Optional<Multipliable> exact = factor.times(product, stage);
      product = exact.orElse(product);
      if (exact.isEmpty()) {
        others.add(factor);
      }
    }
    if (others.isEmpty()) {
      return product;
    }
    // The stage keeps arrays that it computes: each use with or without gradient has its own.
    NDArray gradient = derivatives.gradient(x -> sum(others, x, stage(x, t)), product.mean());
    // A sum is NaN or infinite if one of its terms is.
    if (!Double.isFinite(Doubles.of(gradient.sum())[0])) {
      throw notFinite("the gradient of log r", t);
    }
    return product.tilted(gradient);
  }

  /**
   * log r_t of each example.
   *
   * @param ratios the sum of the other models' log ratios on the way to x_t; what they say in the
   *     end is estimated anew
   */
  double[] logDensity(NDArray x, double[] ratios, int t) {
    List<FactorOnTheWay> all = new ArrayList<>(factors);
    double[] density = new double[Math.toIntExact(x.getShape().get(0))];
    if (t == 0) {
      all.addAll(foreseen);
      models.forEach(model -> add(density, model.logDensity(x, noise)));
    } else if (!models.isEmpty()) {
      add(density, ratios);
      all.add(nullLaw(x));
    }
    if (!all.isEmpty()) {
      add(density, Doubles.of(sum(all, x, stage(x, t))));
    }
    if (Arrays.stream(density).anyMatch(d -> Double.isNaN(d) || d == Double.POSITIVE_INFINITY)) {
      throw notFinite("log r", t);
    }
    return density;
  }

  /** The null law of x_0, which the ratios lack once for each model. */
  private FactorOnTheWay nullLaw(NDArray like) {
    Multipliable once = (Multipliable) diffusion.nullLaw(like);
    Multipliable all = once.power(number(like, models.size()));
    return FactorOnTheWay.of(
        new Factorised(all, like.onesLike(), 0, OnTheWay.DIFFUSED), diffusion.forward());
  }

  private static void add(double[] sum, double[] terms) {
    Arrays.setAll(sum, i -> sum[i] + terms[i]);
  }

  private static NDArray sum(List<FactorOnTheWay> factors, NDArray x, Stage stage) {
    Shape batch = new Shape(x.getShape().get(0));
    NDArray sum = x.getManager().zeros(batch, x.getDataType());
    for (FactorOnTheWay factor : factors) {
      NDArray density = factor.logDensity(x, stage);
      if (!density.getShape().equals(batch)) {
        throw new InvalidInput(
            "a prior must give one number for each of %d examples, but gave the shape %s."
                .formatted(batch.get(0), density.getShape()));
      }
      sum = sum.add(density);
    }
    return sum;
  }

  /** Where x_t stands. */
  private Stage stage(NDArray like, int t) {
    return t > 0 ? diffusion.stage(like, t) : Stage.ofData(like);
  }

  private InvalidInput notFinite(String what, int t) {
    return new InvalidInput(
        ("%s is not a finite number for some draw at step %d of %d. r must be positive and finite"
                + " wherever the model can be; give a hard limit a soft edge.")
            .formatted(what, t, diffusion.steps()));
  }
}
