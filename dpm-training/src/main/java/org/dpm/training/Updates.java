package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import java.util.function.Function;
import org.dpm.core.Examples;
import org.dpm.core.Model;

/**
 * One update of a model after the other: its batch is read ahead, its gradient taken by the
 * replicas, and its step by the optimiser.
 */
final class Updates implements AutoCloseable {

  /** Is told, by the thread that trains, how far an update is. */
  interface Watch {

    /** Nobody. */
    Watch NONE = new Watch() {};

    default void updateBegins() {}

    default void batchIsRead() {}

    default void gradientIsKnown() {}

    default void weightsHaveMoved() {}
  }

  /**
   * What came of an update.
   *
   * @param gradientNorm not finite where the weights were left alone
   */
  record Outcome(double loss, float gradientNorm) {}

  private final Model model;
  private final Watch watch;
  private final Batches batches;
  private final BatchGradient gradient;
  private final NDManager manager;
  private final FlatAdam optimizer;
  private final ReadAhead ahead;
  private long done;

  /** Nobody else may read the examples until this is closed. */
  Updates(Model model, Examples examples) {
    this(model, examples, Watch.NONE, replica -> replica::trainingDiffusion);
  }

  /**
   * Watched.
   *
   * @param replicas what each of them computes with, and who is told how far it is
   */
  Updates(
      Model model, Examples examples, Watch watch, Function<Model, BatchGradient.Watch> replicas) {
    this.model = model;
    this.watch = watch;
    batches = new Batches(examples, model.pipeline().training());
    gradient = new BatchGradient(model, replicas);
    manager = model.manager().newSubManager();
    optimizer = new FlatAdam(model.pipeline().training().optimizer(), manager, gradient.weights());
    ahead = new ReadAhead(this::read, 0);
  }

  /** What an update learns from, scaled. Called by the thread that reads ahead. */
  private float[] read(long update) {
    return model.layout().slots(model.layout().modelled(batches.rows(update)));
  }

  /**
   * The next update.
   *
   * @param rates learning rates, one for each array of the weights
   * @param share of the weights in their average
   */
  Outcome next(float[] rates, double share) {
    watch.updateBegins();
    try (NDScope scope = new NDScope()) {
      float[] rows = ahead.next();
      watch.batchIsRead();
      double loss = gradient.of(rows, batches.noise(done));
      watch.gradientIsKnown();
      float norm = optimizer.update(rates, share);
      watch.weightsHaveMoved();
      done++;
      return new Outcome(loss, norm);
    }
  }

  /** How many there have been. */
  long count() {
    return done;
  }

  /** How many examples an epoch has. */
  int epoch() {
    return batches.epoch();
  }

  /** Moving averages of the weights. */
  List<NDArray> averages() {
    return optimizer.averages();
  }

  @Override
  public void close() {
    ahead.close();
    optimizer.close();
    manager.close();
  }
}
