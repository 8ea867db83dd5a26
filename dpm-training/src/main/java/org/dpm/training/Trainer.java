package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.core.OptimizerSettings;
import org.dpm.core.TrainingRecord;
import org.dpm.core.TrainingSettings;
import org.dpm.core.engine.GradientMode;
import org.dpm.core.engine.Weights;

/**
 * Makes the objective small, and keeps the averaged weights that had the best held-out K.
 *
 * <p>Update number n draws its batch, its timesteps and its noise from (seed, n) alone.
 */
public final class Trainer implements AutoCloseable {

  /** Steps of the trajectory that the held-out K during training looks at for each example. */
  private static final int TIMESTEPS = 4;

  /** So many updates in a row without a finite gradient are no accident. */
  private static final int PATIENCE = 20;

  private final Model model;
  private final Examples examples;
  private final TrainingSettings settings;
  private final Path directory;
  private final TrainingListener listener;
  private final BooleanSupplier stop;
  private final BatchGradient gradient;
  private final NDManager manager;
  private final FlatAdam optimizer;
  private final NDArray heldOut;
  private final BatchOrder order;
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
    this(model, examples, directory, listener, () -> false);
  }

  /**
   * The same, which can be told to stop.
   *
   * @param stop asked after every update: whether to end as if the time were over
   */
  public Trainer(
      Model model,
      Examples examples,
      Path directory,
      TrainingListener listener,
      BooleanSupplier stop) {
    this.model = model;
    this.examples = examples;
    this.settings = model.pipeline().training();
    this.directory = directory;
    this.listener = listener;
    this.stop = stop;
    gradient = new BatchGradient(model);
    manager = model.manager().newSubManager();
    optimizer = new FlatAdam(settings.optimizer(), manager, gradient.weights());
    order = new BatchOrder(settings.seed(), examples.source().count(Split.TRAINING));
    heldOut = heldOut();
    bestWeights = model.weights().copy(manager);
    bestAverages = model.weights().copy(manager);
  }

  /** Trains until the first of the pipeline's limits, and writes the model. */
  public void train() {
    try (ReadAhead batches = new ReadAhead(this::read, 0)) {
      train(batches);
    }
  }

  private void train(ReadAhead batches) {
    long start = System.nanoTime();
    double loss = 0;
    double norm = 0;
    long since = 0;
    int unusable = 0;
    long update = 0;
    double done = 0;
    while (done < 1) {
      float rate = rate(update, done);
      double lossNow;
      float normNow;
      try (NDScope scope = new NDScope()) {
        lossNow = gradient.of(batches.next(), noise(update));
        normNow = optimizer.update(rates(rate), share(update));
      }
      update++;
      if (Float.isFinite(normNow)) {
        loss += lossNow;
        norm += normNow;
        since++;
        unusable = 0;
      } else if (++unusable == PATIENCE) {
        throw diverged(update, lossNow, rate);
      }
      done = stop.getAsBoolean() ? 1 : done(update, start);
      if (update % settings.evaluation().every() == 0 || done >= 1) {
        evaluate(update, seconds(start), loss / since, rate, norm / since);
        loss = 0;
        norm = 0;
        since = 0;
        done = isWaitOver() ? 1 : done;
      }
      listener.updated(done, update, lastBits);
    }
    finish(update, seconds(start));
  }

  private boolean isWaitOver() {
    return settings.evaluation().patience().filter(limit -> sinceBest >= limit).isPresent();
  }

  /** The curve of the training so far. */
  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  /** What an update learns from, scaled. Called by the thread that reads ahead. */
  private float[] read(long update) {
    int[] indices = order.batch(update, settings.batch());
    Noise noise = noise(update).child("reading", 0);
    float[] rows = examples.rows(Split.TRAINING, indices, noise);
    model.scaling().scale(rows);
    return rows;
  }

  private Noise noise(long update) {
    return Noise.of(settings.seed(), "training", update);
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

  private double done(long update, long start) {
    double byUpdates = settings.updates().map(limit -> (double) update / limit).orElse(0.0);
    double epochs = (double) update * settings.batch() / order.size();
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
    Noise noise = Noise.of(settings.seed(), "held-out reading", 0);
    NDArray data = examples.batch(model.manager(), model.scaling(), Split.HELD_OUT, indices, noise);
    data.attach(manager);
    return data;
  }

  private void evaluate(long update, double seconds, double loss, float rate, double norm) {
    try (NDManager own = manager.newSubManager()) {
      NDList current = model.weights().copy(own);
      model.weights().assign(optimizer.averages());
      Noise noise = Noise.of(settings.seed(), "held-out bound", 0);
      Bits bound = Bits.ofNats(BoundEstimate.nats(model.diffusion(), heldOut, TIMESTEPS, noise));
      model.weights().assign(current);
      sinceBest++;
      if (bound.mean() > bestBits) {
        bestBits = bound.mean();
        bestUpdate = update;
        sinceBest = 0;
        Weights.overwrite(bestWeights, current);
        Weights.overwrite(bestAverages, optimizer.averages());
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
    model.save(directory, bestAverages);
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
    optimizer.close();
    manager.close();
  }
}
