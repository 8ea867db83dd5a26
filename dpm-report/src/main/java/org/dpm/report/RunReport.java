package org.dpm.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.api.Progress;
import org.dpm.api.WholeFile;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.core.Wiring;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.Evaluator;
import org.dpm.evaluation.KeptEvaluation;
import org.dpm.evaluation.Subset;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.evaluation.diagnostics.Verdict;
import org.dpm.evaluation.likelihood.LikelihoodEvaluator;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.training.Metric;

/**
 * All that there is to tell of one run, ready to be written as a page of its own or with others.
 */
public final class RunReport {

  private final Findings findings;

  private RunReport(Findings findings) {
    this.findings = findings;
  }

  /**
   * Of a run that has just been measured.
   *
   * @param progress is told the fraction that is done
   */
  public static RunReport of(
      Model model,
      Path directory,
      DataSource source,
      Evaluation evaluation,
      List<Metric> metrics,
      Progress progress)
      throws IOException {
    return new RunReport(
        new Examination(model, new RunDirectory(directory), Optional.of(source), progress)
            .findings(Optional.of(evaluation), Optional.empty(), metrics, Optional.empty()));
  }

  /**
   * Of a run directory, which is measured anew, but for K where that was kept when it was trained.
   * Where its data are no longer there the report does without.
   *
   * @param device where to compute; empty for what the pipeline says
   * @param request whether the log likelihood is to be shown, and of what
   * @param progress is told the fraction that is done, without K and L
   * @throws InvalidInput if this is no run directory, or its model cannot be read
   */
  public static RunReport of(
      Path directory,
      Registry registry,
      Optional<String> device,
      Optional<LikelihoodRequest> request,
      Progress progress)
      throws IOException {
    try (Model model = Model.load(directory, registry, device)) {
      List<Metric> metrics = Metric.read(new RunDirectory(directory));
      DataSource source;
      try {
        source = Wiring.dataSource(registry, model.pipeline());
      } catch (InvalidInput gone) {
        return new RunReport(
            new Examination(model, new RunDirectory(directory), Optional.empty(), progress)
                .findings(
                    Optional.empty(),
                    Optional.empty(),
                    metrics,
                    Optional.of(String.join(" ", gone.problems()))));
      }
      Evaluation evaluation =
          KeptEvaluation.read(new RunDirectory(directory), source)
              .orElseGet(() -> Evaluator.evaluate(model, source, directory, Progress.NONE));
      Optional<TrajectoryFigures> likelihood = request.map(r -> likelihood(model, source, r));
      return new RunReport(
          new Examination(model, new RunDirectory(directory), Optional.of(source), progress)
              .findings(Optional.of(evaluation), likelihood, metrics, Optional.empty()));
    }
  }

  private static TrajectoryFigures likelihood(
      Model model, DataSource source, LikelihoodRequest request) {
    Subset chosen = new Subset(source, request.examples(), model.pipeline().training().seed());
    try (LikelihoodEvaluator evaluator =
        new LikelihoodEvaluator(model, model.pipeline().trajectory(), chosen)) {
      return evaluator.trajectories(request.trajectories(), request.progress());
    }
  }

  /** The figures, where there are data to measure on. */
  public Optional<Evaluation> evaluation() {
    return findings.evaluation();
  }

  /** L, where it was asked for and there are data to measure on. */
  public Optional<TrajectoryFigures> likelihood() {
    return findings.likelihood();
  }

  /** What its steps cost, where there are data. */
  public Optional<StepProfile> profile() {
    return findings.profile();
  }

  /** Samples in data units, as the page shows them. */
  public float[][] samples() {
    return findings.drawn();
  }

  /** What its steps say; nothing without data. */
  public List<Verdict> verdicts() {
    return findings.verdicts();
  }

  /** Why there are no data, where there are none. */
  public Optional<String> missing() {
    return findings.missing();
  }

  /** Writes a page about this run alone, whole or not at all. */
  public void write(Path file) throws IOException {
    render(
        "report.jte",
        Map.of(
            "run", findings,
            "charts", new RunCharts(findings),
            "headline", new Headline(findings)),
        file);
  }

  /** Writes a page that compares several runs, whole or not at all. */
  public static void compare(List<RunReport> reports, Path file) throws IOException {
    List<Findings> runs = reports.stream().map(report -> report.findings).toList();
    render("compare.jte", Map.of("comparison", new Comparison(runs)), file);
  }

  private static void render(String template, Map<String, Object> parameters, Path file)
      throws IOException {
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("style", resource("report.css"));
    all.put("script", resource("report.js"));
    TemplateEngine engine =
        TemplateEngine.createPrecompiled(
            null,
            ContentType.Html,
            RunReport.class.getClassLoader(),
            RunReport.class.getPackageName());
    TemplateOutput page = new StringOutput();
    engine.render(template, all, page);
    WholeFile.write(file, page.toString());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RunReport.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(in, name + " is part of this package").readAllBytes(),
          StandardCharsets.UTF_8);
    }
  }
}
