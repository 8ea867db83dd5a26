package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Doubles;
import org.dpm.api.Factor;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;
import org.dpm.posterior.SequentialMonteCarlo.Settings;

/**
 * A trained model times r(x), in data units. Not safe for use by several threads at once.
 *
 * <pre>{@code
 * Prior r = like -> List.of(new Factor.Density((x, stage) -> ...));
 * Posterior posterior = new Posterior(model, model.diffusion(), r, new Settings(1000));
 * Posterior.Draws draws = posterior.draw(10, seed, Progress.NONE);
 * }</pre>
 */
public final class Posterior {

  /** So many numbers are on their way at a time, unless a single run has more. */
  private static final long BATCH = 1 << 18;

  private static final float[] NONE = {};

  /**
   * Draws of equal weight.
   *
   * @param values [runs * particles][cells], each run's in a row
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

  /**
   * @param diffusion of the model: {@link Model#diffusion()}, or at other times, or given
   *     conditions: one for all, or one for each run or row
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
   * @param seed the same seed gives the same draws, and fewer runs are the beginning of more
   * @throws org.dpm.api.InvalidInput if r is not a number somewhere, or excludes every draw
   */
  public Draws draw(int runs, long seed, Progress progress) {
    boolean[] all = {true};
    return inBatches(runs, (from, count) -> prior, all, Noise.of(seed, "posterior"), progress);
  }

  /**
   * Completes examples: draws what is missing from each, given what is there and r. An r of {@link
   * Prior#NOTHING} leaves it to the model.
   *
   * @param rows examples in data units, a cell for each value that is modelled, NaN where it is
   *     missing
   * @param count draws for each row
   * @return [rows][count][cells]; what was there is as it was
   */
  public float[][][] complete(float[][] rows, int count, long seed, Progress progress) {
    int runsEach = (count + settings.particles() - 1) / settings.particles();
    int each = runsEach * settings.particles();
    // Evenly spaced: neighbours may be of one stock.
    int[] places = IntStream.range(0, count).map(i -> (int) ((long) i * each / count)).toArray();
    boolean[] wanted = new boolean[each];
    Arrays.stream(places).forEach(place -> wanted[place] = true);
    Draws drawn =
        inBatches(
            rows.length * runsEach,
            (from, runs) -> {
              float[][] given = new float[runs][];
              Arrays.setAll(given, i -> rows[(from + i) / runsEach]);
              Prior known = like -> List.of(known(like, given));
              return known.and(prior);
            },
            wanted,
            Noise.of(seed, "completion"),
            progress);
    float[][][] completed = new float[rows.length][count][];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < count; i++) {
        completed[row][i] = merged(rows[row], drawn.values()[row * each + places[i]]);
      }
    }
    return completed;
  }

  private static float[] merged(float[] row, float[] drawn) {
    float[] merged = row.clone();
    for (int i = 0; i < merged.length; i++) {
      merged[i] = Float.isNaN(merged[i]) ? drawn[i] : merged[i];
    }
    return merged;
  }

  /** What is there of each of several examples, one for each run. */
  private Factor known(NDArray like, float[][] rows) {
    Layout layout = model.layout();
    FloatBuffer cells = FloatBuffer.allocate(rows.length * layout.dimensions());
    int slots = Math.toIntExact(layout.element().size());
    float[] mask = new float[rows.length * slots];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < rows[i].length; k++) {
        boolean missing = Float.isNaN(rows[i][k]);
        cells.put(missing ? 0 : rows[i][k]);
        int slot = i * slots + layout.slot(k);
        Arrays.fill(mask, slot, slot + layout.width(k), missing ? 0 : 1);
      }
    }
    NDArray where = layout.batch(like.getManager(), mask);
    return new Factor.Known(layout.toModel(like.getManager(), cells.array()).mul(where), where);
  }

  /** The prior of some runs. */
  private interface Chosen {
    Prior of(int from, int count);
  }

  /**
   * @param wanted which draws of so many in a row are kept
   */
  private Draws inBatches(
      int runs, Chosen chosen, boolean[] wanted, Noise noise, Progress progress) {
    float[][] values = new float[runs * settings.particles()][];
    double[] logEvidence = new double[runs];
    double tail = Double.NaN;
    long size = settings.particles() * diffusion.element().size();
    int together = (int) Math.max(1, BATCH / size);
    for (int from = 0; from < runs; from += together) {
      int count = Math.min(together, runs - from);
      Progress part = progress.part((double) from / runs, (double) (from + count) / runs);
      Draws drawn = batch(runs, from, count, chosen.of(from, count), noise, part);
      for (int i = 0; i < drawn.values().length; i++) {
        int at = from * settings.particles() + i;
        values[at] = wanted[at % wanted.length] ? drawn.values()[i] : NONE;
      }
      System.arraycopy(drawn.logEvidence(), 0, logEvidence, from, count);
      tail = tail > drawn.tail() ? tail : drawn.tail();
    }
    return new Draws(values, logEvidence, tail);
  }

  private Draws batch(int runs, int from, int count, Prior chosen, Noise noise, Progress progress) {
    try (NDManager own = model.manager().newSubManager();
        NDScope scope = new NDScope()) {
      Diffusion given = diffusion.rows(runs, IntStream.range(from, from + count).toArray());
      PosteriorDraws drawn =
          new SequentialMonteCarlo(given, chosen, settings)
              .sample(own, from, count, noise, progress);
      float[] flat = model.layout().toData(drawn.x());
      int cells = model.layout().dimensions();
      float[][] values = new float[flat.length / cells][];
      Arrays.setAll(values, i -> Arrays.copyOfRange(flat, i * cells, (i + 1) * cells));
      NDArray like = own.zeros(new Shape(count).addAll(diffusion.element()));
      double[] evidence = inDataUnits(chosen.factors(like), drawn.logEvidence());
      return new Draws(values, evidence, drawn.tail());
    }
  }

  /** Known elements have a density: what a unit of the kernel is in data units enters into it. */
  private double[] inDataUnits(List<Factor> factors, double[] logEvidence) {
    double[] evidence = logEvidence.clone();
    int slots = Math.toIntExact(diffusion.element().size());
    for (Factor factor : factors) {
      if (factor instanceof Factor.Known known) {
        double[] mask = Doubles.of(Rows.repeated(known.mask(), evidence.length));
        for (int run = 0; run < evidence.length; run++) {
          for (int cell = 0; cell < model.layout().dimensions(); cell++) {
            double here = mask[run * slots + model.layout().slot(cell)];
            evidence[run] -= here * Math.log(model.layout().scale(cell));
          }
        }
      }
    }
    return evidence;
  }
}
