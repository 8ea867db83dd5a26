package org.dpm.report.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.dpm.api.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far one task has come and how long it still takes: a bar on a terminal, and elsewhere a
 * plain line at every tenth, but for the first seconds. For use by one thread.
 */
public final class TaskProgress implements Progress, AutoCloseable {

  private static final int UNITS = 1000;
  private static final int WIDTH = 100;
  private static final int EVERY_MILLIS = 250;

  /** A log needs no lines of what is done as soon as it is begun. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final PrintStream out;
  private final String label;
  private final InstantSource clock;
  private final Instant begin;
  private final @Nullable ProgressBar bar;
  private int tenth;

  /**
   * Begins.
   *
   * @param out where to, usually standard error
   * @param terminal whether a person watches {@code out}, so that a line may be written over
   * @param clock what time it is
   * @param label what the task is called
   */
  public TaskProgress(PrintStream out, boolean terminal, InstantSource clock, String label) {
    this.out = out;
    this.label = label;
    this.clock = clock;
    begin = clock.instant();
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(label)
                .setInitialMax(UNITS)
                .setUpdateIntervalMillis(EVERY_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .setRenderer(new BarRenderer())
                .build()
            : null;
  }

  /** Says that a fraction from 0 to 1 is done. */
  @Override
  public void report(double fraction) {
    if (bar != null) {
      bar.setExtraMessage(left(fraction));
      bar.stepTo(Math.round(fraction * UNITS));
    } else if ((int) (fraction * 10) > tenth) {
      tenth = (int) (fraction * 10);
      if (Duration.between(begin, clock.instant()).compareTo(PATIENCE) < 0) {
        return;
      }
      String line = "%s %3.0f%%  %s".formatted(label, Math.floor(100 * fraction), left(fraction));
      out.println(line.stripTrailing());
    }
  }

  private String left(double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      return "";
    }
    double seconds = Duration.between(begin, clock.instant()).toNanos() / 1e9;
    return TrainingProgress.clockTime(seconds * (1 - fraction) / fraction) + " left";
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
