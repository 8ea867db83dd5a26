package org.dpm.report;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepDiagnosis;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.report.picture.Range;
import org.dpm.training.Metric;

/** The charts of one run. */
final class RunCharts {

  /** In lengths of the curve: a level that is farther away is told in words. */
  private static final double FAR = 5;

  /** More steps than this are shown as means of neighbours. */
  private static final int MOST_POINTS = 250;

  private final Findings run;
  private final Unit unit;

  RunCharts(Findings run) {
    this.run = run;
    this.unit = run.unit();
  }

  /** Where K stands. */
  String axis(Evaluation e) {
    double bound = unit.of(e.boundBits());
    double error = unit.of(e.boundStandardError());
    BitsAxis axis =
        new BitsAxis()
            .row(
                "model",
                "K %s ± %s".formatted(Markup.number(bound, 3), Markup.number(error, 3)),
                bound,
                error);
    double nothing = unit.of(e.nullBits());
    axis.level("null", "noise alone " + Markup.number(nothing, 3), nothing);
    e.trueLogDensityBits()
        .ifPresent(
            bits -> {
              double truth = unit.of(bits);
              axis.level("truth", "truth " + Markup.number(truth, 3), truth);
            });
    return axis.svg(unit.name());
  }

  /** Held-out K against updates. */
  String training() {
    double[] x = run.metrics().stream().mapToDouble(Metric::update).toArray();
    double[] y = metrics(Metric::boundBits);
    double[] error = metrics(Metric::boundStandardError);
    Chart chart =
        new Chart("Held-out K against updates of the parameters", "updates", "K, " + unit.name())
            .band("model", "", x, plus(y, error, -1), plus(y, error, 1))
            .dots("model", "held-out data ± one standard error", x, y);
    Range shown = afterTheStart(x, y, error);
    Range range = shown;
    if (run.evaluation().isPresent()) {
      Evaluation e = run.evaluation().get();
      if (e.trueLogDensityBits().isPresent()) {
        double truth = unit.of(e.trueLogDensityBits().getAsDouble());
        range = level(chart, "truth", "truth", truth, shown, range);
      }
      range = level(chart, "null", "noise alone", unit.of(e.nullBits()), shown, range);
    }
    double end = x[x.length - 1];
    return chart.within(new Range(0, 1.02 * end), range.ofLength(range.length() * 1.12)).html();
  }

  private double[] metrics(ToDoubleFunction<Metric> part) {
    return run.metrics().stream().mapToDouble(m -> unit.of(part.applyAsDouble(m))).toArray();
  }

  /** The steep beginning would flatten all the rest. */
  private static Range afterTheStart(double[] x, double[] y, double[] error) {
    double from = x[x.length - 1] / 10;
    int[] shown = IntStream.range(0, x.length).filter(i -> x[i] >= from || x.length == 1).toArray();
    return Range.of(
        Arrays.stream(shown)
            .boxed()
            .flatMapToDouble(i -> DoubleStream.of(y[i] - error[i], y[i] + error[i])));
  }

  private static Range level(
      Chart chart, String ink, String name, double level, Range curve, Range range) {
    String told = name + " " + Markup.number(level, 3);
    Range with = Range.of(DoubleStream.of(range.low(), range.high(), level));
    if (with.length() > FAR * curve.length()) {
      chart.remark(told + (level < curve.low() ? " is far below" : " is far above"));
      return range;
    }
    chart.reference(ink, told, level);
    return with;
  }

  /** What each step destroys. */
  String beta() {
    return new Chart("beta of every step, on a logarithmic axis", acrossName(), "β(t)")
        .logarithmic()
        .line("data", "β(t), the share that step t replaces by noise", all(), run.beta())
        .fit()
        .html();
  }

  /** How much signal is left. */
  String logSnr() {
    return new Chart(
            "Logarithm of the signal-to-noise ratio at every step", acrossName(), "log SNR, nats")
        .line("model", "log signal-to-noise ratio after step t", all(), run.logSnr())
        .fit()
        .html();
  }

  private String acrossName() {
    return "step t, of T = " + run.steps();
  }

  private double[] all() {
    return IntStream.rangeClosed(1, run.steps()).asDoubleStream().toArray();
  }

  /** What every step takes from K, within what the bounds allow. */
  String costs(StepProfile profile) {
    double[] x = steps(profile);
    double[] cost = each(profile, StepDiagnosis::cost);
    double[] error = each(profile, s -> s.contribution().standardError());
    return new Chart(
            "Cost of every step in bits, below the distance of the entropy bounds",
            acrossName(),
            unit.name())
        .band(
            "quiet",
            "how far the entropy bounds are apart",
            x,
            new double[x.length],
            each(profile, StepDiagnosis::room))
        .band("model", "", x, plus(cost, error, -1), plus(cost, error, 1))
        .line("model", "what step t takes from K, ± one standard error", x, cost)
        .fit()
        .html();
  }

  /**
   * The model's entropy between the bounds of the paper, all less the lower bound: the bounds are
   * far closer to each other than they are between the steps.
   */
  String entropies(StepProfile profile) {
    double[] x = steps(profile);
    return new Chart(
            "Entropy of every reverse step of the model above the paper's lower bound, and the upper bound",
            acrossName(),
            unit.name())
        .band(
            "quiet",
            "between the paper's bounds on H(X(t-1) | X(t))",
            x,
            new double[x.length],
            each(profile, StepDiagnosis::room))
        .line(
            "null",
            "mean entropy of the model's step",
            x,
            each(profile, s -> s.model().mean() - s.lower().mean()))
        .fit()
        .html();
  }

  /** In the unit of the page; means of a few steps each where there are very many. */
  private double[] each(StepProfile profile, ToDoubleFunction<StepDiagnosis> part) {
    return means(profile, s -> unit.of(part.applyAsDouble(s)));
  }

  private static double[] steps(StepProfile profile) {
    return means(profile, StepDiagnosis::place);
  }

  private static double[] means(StepProfile profile, ToDoubleFunction<StepDiagnosis> part) {
    int count = profile.steps().size();
    int points = Math.min(count, MOST_POINTS);
    return IntStream.range(0, points)
        .mapToDouble(
            i ->
                profile.steps().subList(i * count / points, (i + 1) * count / points).stream()
                    .mapToDouble(part)
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }

  private static double[] plus(double[] values, double[] errors, double times) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[i] + times * errors[i])
        .toArray();
  }
}
