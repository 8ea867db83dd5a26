package org.dpm.report.progress;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** One line: name, percent, bar, and what the training has to say. */
final class BarRenderer implements ProgressBarRenderer {

  private static final int CELLS = 24;

  @Override
  public String render(ProgressState state, int maxLength) {
    double fraction = state.getNormalizedProgress();
    int full = (int) Math.round(fraction * CELLS);
    String line =
        String.format(
            Locale.ROOT,
            "%s %3d%% [%s%s]  %s",
            state.getTaskName(),
            (int) Math.floor(100 * fraction),
            "=".repeat(full),
            " ".repeat(CELLS - full),
            state.getExtraMessage());
    return line.length() > maxLength ? line.substring(0, Math.max(0, maxLength)) : line;
  }
}
