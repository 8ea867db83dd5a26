package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;
import org.dpm.posterior.SequentialMonteCarlo.Settings;

/**
 * A trained model times r(x), in data units. Not safe for use by several threads at once.
 *
 * <pre>{@code
 * Prior r = (x, stage) -> ...;
 * Posterior posterior = new Posterior(model, r, new Settings(1000));
 * Posterior.Draws draws = posterior.draw(10, seed);
 * }</pre>
 */
public final class Posterior {

  /** r = 1. */
  public static final Prior NOTHING =
      new Prior() {
        @Override
        public List<Prior> parts() {
          return List.of();
        }

        @Override
        public NDArray logDensity(NDArray x, Stage stage) {
          return x.getManager().zeros(new Shape(x.getShape().get(0)));
        }
      };

  /** So many numbers are on their way at a time, unless a single run has more. */
  private static final long BATCH = 1 << 18;

  /**
   * Draws of equal weight.
   *
   * @param values [runs * particles][elements], each run's in a row
   * @param logEvidence of each run, in nats and data units: log of an unbiased estimate of Z
   * @param tail how heavy the tail of all weights was in the end: the shape of the generalised
   *     Pareto distribution that fits the largest; NaN for too few weights
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Draws(float[][] values, double[] logEvidence, double tail) {

    /**
     * log Z from all runs together. That the logarithm of a mean is too small on average is put
     * right by the jackknife.
     */
    public double logEvidenceOfAll() {
      return Evidence.of(logEvidence, tail).logZ();
    }

    /** Its standard error by the scatter of the runs, by the jackknife; NaN for a single run. */
    public double standardError() {
      return Evidence.of(logEvidence, tail).standardError();
    }

    /** How many runs of equal estimates of Z would say as much. */
    public double effectiveRuns() {
      return Evidence.of(logEvidence, tail).effectiveRuns();
    }

