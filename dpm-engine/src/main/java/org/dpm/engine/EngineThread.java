package org.dpm.engine;

import ai.djl.pytorch.jni.JniUtils;

/** A thread that computes by itself beside others, and keeps its memory from task to task. */
public final class EngineThread extends Thread {

  private final Runnable task;

  /**
   * A daemon, not started.
   *
   * @param name for people to find it by
   */
  public EngineThread(Runnable task, String name) {
    super(name);
    this.task = task;
    setDaemon(true);
  }

  @Override
  public void run() {
    // Both are settings of a thread.
    JniUtils.setNumThreads(1);
    JniUtils.setGraphExecutorOptimize(false);
    try (KeptMemory memory = KeptMemory.ofThisThread()) {
      task.run();
    }
  }
}
