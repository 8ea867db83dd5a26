package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/**
 * The backward pass as it may come in a long training: after a garbage collection. What {@code
 * NDArray.mul(Number)} and its like leave behind is freed by then, and the gradient is a multiple
 * of whatever stands there now.
 */
final class LateBackward {

  /** Small arrays that take the place of what was freed. */
  private static final int NEW = 2000;

  private static final int MILLIS = 100;

  private LateBackward() {}

  static void of(GradientCollector collector, NDArray loss) {
    BufferPoolMXBean buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    // Held by nobody: that there are fewer again shows that the collector's work is done.
    ByteBuffer.allocateDirect(1);
    long before = buffers.getCount();
    System.gc();
    try (NDManager own = NDManager.newBaseManager()) {
      for (int i = 0; i < MILLIS && buffers.getCount() >= before; i++) {
        Thread.sleep(1);
      }
      for (int i = 0; i < NEW; i++) {
        own.create(1e9f);
      }
      collector.backward(loss);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while memory was freed", e);
    }
  }
}
