package org.dpm.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.training.Metric;

/** The figures of a run that come first, each with what it is to be compared with. */
final class Headline {

  /** One figure. */
  record Card(String ink, String name, String value, String detail) {}

  /**
   * An example of which a smaller part of the trajectories is effective has an L that is too low.
   */
  private static final double LITTLE = 0.1;

  private final Findings run;
  private final Unit unit;

  Headline(Findings run) {
    this.run = run;
    this.unit = run.unit();
  }

  /** What this is, in a line. */
  String lead() {
    return "A density of examples of %s, learned by undoing %,d steps of noise."
        .formatted(run.shape(), run.steps());
  }

  List<Card> cards() {
    List<Card> cards = new ArrayList<>();
    run.evaluation().ifPresentOrElse(e -> measured(e, cards), () -> remembered(cards));
    run.metrics().stream()
        .max(Comparator.comparingLong(Metric::update))
        .ifPresent(
            m ->
                cards.add(
                    new Card(
                        "data",
                        "Training",
                        duration(m.seconds()),
                        "%,d updates; those of update %,d were kept"
                            .formatted(m.update(), run.keptUpdate()))));
    return cards;
  }

  private void measured(Evaluation e, List<Card> cards) {
    double bound = unit.of(e.boundBits());
    String looked = e.timesteps() == e.steps() ? "all" : Integer.toString(e.timesteps());
    cards.add(
        new Card(
            "model",
            "K, the lower bound on the log likelihood",
            number(bound) + " ± " + number(unit.of(e.boundStandardError())),
            "%s, from %s of %,d steps of %,d held-out examples; last step %s"
                    .formatted(
                        unit.name(),
                        looked,
                        e.steps(),
                        e.examples(),
                        e.lastStep().equals("forward") ? "as in the paper" : e.lastStep())
                + ". Of the error %s is chance in the estimate, %s the choice of examples"
                    .formatted(
                        number(unit.of(e.boundEstimateError())),
                        number(unit.of(e.boundExampleError())))));
    run.likelihood().ifPresent(l -> cards.add(likelihood(l)));
    e.trueLogDensityBits()
        .ifPresent(
            bits -> {
              double truth = unit.of(bits);
              cards.add(
                  new Card(
                      "truth",
                      "The truth, which no K can pass but by chance",
                      number(truth),
                      "K is %s below it".formatted(number(truth - bound))));
            });
    cards.add(
        new Card(
            "null",
            "Gain over the noise alone, K − L_null",
            number(unit.of(e.gainBits())),
            "L_null is " + number(unit.of(e.nullBits()))));
    e.dataBitsPerDimension()
        .ifPresent(
            bits ->
                cards.add(
                    new Card(
                        "truth",
                        "As a code for the stored numbers",
                        number(bits),
                        "bits/dimension; less is better")));
  }

  private Card likelihood(TrajectoryFigures l) {
    OptionalDouble error = l.likelihoodStandardError();
    String effective =
        l.leastEffectiveTrajectories() < LITTLE * l.trajectories()
            ? "%.0f of them effective on average, %.1f for the worst example: L is still too low"
            : "%.0f of them effective on average, %.0f for the worst example";
    String truth =
        l.trueLogDensityBits().isPresent()
            ? "; the truth of these is " + number(unit.of(l.trueLogDensityBits().getAsDouble()))
            : "";
    return new Card(
        "model",
        "L, the log likelihood itself",
        number(unit.of(l.likelihoodBits()))
            + (error.isPresent() ? " ± " + number(unit.of(error.getAsDouble())) : ""),
        "%s, from %,d trajectories of each of %,d held-out examples, "
                .formatted(unit.name(), l.trajectories(), l.examples())
            + effective.formatted(l.effectiveTrajectories(), l.leastEffectiveTrajectories())
            + "; K of the same is "
            + number(unit.of(l.boundBits()))
            + truth);
  }

  /** Without the data, what was seen during training. */
  private void remembered(List<Card> cards) {
    Optional<Metric> kept =
        run.metrics().stream().filter(m -> m.update() == run.keptUpdate()).findFirst();
    kept.ifPresent(
        m ->
            cards.add(
                new Card(
                    "model",
                    "K on held-out data, during training",
                    number(unit.of(m.boundBits()))
                        + " ± "
                        + number(unit.of(m.boundStandardError())),
                    "%s; it chose the weights, so it is a little too good"
                        .formatted(unit.name()))));
  }

  /** What the profile is of. */
  String profiled() {
    StepProfile profile = run.profile().orElseThrow();
    int length = profile.steps().get(0).count();
    String examples = "From %,d held-out examples".formatted(profile.examples());
    return length == 1
        ? examples + ", each at every step."
        : examples
            + ", each at one step of every stretch of %d; the charts show the mean step of a stretch."
                .formatted(length);
  }

  /** What K has besides its steps. */
  String ends() {
    StepProfile profile = run.profile().orElseThrow();
    return "Besides the steps K has %s for what the noise leaves of the data at t = T, and %s for the last step, from x(1) to x(0); in all %s ± %s %s."
        .formatted(
            number(unit.of(profile.prior().mean())),
            number(unit.of(profile.last().mean())),
            number(unit.of(profile.bound().mean())),
            number(unit.of(profile.bound().standardError())),
            unit.name());
  }

  private static String number(double value) {
    return Markup.number(value, 3);
  }

  private static String duration(double seconds) {
    return seconds < 100
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.1f min", seconds / 60);
  }
}
