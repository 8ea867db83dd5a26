package org.dpm.cli;

import java.io.PrintWriter;
import org.dpm.evaluation.Evaluation;
import org.dpm.report.Unit;

/** The figures of an evaluation, for a person to read. */
final class Summary {

  private final Evaluation evaluation;

  Summary(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** What figures for one example are divided by to be told. */
  static double unit(long dimensions) {
    return Unit.of(dimensions).size();
  }

  /** What they are told in. */
  static String unitName(long dimensions) {
    return Unit.of(dimensions).name();
  }

  void print(PrintWriter out) {
    Evaluation e = evaluation;
    double unit = unit(e.dimensions());
    String bits = unitName(e.dimensions());
    out.printf(
        "  K          %9.4f  +- %.4f %s, from %s of %d steps of %,d held-out examples; last step %s%n",
        e.boundBits() / unit,
        e.boundStandardError() / unit,
        bits,
        e.timesteps() == e.steps() ? "all" : Integer.toString(e.timesteps()),
        e.steps(),
        e.examples(),
        e.lastStep().equals("forward") ? "as in the paper" : e.lastStep());
    out.printf(
        "                        of that %.4f by chance in the estimate, %.4f by the choice of examples%n",
        e.boundEstimateError() / unit, e.boundExampleError() / unit);
    e.trueLogDensityBits()
        .ifPresent(
            truth ->
                out.printf("  truth      %9.4f  the true log density of these%n", truth / unit));
    out.printf("  L_null     %9.4f  with the noise alone for a model%n", e.nullBits() / unit);
    out.printf("  K - L_null %9.4f%n", e.gainBits() / unit);
    if (unit > 1) {
      out.printf(
          "  that is K %.1f and K - L_null %.1f bits/example%n", e.boundBits(), e.gainBits());
    }
    e.dataBitsPerDimension()
        .ifPresent(
            data ->
                out.printf(
                    "  as code    %9.4f  bits/dimension of the stored numbers (less is better)%n",
                    data));
    out.printf(
        "  trained for %.1f s, %,d updates, %,d parameters%n",
        e.trainingSeconds(), e.updates(), e.parameters());
    e.compare().ifPresent(others -> out.printf("  compare    %s%n", others));
  }
}
