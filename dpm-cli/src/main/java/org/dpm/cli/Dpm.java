package org.dpm.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.dpm.api.InvalidInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line. */
@Command(
    name = "dpm",
    description = "Diffusion probabilistic models: learn a density, draw from it, evaluate it.",
    subcommands = {
      RunCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      SampleCommand.class,
      ReportCommand.class,
      PosteriorCommand.class,
      ImputeCommand.class,
      InpaintCommand.class,
      DenoiseCommand.class,
      BenchmarkCommand.class,
      PluginsCommand.class,
      ExamplesCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Dpm.Version.class)
public final class Dpm {

  /** The user's input was wrong. */
  static final int WRONG_INPUT = 2;

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Dpm.class.getPackage().getImplementationVersion();
      return new String[] {"dpm " + (version == null ? "development" : version)};
    }
  }

  private final Interrupts interrupts = new Interrupts(System.err);

  public static void main(String[] arguments) {
    Dpm dpm = new Dpm();
    dpm.interrupts.listen();
    int status = commandLine(dpm).execute(arguments);
    System.exit(status);
  }

  /** What this process does when it is to end early. */
  Interrupts interrupts() {
    return interrupts;
  }

  /** The command line, ready to execute; what it prints goes to the streams of the process. */
  static CommandLine commandLine() {
    return commandLine(new Dpm());
  }

  private static CommandLine commandLine(Dpm dpm) {
    CommandLine line = new CommandLine(dpm);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Dpm::failed);
    return line;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    boolean verbose =
        command.getCommand() instanceof CommonOptions.Owner owner && owner.common().verbose;
    if (e instanceof InvalidInput wrong) {
      wrong.problems().forEach(err::println);
      if (verbose) {
        e.printStackTrace(err);
      }
      return WRONG_INPUT;
    }
    if (e instanceof TrainingInterrupted interrupted) {
      err.println(interrupted.getMessage());
      return interrupted.status();
    }
    err.printf("dpm %s failed: %s%n", command.getCommandName(), e);
    if (verbose) {
      e.printStackTrace(err);
    } else {
      err.println("This should not have happened; --verbose shows where.");
    }
    return 1;
  }
}
