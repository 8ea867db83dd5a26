package org.dpm.cli;

import org.dpm.api.Progress;
import org.dpm.report.progress.TaskProgress;
import org.jspecify.annotations.Nullable;

/** The progress of a task that begins when it is first heard of, after others. */
final class LateProgress implements Progress, AutoCloseable {

  private final String label;
  private final CommonOptions common;
  private @Nullable TaskProgress progress;
  private boolean ended;

  LateProgress(String label, CommonOptions common) {
    this.label = label;
    this.common = common;
  }

  @Override
  public void report(double fraction) {
    if (ended) {
      return;
    }
    if (progress == null) {
      progress = common.progress(label);
    }
    progress.report(fraction);
    if (fraction >= 1) {
      close();
    }
  }

  @Override
  public void close() {
    if (progress != null && !ended) {
      ended = true;
      progress.close();
    }
  }
}
