package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Factor.Known;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.api.Require;
import org.dpm.engine.Derivatives;
import org.dpm.engine.GradientMode;
import org.dpm.posterior.Guidance.Guided;
import org.dpm.posterior.OtherModel.Ratio;

/**
 * Draws from p(x) r(x): the reverse diffusion with every step perturbed by r, and particles that
 * are weighted and resampled so that what a perturbed step gets wrong is put right.
 *
 * <p>With one particle this is the method of Sohl-Dickstein et al. 2015, section 2.5: exact for
 * small steps only if r changes slowly over them. With more, the draws of a run converge to the
 * posterior of the model as it is, whatever the steps. Runs are independent of each other and may
 * be of different problems, see {@link Prior}.
 */
public final class SequentialMonteCarlo {

  /**
   * How much is spent.
   *
   * @param particles of a run; 1 for no weights
   * @param threshold share of the particles that effectively remain below which they are resampled,
   *     from 0 (never) to 1 (after every step)
   * @param repeats how often each step is diffused again and taken once more, so that what is drawn
   *     can agree better with what is known; 0 for not at all
   * @param guidance how many derivatives of the network each step is moved by, so that what is
   *     drawn will predict what is known; 0 for not at all
   */
  public record Settings(int particles, double threshold, int repeats, int guidance) {

    public Settings {
      Require.that(particles >= 1, "particles must be at least 1, but are " + particles);
      Require.that(
          threshold >= 0 && threshold <= 1, "threshold must be from 0 to 1, but is " + threshold);
      Require.that(repeats >= 0, "repeats must be 0 or more, but are " + repeats);
      Require.that(guidance >= 0, "guidance must be 0 or more, but is " + guidance);
    }

    /**
     * Resampling at half of the particles, nothing repeated, and guidance by one derivative for a
     * single particle, which nothing else puts right.
     */
    public Settings(int particles) {
      this(particles, 0.5, 0, particles == 1 ? 1 : 0);
    }
  }

  private final Diffusion diffusion;
  private final Prior prior;
  private final Settings settings;

  /**
   * @param diffusion where conditions are given, one for all, or one for each of n problems that
   *     share the runs evenly
   */
  public SequentialMonteCarlo(Diffusion diffusion, Prior prior, Settings settings) {
    this.diffusion = diffusion;
    this.prior = prior;
    this.settings = settings;
  }

  /**
   * Draws.
   *
   * @param owner owns the result
   * @param first the number of the first run: the same run draws the same whatever others are drawn
   *     with it
   * @param runs how many, each of {@code particles} draws
   * @param noise everything random comes from here
   * @throws org.dpm.api.InvalidInput if r is not a number somewhere, or excludes every particle
   */
  public PosteriorDraws sample(
      NDManager owner, long first, int runs, Noise noise, Progress progress) {
    try (GradientMode off = GradientMode.off();
        NDManager own = owner.newSubManager();
        Derivatives derivatives = new Derivatives(own)) {
      Descent descent = new Descent(own, first, runs, noise, derivatives);
      NDArray x = descent.run(progress);
      x.attach(owner);
      return new PosteriorDraws(x, descent.logEvidence(), descent.tail);
    }
  }

  /** One batch of particles on its way from noise to data. */
  private final class Descent {

    private final NDManager manager;
    private final Perturbation perturbation;
    private final KnownPath path;
    private final Guidance guidance;
    private final Population population;
    private final Noise noise;
    private double[] logDensity;
    private double[] logRatios;
    private double tail = Double.NaN;

    Descent(NDManager manager, long first, int runs, Noise noise, Derivatives derivatives) {
      this.manager = manager;
      long row = first * settings.particles();
      NDArray like = manager.zeros(new Shape(runs).addAll(diffusion.element()));
      boolean guided = settings.guidance() > 0 && Guidance.suits(diffusion);
      List<Known> known = new ArrayList<>();
      List<OtherModel> models = new ArrayList<>();
      List<Factor> guiding = new ArrayList<>();
      List<FactorOnTheWay> foreseen = new ArrayList<>();
      List<FactorOnTheWay> multiplied = new ArrayList<>();
      for (Factor factor : prior.factors(like)) {
        boolean ahead = guided && Measurements.takes(factor);
        if (ahead) {
          guiding.add(factor);
        }
        if (factor instanceof Known one) {
          known.add(one);
        } else if (factor instanceof Factor.OtherModel model) {
          models.add(new OtherModel(diffusion, model, row));
        } else {
          (ahead ? foreseen : multiplied).add(FactorOnTheWay.of(factor, diffusion.forward()));
        }
      }
      path =
          new KnownPath(
              diffusion,
              known,
              like,
              settings.particles(),
              noise.child("known elements").from(first));
      perturbation =
          new Perturbation(
              diffusion, multiplied, foreseen, models, derivatives, noise.child("other models"));
      guidance = new Guidance(diffusion, guiding, derivatives, settings.guidance(), like);
      population =
          new Population(
              first, runs, settings.particles(), settings.threshold(), noise.child("resampling"));
      this.noise = noise.child("steps").from(row);
      logDensity = new double[population.size()];
      logRatios = new double[population.size()];
    }

    /** From noise to data; the result has weights that are equal. */
    NDArray run(Progress progress) {
      int steps = diffusion.steps();
      NDArray x = manager.zeros(new Shape(population.size()).addAll(diffusion.element()));
      x = step(diffusion::end, x, steps);
      for (int t = steps; t >= 1; t--) {
        int from = t;
        x = guidance.helps(x, t) ? guided(x, t) : step(before -> back(before, from), x, t - 1);
        for (int i = 0; i < settings.repeats(); i++) {
          x = again(x, t, noise.child("repeat " + i).at(t));
        }
        progress.state(x, diffusion.grid().time(t - 1));
        progress.report(1 - (t - 1.0) / steps);
      }
      try (NDScope scope = new NDScope()) {
        return kept(rows(x, population.resample(true)));
      }
    }

