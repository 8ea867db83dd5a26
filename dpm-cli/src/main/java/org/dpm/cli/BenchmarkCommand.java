package org.dpm.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.dpm.api.DataSource;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.training.Benchmark;
import org.dpm.training.Benchmark.Comparison;
import org.dpm.training.Benchmark.Figure;
import org.dpm.training.Benchmark.Part;
import org.dpm.training.Benchmark.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dpm benchmark}. */
@Command(
    name = "benchmark",
    description = {
      "Measure how fast a pipeline trains, draws and is evaluated on this machine.",
      "Nothing is written. OMP_NUM_THREADS says how many threads share one operation."
    },
    mixinStandardHelpOptions = true)
final class BenchmarkCommand implements Callable<Integer>, CommonOptions.Owner {

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineChoice choice = new PipelineChoice();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often to measure everything, after a first time that does not count.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "How long to train, draw and evaluate in each round, at least.")
  private double seconds;

  @Option(
      names = "--plain",
      description =
          "Train the same network in DJL's own layers with DJL's own trainer as well, in turn with"
              + " ours. For the paper's image network at the published sizes: fashion-mnist-paper.")
  private boolean plain;

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() {
    Arguments.require(rounds >= 1, "--rounds must be at least 1, but is " + rounds);
    Arguments.require(
        seconds > 0 && Double.isFinite(seconds), "--seconds must be above 0, but is " + seconds);
    try (Registry registry = common.registry()) {
      Pipeline pipeline = choice.read(registry);
      DataSource source = Wiring.dataSource(registry, pipeline);
      Examples examples = new Examples(source);
      try (Model model =
          Model.create(registry, pipeline, examples.describe(pipeline.training().seed()))) {
        Benchmark benchmark = new Benchmark(model, examples, rounds, seconds);
        Report report = plain ? benchmark.runWithPlain() : benchmark.run();
        print(report, common.talk());
        common.printJson(report);
      }
    }
    return 0;
  }

  private void print(Report r, PrintWriter out) {
    out.printf(
        "%s: batches of %,d, %,d parameters, threads: %d; median (least to most) of %d rounds%n",
        choice.name(), r.batch(), r.parameters(), r.threads(), r.rounds());
    line(out, "training", r.trainingExamplesPerSecond(), "examples/s");
    for (Part part : r.parts()) {
      out.printf(
          "    %-20s %9.2f ms an update  %5.1f %%%n",
          part.name(), part.milliseconds(), 100 * part.share());
    }
    r.plain().ifPresent(plainly -> compare(out, plainly));
    line(
        out,
        "sampling",
        r.samplingStepsPerSecond(),
        "steps/s, each of %d examples".formatted(r.drawn()));
    line(
        out,
        "evaluation",
        r.evaluationExamplesPerSecond(),
        "examples/s, at %d steps each".formatted(r.timesteps()));
    out.printf("  peak memory  %,d MB (%s)%n", r.peakMegabytes(), r.memory());
  }

  private static void compare(PrintWriter out, Comparison plainly) {
    line(out, "plain DJL", plainly.trainingExamplesPerSecond(), "examples/s");
    line(out, "ratio", plainly.ratio(), "times as fast as plain DJL");
    line(out, "", plainly.processorRatio(), "by processor time, which other programs disturb less");
  }

  private static void line(PrintWriter out, String what, Figure figure, String unit) {
    out.printf(
        "  %-12s %9.2f (%.2f to %.2f) %s%n",
        what, figure.median(), figure.least(), figure.most(), unit);
  }
}
