package org.dpm.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepDiagnosis;
import org.dpm.training.Metric;

/** Several runs side by side. */
final class Comparison {

  /** One line of a table. */
  record Line(String ink, String name, List<String> values) {}

  private static final int INKS = 6;

  /** Truths that differ by more bits belong to different data. */
  private static final double SAME = 1e-6;

  private final List<Findings> runs;
  private final Unit unit;

  Comparison(List<Findings> runs) {
    this.runs = List.copyOf(runs);
    this.unit = runs.get(0).unit();
  }

  String title() {
    return runs.stream().map(Findings::name).collect(Collectors.joining(" · "));
  }

  List<Findings> runs() {
    return runs;
  }

  List<String> missing() {
    return runs.stream()
        .flatMap(
            r -> r.missing().stream().map(m -> r.name() + ": its data are no longer there: " + m))
        .toList();
  }

  /**
   * Whether bits of one are bits of another: of examples of the same shape and in the same units,
   * and of the same data, by their settings or by their truth.
   */
  boolean comparable() {
    return runs.stream().mapToLong(Findings::dimensions).distinct().count() == 1
        && runs.stream().map(Findings::standardised).distinct().count() == 1
        && (sameData() || sameTruth());
  }

  private boolean sameData() {
    return differences().stream().noneMatch(line -> line.name().startsWith("data."));
  }

  private boolean sameTruth() {
    double[] truths =
        evaluations().flatMapToDouble(e -> e.trueLogDensityBits().stream()).sorted().toArray();
    return truths.length == runs.size() && truths[truths.length - 1] - truths[0] < SAME;
  }

  private Stream<Evaluation> evaluations() {
    return runs.stream().flatMap(r -> r.evaluation().stream());
  }

  List<String> columns() {
    List<String> figures = new ArrayList<>(List.of("run", "K ± s.e."));
    if (anyLikelihood()) {
      figures.add("L ± s.e.");
    }
    if (anyTruth()) {
      figures.add("truth");
    }
    List<String> rest = List.of("K − L_null", "unit", "T", "parameters", "updates", "training");
    return Stream.concat(figures.stream(), rest.stream()).toList();
  }

  private boolean anyLikelihood() {
    return runs.stream().anyMatch(run -> run.likelihood().isPresent());
  }

  private boolean anyTruth() {
    return evaluations().anyMatch(e -> e.trueLogDensityBits().isPresent());
  }

  List<Line> lines() {
    return IntStream.range(0, runs.size())
        .mapToObj(i -> new Line(ink(i), runs.get(i).name(), values(runs.get(i))))
        .toList();
  }

  private static String ink(int run) {
    return "r" + (run % INKS + 1);
  }

  private List<String> values(Findings run) {
    Unit own = run.unit();
    Optional<Evaluation> measured = run.evaluation();
    List<String> values = new ArrayList<>();
    values.add(
        figure(
            measured,
            e -> number(own.of(e.boundBits())) + " ± " + number(own.of(e.boundStandardError()))));
    if (anyLikelihood()) {
      values.add(figure(measured, e -> likelihood(run)));
    }
    if (anyTruth()) {
      values.add(
          figure(
              measured,
              e ->
                  e.trueLogDensityBits().isPresent()
                      ? number(own.of(e.trueLogDensityBits().getAsDouble()))
                      : "unknown"));
    }
    values.add(figure(measured, e -> number(own.of(e.gainBits()))));
    values.add(own.name());
    values.add("%,d".formatted(run.steps()));
    values.add(run.provenance("parameters"));
    values.add(run.provenance("training.updates"));
    values.add(Markup.number(Double.parseDouble(run.provenance("training.seconds")), 0) + " s");
    return values;
  }

  private static String figure(Optional<Evaluation> measured, Function<Evaluation, String> figure) {
    return measured.map(figure).orElse("no data");
  }

  private static String likelihood(Findings run) {
    Unit own = run.unit();
    return run.likelihood()
        .map(
            l ->
                number(own.of(l.likelihoodBits()))
                    + " ± "
                    + number(own.of(l.likelihoodStandardError().orElse(Double.NaN))))
        .orElse("–");
  }

  private static String number(double value) {
    return Markup.number(value, 3);
  }

  /** Every K on one axis. */
  String axis() {
    BitsAxis axis = new BitsAxis();
    each(
        (run, ink) ->
            run.evaluation()
                .ifPresent(
                    e -> {
                      double bound = unit.of(e.boundBits());
                      axis.row(
                          ink,
                          run.name() + " " + number(bound),
                          bound,
                          unit.of(e.boundStandardError()));
                    }));
    evaluations()
        .flatMapToDouble(e -> e.trueLogDensityBits().stream())
        .findFirst()
        .ifPresent(truth -> axis.level("truth", "truth " + number(unit.of(truth)), unit.of(truth)));
    return axis.isEmpty() ? "" : axis.svg(unit.name());
  }

  private void each(BiConsumer<Findings, String> use) {
    for (int i = 0; i < runs.size(); i++) {
      use.accept(runs.get(i), ink(i));
    }
  }

  /** Held-out K against time, which runs of all kinds share. */
  String training() {
    Chart chart =
        new Chart(
            "Held-out K of every run against the seconds of its training",
            "seconds",
            "K, " + unit.name());
    each(
        (run, ink) -> {
          // The steep beginning would flatten all the rest.
          List<Metric> shown =
              run.metrics().subList(run.metrics().size() / 10, run.metrics().size());
          chart.dots(
              ink,
              run.name(),
              shown.stream().mapToDouble(Metric::seconds).toArray(),
              shown.stream().mapToDouble(m -> unit.of(m.boundBits())).toArray());
        });
    return chart.fit().html();
  }

  /** The cost of the steps, as a density in t / T: the areas compare, whatever T is. */
  String costs() {
    Chart chart =
        new Chart(
            "Bits that the steps take from K, as a density over t / T",
            "t / T",
            unit.name() + " per t / T");
    each(
        (run, ink) ->
            run.profile()
                .ifPresent(
                    p -> {
                      double steps = run.steps();
                      chart.line(
                          ink,
                          run.name(),
                          p.steps().stream().mapToDouble(s -> s.place() / steps).toArray(),
                          p.steps().stream()
                              .mapToDouble(StepDiagnosis::cost)
                              .map(c -> unit.of(c) * steps)
                              .toArray());
                    }));
    return chart.fit().html();
  }

  String logSnr() {
    Chart chart = new Chart("Log signal-to-noise ratio of every run", "t / T", "log SNR, nats");
    each(
        (run, ink) ->
            chart.line(
                ink,
                run.name(),
                IntStream.rangeClosed(1, run.steps())
                    .mapToDouble(t -> (double) t / run.steps())
                    .toArray(),
                run.logSnr()));
    return chart.fit().html();
  }

  /** The settings that are not the same in all. */
  List<Line> differences() {
    List<Map<String, String>> settings = runs.stream().map(Comparison::settings).toList();
    Set<String> paths = new LinkedHashSet<>();
    settings.forEach(s -> paths.addAll(s.keySet()));
    return paths.stream()
        .map(path -> new Line("", path, settings.stream().map(s -> value(s, path)).toList()))
        .filter(line -> Set.copyOf(line.values()).size() > 1)
        .toList();
  }

  private static String value(Map<String, String> settings, String path) {
    return settings.getOrDefault(path, "–");
  }

  private static Map<String, String> settings(Findings run) {
    try {
      return Leaves.of(YAMLMapper.builder().build().readTree(run.pipeline()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a pipeline that was read as one is no YAML", e);
    }
  }
}