    /** p(x_s | x_t), s one step before t. */
    private Distribution back(NDArray x, int t) {
      return diffusion.back(x, diffusion.stage(x, t));
    }

    /** A step to x_t: perturbed, weighted, and resampled where need be. Closes what it left. */
    private NDArray step(Function<NDArray, Distribution> model, NDArray before, int t) {
      path.moveTo(t);
      try (NDScope scope = new NDScope();
          before) {
        Distribution step = model.apply(before);
        List<Ratio> others = t < diffusion.steps() ? perturbation.ratios(before, t + 1) : List.of();
        Distribution proposal = perturbation.apply(step, false, others, t);
        NDArray drawn = path.into(proposal.sample(noise.at(t)));
        others.forEach(ratio -> add(ratio.log(drawn), 1));
        double[] density = perturbation.logDensity(drawn, logRatios, t);
        population.weigh(logWeights(step, proposal, drawn, density), "step " + t);
        if (t == 0) {
          tail = population.tail();
        }
        logDensity = density;
        return kept(resampled(drawn, population.resample(false)));
      }
    }

    /**
     * A step from x_t that looks ahead. The weights have psi_t, how well x_t predicts what is
     * known, as soon as it is known, and lose it with the step.
     */
    private NDArray guided(NDArray current, int t) {
      path.moveTo(t - 1);
      try (NDScope scope = new NDScope();
          current) {
        NDArray before = current;
        Guided guided = guidance.from(before, t);
        if (settings.particles() > 1) {
          population.weigh(guided.logTwist(), "step " + t);
          int[] ancestors = population.resample(false);
          if (!isUnchanged(ancestors)) {
            before = resampled(before, ancestors);
            guided = guidance.from(before, t);
          }
        }
        List<Ratio> others = perturbation.ratios(before, t);
        Distribution proposal = perturbation.apply(guided.moved(), true, others, t - 1);
        NDArray drawn = path.into(proposal.sample(noise.at(t - 1)));
        others.forEach(ratio -> add(ratio.log(drawn), 1));
        double[] density = perturbation.logDensity(drawn, logRatios, t - 1);
        double[] weights = logWeights(guided.step(), proposal, drawn, density);
        for (int i = 0; i < weights.length; i++) {
          weights[i] -= guided.logTwist()[i];
        }
        population.weigh(weights, "step " + (t - 1));
        if (t == 1) {
          tail = population.tail();
        }
        logDensity = density;
        return kept(drawn);
      }
    }

    /** w = p(x_s | x_t) r_s(x_s) / (p~(x_s | x_t) r_t(x_t)), p~ of what was drawn only. */
    private double[] logWeights(
        Distribution step, Distribution proposal, NDArray drawn, double[] density) {
      NDArray ratio = step.logProbability(drawn).sub(path.unknown(proposal.logProbability(drawn)));
      double[] logs = Doubles.of(Distribution.perExample(ratio));
      for (int i = 0; i < logs.length; i++) {
        logs[i] += density[i] - logDensity[i];
      }
      return logs;
    }

    /**
     * Diffuses x_s to x_t and takes the step again, the known elements staying where they are: a
     * move that leaves the target of a model without error as it is, and so has no weight.
     */
    private NDArray again(NDArray before, int t, Noise noise) {
      try (NDScope scope = new NDScope();
          before) {
        Distribution forth = diffusion.forward().transition(before, diffusion.stage(before, t));
        NDArray noisier = path.intoPrevious(forth.sample(noise));
        List<Ratio> others = perturbation.ratios(noisier, t);
        // Guided only where nothing is weighted: such a move does not leave the target as it is.
        boolean guided = settings.particles() == 1 && guidance.helps(noisier, t);
        Distribution step = guided ? guidance.from(noisier, t).moved() : back(noisier, t);
        Distribution proposal = perturbation.apply(step, guided, others, t - 1);
        NDArray drawn = path.into(proposal.sample(noise));
        others.forEach(ratio -> add(ratio.log(before), -1));
        others.forEach(ratio -> add(ratio.log(drawn), 1));
        logDensity = perturbation.logDensity(drawn, logRatios, t - 1);
        return kept(drawn);
      }
    }

    private void add(double[] logs, int sign) {
      for (int i = 0; i < logs.length; i++) {
        logRatios[i] += sign * logs[i];
      }
    }

    /** The particles that go on, with what is known of each. */
    private NDArray resampled(NDArray x, int[] ancestors) {
      logDensity = chosen(logDensity, ancestors);
      logRatios = chosen(logRatios, ancestors);
      return rows(x, ancestors);
    }

    private static double[] chosen(double[] values, int[] indices) {
      return IntStream.of(indices).mapToDouble(i -> values[i]).toArray();
    }

    private static boolean isUnchanged(int[] indices) {
      return Arrays.equals(indices, IntStream.range(0, indices.length).toArray());
    }

    private NDArray rows(NDArray x, int[] indices) {
      return isUnchanged(indices) ? x : x.get(manager.create(indices));
    }

    /** Survives the scope that is open. */
    private NDArray kept(NDArray x) {
      NDScope.unregister(x);
      x.attach(manager);
      return x;
    }

    /** Of each run: the product of mean weights, over the probability of its path. */
    double[] logEvidence() {
      double[] evidence = population.logEvidence();
      for (int run = 0; run < evidence.length; run++) {
        evidence[run] -= path.logProbability()[run];
      }
      return evidence;
    }
  }
}
