package org.dpm.training;

import java.io.IOException;
import java.util.List;
import org.dpm.core.RunDirectory;

/**
 * One look at a model that learns: a line of {@link RunDirectory#metrics}.
 *
 * @param update how many updates there had been
 * @param seconds since training began
 * @param loss mean training loss since the line before, in the objective's unit
 * @param boundBits held-out K of the averaged weights, bits per example, z-scored units
 * @param boundStandardError of {@code boundBits}
 * @param rate learning rate
 * @param gradientNorm mean over the updates since the line before
 */
public record Metric(
    long update,
    double seconds,
    double loss,
    double boundBits,
    double boundStandardError,
    double rate,
    double gradientNorm) {

  /**
   * Those that a run directory keeps, in the order of the updates; none where it has no such file.
   *
   * @throws org.dpm.api.InvalidInput if a line is not one, saying which
   */
  public static List<Metric> read(RunDirectory directory) throws IOException {
    return JsonLines.read(directory.metrics(), Metric.class);
  }

  static void write(RunDirectory directory, List<Metric> metrics) throws IOException {
    JsonLines.write(directory.metrics(), metrics);
  }
}
