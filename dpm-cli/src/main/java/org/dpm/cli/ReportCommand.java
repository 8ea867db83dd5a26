package org.dpm.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dpm.api.InvalidInput;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.evaluation.diagnostics.Verdict;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.report.LikelihoodRequest;
import org.dpm.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dpm report}. */
@Command(
    name = "report",
    description = {
      "Write a page about a trained model that opens in any browser, or one that compares several.",
      "K is what was measured after training, if that is in the run; all else is measured anew."
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer>, CommonOptions.Owner {

  /** What {@code --json} prints of a run. */
  private record Run(
      String directory,
      Optional<Evaluation> evaluation,
      Optional<TrajectoryFigures> likelihood,
      Optional<StepProfile> profile,
      List<Verdict> verdicts) {}

  /** What {@code --json} prints. */
  private record Result(String file, List<Run> runs) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "A run directory, or several to compare.")
  private List<Path> directories = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The .html file to write; by default report.html in the one run directory.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--likelihood",
      paramLabel = "S",
      description =
          "Estimate the log likelihood L too, from S trajectories of each example, and show it beside"
              + " K.")
  private Optional<Integer> trajectories = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Examples to estimate L of, chosen at random; by default 1000.")
  private Optional<Integer> count = Optional.empty();

  @Option(names = "--device", description = "auto, cpu, gpu0, ...: where to compute.")
  private Optional<String> device = Optional.empty();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    Path file = file();
    Arguments.atLeastOne("--likelihood", trajectories);
    Arguments.atLeastOne("--count", count);
    Arguments.require(
        count.isEmpty() || trajectories.isPresent(),
        "--count says of how many examples --likelihood S is estimated, which is missing");
    List<RunReport> reports = new ArrayList<>();
    List<Run> runs = new ArrayList<>();
    try (Registry registry = common.registry()) {
      for (Path directory : directories) {
        common.talk().printf("%s%n", directory);
        RunReport report = report(directory, registry);
        tell(report);
        reports.add(report);
        runs.add(
            new Run(
                directory.toString(),
                report.evaluation(),
                report.likelihood(),
                report.profile(),
                report.verdicts()));
      }
    }
    write(reports, file);
    common.talk().printf("report in %s%n", file);
    common.printJson(new Result(file.toString(), runs));
    return 0;
  }

  private Path file() {
    Arguments.require(
        out.isPresent() || directories.size() == 1,
        "--out FILE is needed to compare several runs: say where the page is to be written");
    Path file = out.orElseGet(() -> new RunDirectory(directories.get(0)).report());
    Arguments.require(
        !Files.isDirectory(file),
        "--out %s is a directory; give the name of a file".formatted(file));
    // Before the models are measured, which may take minutes.
    Arguments.writable(file, "Say where with --out FILE");
    return file;
  }

  private RunReport report(Path directory, Registry registry) throws IOException {
    int examples = count.orElse(LikelihoodOptions.ENOUGH);
    try (LateProgress likelihood = new LateProgress("trajectories", common);
        LateProgress rest = new LateProgress("report", common)) {
      Optional<LikelihoodRequest> request =
          trajectories.map(each -> new LikelihoodRequest(each, examples, likelihood));
      return RunReport.of(directory, registry, device, request, rest);
    }
  }

  private static void write(List<RunReport> reports, Path file) throws IOException {
    try {
      if (reports.size() == 1) {
        reports.get(0).write(file);
      } else {
        RunReport.compare(reports, file);
      }
    } catch (FileSystemException e) {
      throw new InvalidInput(
          "%s: the report cannot be written there: %s. Say where with --out FILE."
              .formatted(file, e.getReason() == null ? e : e.getReason()),
          e);
    }
  }

  private void tell(RunReport report) {
    report.evaluation().ifPresent(e -> new Summary(e).print(common.talk()));
    report
        .likelihood()
        .ifPresent(
            l -> {
              long dimensions = report.evaluation().orElseThrow().dimensions();
              LikelihoodOptions.print(common.talk(), l, Summary.unit(dimensions));
            });
    report
        .missing()
        .ifPresent(why -> common.talk().printf("  without figures on held-out data: %s%n", why));
    report.verdicts().forEach(v -> common.talk().printf("  %s%n", v.text()));
  }
}
