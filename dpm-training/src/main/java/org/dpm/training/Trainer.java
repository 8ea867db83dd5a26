package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.OptimizerSettings;
import org.dpm.core.RunDirectory;
import org.dpm.core.TrainingRecord;
import org.dpm.core.TrainingSettings;
import org.dpm.engine.GradientMode;
import org.dpm.engine.Weights;
import org.dpm.evaluation.Bits;
import org.dpm.evaluation.BoundEstimate;
import org.dpm.training.Updates.Outcome;

/** Makes the objective small, and keeps the averaged weights that had the best held-out K. */
public final class Trainer implements AutoCloseable {

  /** Steps of the trajectory that the held-out K during training looks at for each example. */
  private static final int TIMESTEPS = 4;

  /** So many updates in a row without a finite gradient are no accident. */
  private static final int PATIENCE = 20;

  private final Model model;
  private final Examples examples;
  private final TrainingSettings settings;
  private final RunDirectory directory;
  private final TrainingListener listener;
  private final NDManager manager;
  private final NDArray heldOut;
  private final List<Metric> metrics = new ArrayList<>();
  private final NDList bestWeights;
  private final NDList bestAverages;
  private double bestBits = Double.NEGATIVE_INFINITY;
  private long bestUpdate;
  private int sinceBest;
  private OptionalDouble lastBits = OptionalDouble.empty();

  /**
   * @param model as created; its weights are trained in place
   * @param directory receives the model files and {@code metrics.jsonl}
   */
  public Trainer(Model model, Examples examples, Path directory, TrainingListener listener) {
    this.model = model;
    this.examples = examples;
    this.settings = model.pipeline().training();
    this.directory = new RunDirectory(directory);
    this.listener = listener;
    manager = model.manager().newSubManager();
    heldOut = heldOut();
    bestWeights = model.weights().copy(manager);
    bestAverages = model.weights().copy(manager);
  }

  /** Trains until the first of the pipeline's limits, and writes the model. */
  public void train() {
    try (Updates updates = new Updates(model, examples)) {
      train(updates);
    }
  }

  private void train(Updates updates) {
    long start = System.nanoTime();
    double loss = 0;
    double norm = 0;
    long since = 0;
    int unusable = 0;
    double done = 0;
    while (done < 1) {
      float rate = rate(updates.count(), done);
      Outcome now = updates.next(rates(rate), share(updates.count()));
      long update = updates.count();
      if (Float.isFinite(now.gradientNorm())) {
        loss += now.loss();
        norm += now.gradientNorm();
        since++;
        unusable = 0;
      } else if (++unusable == PATIENCE) {
        throw diverged(update, now.loss(), rate);
      }
      done = listener.isStopAsked() ? 1 : done(update, updates.epoch(), start);
      if (update % settings.evaluation().every() == 0 || done >= 1) {
        evaluate(updates, seconds(start), loss / since, rate, norm / since);
        loss = 0;
        norm = 0;
        since = 0;
        done = isWaitOver() ? 1 : done;
      }
      listener.updated(done, update, lastBits);
    }
    finish(updates.count(), seconds(start));
  }

  private boolean isWaitOver() {
    return settings.evaluation().patience().filter(limit -> sinceBest >= limit).isPresent();
  }

  /** The curve of the training so far. */
  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  /** The schedule's parameters come after the network's flat array and have a rate of their own. */
  private float[] rates(float rate) {
    OptimizerSettings adam = settings.optimizer();
    float[] rates = new float[model.weights().arrays().size()];
    Arrays.fill(rates, (float) (rate * adam.scheduleRate() / adam.rate()));
    rates[0] = rate;
    return rates;
  }

  private float rate(long update, double done) {
    OptimizerSettings adam = settings.optimizer();
    double warm = Math.min(1, (update + 1.0) / Math.max(adam.warmUp(), 1));
    double decayed =
        switch (adam.decay()) {
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * done));
          case NONE -> 1;
        };
    return (float) (adam.rate() * warm * decayed);
  }

  /** The average forgets the first weights sooner than its decay alone would. */
  private double share(long update) {
    return 1 - Math.min(settings.averaging().decay(), (1.0 + update) / (10.0 + update));
  }

  private double done(long update, int epoch, long start) {
    double byUpdates = settings.updates().map(limit -> (double) update / limit).orElse(0.0);
    double epochs = (double) update * settings.batch() / epoch;
    double byEpochs = settings.epochs().map(limit -> epochs / limit).orElse(0.0);
    double byTime = settings.minutes().map(limit -> seconds(start) / (60 * limit)).orElse(0.0);
    return Math.max(byUpdates, Math.max(byEpochs, byTime));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** A fixed subset of the held-out examples, so that successive values of K can be compared. */
  private NDArray heldOut() {
    int count = examples.source().count(Split.HELD_OUT);
    int few = Math.min(count, settings.evaluation().examples());
    int[] indices = IntStream.range(0, few).map(i -> (int) ((long) i * count / few)).toArray();
    Noise noise = Noise.of(settings.seed(), "held-out reading");
    NDArray data = examples.batch(model.manager(), model.layout(), Split.HELD_OUT, indices, noise);
    data.attach(manager);
    return data;
  }

  private void evaluate(Updates updates, double seconds, double loss, float rate, double norm) {
    long update = updates.count();
    try (NDManager own = manager.newSubManager()) {
      NDList current = model.weights().copy(own);
      model.weights().assign(updates.averages());
      Noise noise = Noise.of(settings.seed(), "held-out bound");
      Bits bound = Bits.ofNats(BoundEstimate.nats(model.diffusion(), heldOut, TIMESTEPS, noise));
      model.weights().assign(current);
      sinceBest++;
      if (bound.mean() > bestBits) {
        bestBits = bound.mean();
        bestUpdate = update;
        sinceBest = 0;
        Weights.overwrite(bestWeights, current);
        Weights.overwrite(bestAverages, updates.averages());
      }
      lastBits = OptionalDouble.of(bound.mean());
      metrics.add(
          new Metric(update, seconds, loss, bound.mean(), bound.standardError(), rate, norm));
    }
    writeMetrics();
  }

  private void bindForUse() {
    try (GradientMode off = GradientMode.off()) {
      model.weights().bind();
    }
  }

  private void writeMetrics() {
    try {
      Metric.write(directory, metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void finish(long updates, double seconds) {
    model.setTraining(new TrainingRecord(updates, bestUpdate, seconds));
    model.weights().assign(bestWeights);
    model.save(directory.path(), bestAverages);
    model.weights().assign(bestAverages);
    bindForUse();
  }

  private InvalidInput diverged(long update, double loss, float rate) {
    return new InvalidInput(
        "training diverged: the last %d gradients up to update %d were not finite (loss %s, learning rate %s). Lower training.optimizer.rate, or check that the reverse kernel's prediction is defined at every step of this schedule."
            .formatted(PATIENCE, update, (float) loss, rate));
  }

  @Override
  public void close() {
    manager.close();
  }
}
