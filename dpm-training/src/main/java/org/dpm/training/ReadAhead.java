package org.dpm.training;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Reads the batch of the next update while that of this one is learnt from. What is read depends on
 * the update's number alone, so that reading earlier changes nothing.
 */
final class ReadAhead implements AutoCloseable {

  private final LongFunction<float[]> reading;
  private final ExecutorService worker = Executors.newSingleThreadExecutor(ReadAhead::thread);
  private long update;
  private Future<float[]> ahead;

  /**
   * @param reading the batch of an update; never called for two at a time
   * @param first the update that is read first, at once
   */
  ReadAhead(LongFunction<float[]> reading, long first) {
    this.reading = reading;
    update = first;
    ahead = submitted();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "dpm-read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  private Future<float[]> submitted() {
    long wanted = update;
    return worker.submit(() -> reading.apply(wanted));
  }

  /** The batch of the next update in turn; what was wrong with reading it is thrown here. */
  float[] next() {
    float[] batch = awaited();
    update++;
    ahead = submitted();
    return batch;
  }

  private float[] awaited() {
    try {
      return ahead.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      if (e.getCause() instanceof Error broken) {
        throw broken;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while update " + update + " was being read", e);
    }
  }

  /** Waits for a reading under way, whose result is dropped: its source is free afterwards. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      worker.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