    /**
     * Whether log Z and its standard error can be believed: no few draws (a tail above 0.7) or runs
     * (less than half of them in effect) decide alone.
     */
    public boolean reliable() {
      return Evidence.of(logEvidence, tail).reliable();
    }
  }

  private final Model model;
  private final Diffusion diffusion;
  private final Prior prior;
  private final Settings settings;

  /** With the steps that the model was trained with. */
  public Posterior(Model model, Prior prior, Settings settings) {
    this(model, model.diffusion(), prior, settings);
  }

  /**
   * With others.
   *
   * @param diffusion of the model: {@link Model#diffusion(int)}
   */
  public Posterior(Model model, Diffusion diffusion, Prior prior, Settings settings) {
    this.model = model;
    this.diffusion = diffusion;
    this.prior = prior;
    this.settings = settings;
    // The engine refuses views of the weights from before, made while nothing was recorded.
    try (GradientMode on = GradientMode.on()) {
      model.weights().bind();
    }
  }

  /**
   * Draws from one posterior.
   *
   * @param runs how many times {@code particles} draws; different runs are independent
   * @param seed the same seed gives the same draws
   * @throws org.dpm.api.InvalidInput if r is not a number somewhere, or excludes every draw
   */
  public Draws draw(int runs, long seed) {
    return draw(runs, seed, done -> {});
  }

  /**
   * The same.
   *
   * @param progress is told the fraction that is done
   */
  public Draws draw(int runs, long seed, DoubleConsumer progress) {
    float[][] values = new float[runs * settings.particles()][];
    double[] logEvidence = new double[runs];
    double tail = Double.NaN;
    int together = together();
    for (int from = 0; from < runs; from += together) {
      int count = Math.min(together, runs - from);
      Noise noise = Noise.of(seed, "posterior", from);
      Draws part = batch(prior, count, noise, within(from, count, runs, progress));
      System.arraycopy(part.values(), 0, values, from * settings.particles(), part.values().length);
      System.arraycopy(part.logEvidence(), 0, logEvidence, from, count);
      tail = tail > part.tail() ? tail : part.tail();
    }
    return new Draws(values, logEvidence, tail);
  }

  /**
   * Completes examples: draws what is missing from each, given what is there and r. An r of {@link
   * #NOTHING} leaves it to the model.
   *
   * @param rows examples in data units, NaN where a value is missing
   * @param count draws for each row
   * @return [rows][count][elements]; what was there is as it was
   */
  public float[][][] complete(float[][] rows, int count, long seed) {
    return complete(rows, count, seed, done -> {});
  }

  /**
   * The same.
   *
   * @param progress is told the fraction that is done
   */
  public float[][][] complete(float[][] rows, int count, long seed, DoubleConsumer progress) {
    int runsEach = (count + settings.particles() - 1) / settings.particles();
    float[][][] completed = new float[rows.length][count][];
    int together = together();
    int all = rows.length * runsEach;
    for (int from = 0; from < all; from += together) {
      int runs = Math.min(together, all - from);
      float[][] given = new float[runs][];
      for (int i = 0; i < runs; i++) {
        given[i] = rows[(from + i) / runsEach];
      }
      Prior both = new GivenRows(model.scaling(), given).with(prior);
      Noise noise = Noise.of(seed, "completion", from);
      Draws part = batch(both, runs, noise, within(from, runs, all, progress));
      hand(part.values(), from, runsEach, rows, completed);
    }
    return completed;
  }

  /** Of a run's particles, as many as are wanted, evenly spaced: neighbours may be of one stock. */
  private void hand(
      float[][] drawn, int firstRun, int runsEach, float[][] rows, float[][][] completed) {
    int particles = settings.particles();
    for (int row = firstRun / runsEach; row < rows.length; row++) {
      int count = completed[row].length;
      for (int i = 0; i < count; i++) {
        int at = (int) ((long) i * runsEach * particles / count);
        int place = (row * runsEach - firstRun) * particles + at;
        if (place >= 0 && place < drawn.length) {
          completed[row][i] = merged(rows[row], drawn[place]);
        }
      }
      if ((row + 1) * runsEach - firstRun >= drawn.length / particles) {
        return;
      }
    }
  }

  private static float[] merged(float[] row, float[] drawn) {
    float[] merged = row.clone();
    for (int i = 0; i < merged.length; i++) {
      if (Float.isNaN(merged[i])) {
        merged[i] = drawn[i];
      }
    }
    return merged;
  }

  private int together() {
    long size = settings.particles() * diffusion.element().size();
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, BATCH / size));
  }

  private static DoubleConsumer within(int from, int count, int all, DoubleConsumer progress) {
    return done -> progress.accept((from + done * count) / all);
  }

  private Draws batch(Prior chosen, int runs, Noise noise, DoubleConsumer progress) {
    try (NDManager own = model.manager().newSubManager()) {
      PosteriorDraws drawn =
          new SequentialMonteCarlo(diffusion, chosen, settings).sample(own, runs, noise, progress);
      try (NDScope scope = new NDScope()) {
        float[] flat = model.scaling().toData(drawn.x()).toFloatArray();
        int size = Math.toIntExact(diffusion.element().size());
        float[][] values = new float[flat.length / size][];
        for (int i = 0; i < values.length; i++) {
          values[i] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
        }
        return new Draws(values, inDataUnits(chosen, drawn.logEvidence(), own), drawn.tail());
      }
    }
  }

  /** Known elements have a density: what a unit of the kernel is in data units enters into it. */
  private double[] inDataUnits(Prior chosen, double[] logEvidence, NDManager own) {
    NDArray like = own.zeros(new Shape(logEvidence.length).addAll(diffusion.element()));
    double[] evidence = logEvidence.clone();
    int size = Math.toIntExact(diffusion.element().size());
    for (Prior part : chosen.parts()) {
      part.known(like)
          .ifPresent(
              known -> {
                float[] mask = Rows.repeated(known.mask(), evidence.length).toFloatArray();
                for (int i = 0; i < mask.length; i++) {
                  evidence[i / size] -= mask[i] * Math.log(model.scaling().scale(i % size));
                }
              });
    }
    return evidence;
  }
}
