package org.dpm.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.dpm.api.Progress;
import org.dpm.core.Registry;
import org.dpm.report.progress.TaskProgress;
import org.dpm.report.progress.TrainingProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command understands. */
final class CommonOptions {

  /** A command that has them. */
  interface Owner {
    CommonOptions common();
  }

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else there.")
  boolean json;

  @Option(names = "--verbose", description = "Show logs, and where an error came from.")
  boolean verbose;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description =
          "Where <name>/*.jar are looked for; by default, plugins/ beside the dpm script.")
  private Optional<Path> plugins = Optional.empty();

  /** The installed plugins. */
  Registry registry() {
    if (verbose) {
      ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.DEBUG);
    }
    Path home = Path.of(System.getProperty("dpm.home", "."));
    Path usual = home.resolve("plugins");
    return Registry.load(plugins.or(() -> Optional.of(usual).filter(Files::isDirectory)));
  }

  PrintWriter out() {
    return line().getOut();
  }

  /** For a person to read: standard output, or standard error if that is reserved for JSON. */
  PrintWriter talk() {
    return json ? line().getErr() : line().getOut();
  }

  private CommandLine line() {
    return Objects.requireNonNull(spec, "picocli sets it").commandLine();
  }

  /** What the process does when it is to end early. */
  Interrupts interrupts() {
    return ((Dpm) Objects.requireNonNull(spec, "picocli sets it").root().userObject()).interrupts();
  }

  /** Shows progress on standard error; the launcher says whether that is a terminal. */
  TrainingProgress progress() {
    return new TrainingProgress(
        System.err, Boolean.getBoolean("dpm.terminal"), InstantSource.system());
  }

  /** Shows how far one task has come, likewise. */
  TaskProgress progress(String label) {
    return new TaskProgress(
        System.err, Boolean.getBoolean("dpm.terminal"), InstantSource.system(), label);
  }

  /** Does a task and shows how far it has come. */
  <R> R timed(String label, Function<Progress, R> task) {
    try (TaskProgress progress = progress(label)) {
      return task.apply(progress);
    }
  }

  /** Prints the one JSON object, if it was asked for. */
  void printJson(Object object) {
    if (json) {
      try {
        out().println(mapper().writeValueAsString(object));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a result could not be written as JSON", e);
      }
    }
  }

  static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build();
  }
}
