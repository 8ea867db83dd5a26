package org.dpm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.evaluation.Subset;
import org.dpm.evaluation.likelihood.FlowFigures;
import org.dpm.evaluation.likelihood.FlowLikelihood;
import org.dpm.evaluation.likelihood.LikelihoodEvaluator;
import org.dpm.evaluation.likelihood.ParzenFigures;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import picocli.CommandLine.Option;

/** What {@code dpm evaluate} is asked beyond K, and of which examples. */
final class LikelihoodOptions {

  /** So many examples are enough for a mean, unless every one of them is asked for. */
  static final int ENOUGH = 1000;

  /** Trajectories for each line of a table unless the user says how many. */
  private static final int FEW = 10;

  @Option(
      names = "--likelihood",
      paramLabel = "S",
      description =
          "Estimate the log likelihood L from S trajectories of each example; it rises from K at S"
              + " = 1 towards the truth. For every kernel.")
  private Optional<Integer> trajectories = Optional.empty();

  @Option(
      names = "--flow",
      description = "Evaluate the log likelihood by the probability flow. For Gaussian kernels.")
  private boolean flow;

  @Option(
      names = "--parzen",
      paramLabel = "N",
      description =
          "Estimate the log density from N samples by a Parzen window, as published for MNIST.")
  private Optional<Integer> parzen = Optional.empty();

  @Option(
      names = "--per-example",
      paramLabel = "FILE",
      description =
          "Write K and L of every example into a .csv file, in bits and data units: the least"
              + " probable are the anomalies. With --likelihood, or S = 10.")
  private Optional<Path> table = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Examples to evaluate instead of the held-out ones: a file of the kind that the model"
              + " was trained on, or such a folder of images.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Use N of the examples, chosen at random. By default K and --per-example use all, and"
              + " the others 1000.")
  private Optional<Integer> count = Optional.empty();

  /**
   * The examples that were asked for.
   *
   * @throws InvalidInput if the options make no sense, or the file is not what the model knows, or
   *     if the model has no flow and that was asked for
   */
  DataSource examples(DataSource trainedOn, Model model) {
    Arguments.atLeastOne("--likelihood", trajectories);
    Arguments.atLeastOne("--parzen", parzen);
    Arguments.atLeastOne("--count", count);
    table.ifPresent(LikelihoodOptions::checkTable);
    table.ifPresent(file -> Arguments.writable(file, "Say where with --per-example FILE"));
    if (flow) {
      // Refused before K, which may take minutes.
      FlowLikelihood.of(model);
    }
    DataSource source = data.map(trainedOn::withHeldOut).orElse(trainedOn);
    if (data.isPresent()) {
      new Examples(source).check(model.data());
    }
    return count.map(most -> subset(source, most, model)).orElse(source);
  }

  private static void checkTable(Path file) {
    Arguments.require(
        file.toString().endsWith(".csv"), "--per-example must name a .csv file, but is " + file);
    Arguments.require(
        !Files.isDirectory(file),
        "--per-example must name a file, but %s is a directory".formatted(file));
  }

  private static DataSource subset(DataSource source, int most, Model model) {
    return new Subset(source, most, model.pipeline().training().seed());
  }

  /** Estimates and tells what was asked for, if anything was. */
  void evaluate(Model model, Grid grid, DataSource source, CommonOptions common, ObjectNode json)
      throws IOException {
    if (trajectories.isEmpty() && !flow && parzen.isEmpty() && table.isEmpty()) {
      return;
    }
    DataSource enough =
        count.isPresent() || table.isPresent() ? source : subset(source, ENOUGH, model);
    double unit = Summary.unit(model.layout().dimensions());
    String bits = Summary.unitName(model.layout().dimensions());
    try (LikelihoodEvaluator evaluator = new LikelihoodEvaluator(model, grid, enough)) {
      common.talk().printf("  of %,d of these examples, %s:%n", enough.count(Split.HELD_OUT), bits);
      json.put("dataUnitsBits", evaluator.dataUnitsBits());
      if (trajectories.isPresent() || table.isPresent()) {
        int each = trajectories.orElse(FEW);
        TrajectoryFigures figures =
            common.timed("trajectories", progress -> evaluator.trajectories(each, progress));
        json.putPOJO("likelihood", figures);
        print(common.talk(), figures, unit);
      }
      if (flow) {
        FlowFigures figures = common.timed("flow", evaluator::flow);
        json.putPOJO("flow", figures);
        print(common.talk(), figures, unit);
      }
      if (parzen.isPresent()) {
        int samples = parzen.get();
        ParzenFigures figures =
            common.timed("Parzen window", progress -> evaluator.parzen(samples, progress));
        json.putPOJO("parzen", figures);
        print(common.talk(), figures, unit);
      }
      if (table.isPresent()) {
        evaluator.write(table.get());
        json.put("perExample", table.get().toString());
        common.talk().printf("  every example in %s%n", table.get());
      }
    }
  }

  static void print(PrintWriter out, TrajectoryFigures figures, double unit) {
    out.printf(
        "  L          %9.4f  %s from %,d trajectories of each; of them %.1f effective, %.1f at"
            + " least%n",
        figures.likelihoodBits() / unit,
        error(figures.likelihoodStandardError(), unit),
        figures.trajectories(),
        figures.effectiveTrajectories(),
        figures.leastEffectiveTrajectories());
    out.printf(
        "  K          %9.4f  %s from the same%n",
        figures.boundBits() / unit, error(figures.boundStandardError(), unit));
    truth(out, figures.trueLogDensityBits(), unit);
  }

  private static void print(PrintWriter out, FlowFigures figures, double unit) {
    out.printf(
        "  L by flow  %9.4f  %s blurred by %.2g deviations; moved by %.2g when last refined%n",
        figures.likelihoodBits() / unit,
        error(figures.likelihoodStandardError(), unit),
        figures.blur(),
        figures.refinementBits() / unit);
    truth(out, figures.trueLogDensityBits(), unit);
  }

  private static void print(PrintWriter out, ParzenFigures figures, double unit) {
    out.printf(
        "  by Parzen  %9.4f  %s on %,d of them, from %,d samples; width %.3f by the other %,d%n",
        figures.likelihoodBits() / unit,
        error(figures.likelihoodStandardError(), unit),
        figures.examples(),
        figures.samples(),
        figures.bandwidth(),
        figures.validationExamples());
    out.printf(
        "  that is %.2f nats/example in data units, %.2f for data scaled to [0, 1]%n",
        figures.dataNats(), figures.unitRangeNats());
  }

  private static void truth(PrintWriter out, OptionalDouble bits, double unit) {
    bits.ifPresent(truth -> out.printf("  truth      %9.4f  of these%n", truth / unit));
  }

  private static String error(OptionalDouble error, double unit) {
    return error.isPresent() ? "+- %.4f".formatted(error.getAsDouble() / unit) : "";
  }
}
