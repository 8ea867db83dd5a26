package org.dpm.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * Memory that the calling thread keeps when its arrays are closed, until this is closed.
 *
 * <p>glibc asks the system for a large array by itself, or takes it from heaps of 64 MB, whose end
 * it gives back when nothing there is in use. After a backward pass most of the graph's memory goes
 * one way or the other, and the next update pays for its pages again: thousands of page faults, up
 * to a tenth of the time. Here heaps are made in which a large graph finds room, and something
 * stays in each. Nobody writes to it, so that heaps take addresses, and memory only as far as they
 * are used.
 *
 * <p>With other C libraries it does no harm and no good.
 */
public final class KeptMemory implements AutoCloseable {

  /** Arrays that fill a heap; of so many in a row one stays. */
  private static final int PER_HEAP = 8;

  /** More than most graphs need; what is beyond is given back as before. */
  private static final int HEAPS = 8;

  private static final Shape BLOCK = new Shape((60 << 20) / PER_HEAP / Float.BYTES);

  private final NDManager owner = NDManager.newBaseManager(Device.cpu());

  private KeptMemory() {
    try {
      // Until one of its size was freed, glibc asks the system for each block by itself.
      blocks().forEach(NDArray::close);
      List<NDArray> blocks = blocks();
      for (int i = 0; i < blocks.size(); i++) {
        if (i % PER_HEAP != 0) {
          blocks.get(i).close();
        }
      }
    } catch (EngineException e) {
      // Where even addresses are scarce the thread does without.
      owner.close();
    }
  }

  private List<NDArray> blocks() {
    return Stream.generate(() -> owner.create(BLOCK)).limit(PER_HEAP * HEAPS).toList();
  }

  /** From now on, for the thread that calls. */
  public static KeptMemory ofThisThread() {
    return new KeptMemory();
  }

  @Override
  public void close() {
    owner.close();
  }
}
