package org.dpm.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.dpm.engine.EngineThread;

/**
 * Threads that compute side by side, each with a replica of one model: the same weights in the same
 * memory, with parts and gradients of its own.
 *
 * <p>Each thread takes whole pieces of a batch, and waits for the others once, at the end. Threads
 * that share single operations wait at the end of each: that is slower on an idle machine, and many
 * times slower where another program takes one of the processors.
 *
 * <p>Piece i is done by replica i mod {@link #count}, so that sums over a replica's pieces are the
 * same every time. With a single replica everything is done by the thread that asks.
 */
public final class Replicas implements AutoCloseable {

  private final List<Model> models;
  private final List<ExecutorService> threads = new ArrayList<>();

  Replicas(List<Model> models) {
    this.models = List.copyOf(models);
    if (models.size() > 1) {
      models.forEach(model -> threads.add(Executors.newSingleThreadExecutor(Replicas::thread)));
    }
  }

  private static Thread thread(Runnable task) {
    return new EngineThread(task, "dpm-replica");
  }

  /** How many there are. */
  public int count() {
    return models.size();
  }

  /** Their weights are those of the model; their gradients are their own. */
  public List<Model> models() {
    return models;
  }

  /**
   * Does independent pieces of work.
   *
   * @param pieces how many
   * @param work does the piece of a number with a replica, in gradient mode or not as the thread
   *     comes
   * @return what came of each
   */
  public <R> List<R> each(int pieces, BiFunction<Integer, Model, R> work) {
    if (threads.isEmpty()) {
      Model model = models.get(0);
      return IntStream.range(0, pieces).mapToObj(i -> work.apply(i, model)).toList();
    }
    List<Future<List<R>>> shares = new ArrayList<>();
    for (int first = 0; first < threads.size(); first++) {
      int own = first;
      shares.add(threads.get(own).submit(() -> share(own, pieces, work)));
    }
    List<List<R>> done = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<List<R>> share : shares) {
      try {
        done.add(await(share));
      } catch (RuntimeException e) {
        // The others are to be done before anybody closes what they work with.
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    int workers = threads.size();
    return IntStream.range(0, pieces)
        .mapToObj(i -> done.get(i % workers).get(i / workers))
        .toList();
  }

  private <R> List<R> share(int first, int pieces, BiFunction<Integer, Model, R> work) {
    List<R> done = new ArrayList<>();
    for (int i = first; i < pieces; i += models.size()) {
      done.add(work.apply(i, models.get(first)));
    }
    return done;
  }

  private static <R> R await(Future<R> share) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return share.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      if (e.getCause() instanceof Error broken) {
        throw broken;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the threads. The replicas' memory is the model's to close. */
  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
