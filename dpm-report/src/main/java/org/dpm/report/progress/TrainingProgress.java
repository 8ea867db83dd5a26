package org.dpm.report.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far training has come: a bar on a terminal, and elsewhere, such as in a log file, a
 * plain line at every tenth. For use by one thread.
 */
public final class TrainingProgress implements AutoCloseable {

  private static final int UNITS = 1000;
  private static final int WIDTH = 100;
  private static final int EVERY_MILLIS = 250;

  private final PrintStream out;
  private final boolean terminal;
  private final InstantSource clock;

  private @Nullable Task task;

  /**
   * @param out where to, usually standard error
   * @param terminal whether a person watches {@code out}, so that a line may be written over
   * @param clock what time it is
   */
  public TrainingProgress(PrintStream out, boolean terminal, InstantSource clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Begins a training that is called {@code label}, and ends the one before it, if any. */
  public void start(String label) {
    done();
    task = new Task(label, terminal ? bar(label) : null, clock.instant());
  }

  private ProgressBar bar(String label) {
    return new ProgressBarBuilder()
        .setTaskName(label)
        .setInitialMax(UNITS)
        .setUpdateIntervalMillis(EVERY_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
        .setRenderer(new BarRenderer())
        .build();
  }

  /**
   * Says where the training stands.
   *
   * @param fractionDone from 0 to 1; a resumed training need not begin at 0
   * @param update how many updates have been made
   * @param boundBits K in bits as last evaluated, or NaN before
   */
  public void update(double fractionDone, long update, double boundBits) {
    if (task == null) {
      throw new IllegalStateException("update follows start, but nothing was started");
    }
    task.update(Math.max(0, Math.min(1, fractionDone)), update, boundBits);
  }

  /** Ends the training that was started; does nothing without one. */
  public void done() {
    if (task != null) {
      task.end();
      task = null;
    }
  }

  @Override
  public void close() {
    done();
  }

  /** One training from start to done. */
  private final class Task {

    private final String label;
    private final @Nullable ProgressBar bar;
    private final Instant begin;

    private double firstFraction = Double.NaN;
    private long firstUpdate;
    private int tenth = -1;

    Task(String label, @Nullable ProgressBar bar, Instant begin) {
      this.label = label;
      this.bar = bar;
      this.begin = begin;
    }

    void update(double fraction, long update, double boundBits) {
      if (Double.isNaN(firstFraction)) {
        firstFraction = fraction;
        firstUpdate = update;
      }
      String state = state(fraction, update, boundBits);
      if (bar != null) {
        bar.setExtraMessage(state);
        bar.stepTo(Math.round(fraction * UNITS));
      } else if ((int) (fraction * 10) > tenth) {
        tenth = (int) (fraction * 10);
        out.printf(Locale.ROOT, "%s %3.0f%%  %s%n", label, Math.floor(100 * fraction), state);
      }
    }

    private String state(double fraction, long update, double boundBits) {
      StringBuilder text = new StringBuilder("update " + update);
      if (!Double.isNaN(boundBits)) {
        text.append(String.format(Locale.ROOT, "  K %.3f bits", boundBits));
      }
      double seconds = Duration.between(begin, clock.instant()).toNanos() / 1e9;
      if (seconds > 0 && update > firstUpdate) {
        double rate = (update - firstUpdate) / seconds;
        text.append(String.format(Locale.ROOT, rate < 10 ? "  %.1f/s" : "  %.0f/s", rate));
      }
      if (fraction > firstFraction && fraction < 1) {
        double left = seconds * (1 - fraction) / (fraction - firstFraction);
        text.append("  ").append(clockTime(left)).append(" left");
      }
      return text.toString();
    }

    void end() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  /** 0:07, 12:34 or 1:02:03. */
  static String clockTime(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}
