package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that are sent signals. */
@DisplayName("A signal to dpm")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no command that sends a signal")
class InterruptsTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 500, heldOut: 200 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 64, updates: 1000000000, evaluation: { every: 50 } }
      """;

  @TempDir private Path directory;

  private Path roll;

  @BeforeEach
  void writePipeline() throws IOException {
    roll = directory.resolve("roll.yaml");
    Files.writeString(roll, ROLL);
  }

  /** A running {@code dpm}, and what it printed. */
  private record Running(Process process, Path printed) {

    void send(String signal) throws IOException, InterruptedException {
      String pid = Long.toString(process.pid());
      assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
    }

    /** Long for a machine that does other things too, and short for what was to be computed. */
    int status() throws InterruptedException {
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertThat(ended).as("ended soon").isTrue();
      return process.exitValue();
    }

    void waitFor(BooleanSupplier condition) throws InterruptedException {
      for (int i = 0; i < 1200 && process.isAlive() && !condition.getAsBoolean(); i++) {
        Thread.sleep(50);
      }
      assertThat(condition.getAsBoolean()).as("got so far").isTrue();
    }

    boolean says(String words) {
      try {
        return Files.readString(printed).contains(words);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Running dpm(Object... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Dpm.class.getName()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Path printed = directory.resolve("printed.txt");
    return new Running(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start(),
        printed);
  }

  /** No crash report and no half of a file, here or in the run. */
  private void onlyWholeFiles() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("hs_err") || name.endsWith(".part"));
    }
  }

  /** A shell that starts a build in the background lets its children ignore Ctrl-C. */
  private static void assumeHeard() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      String ignored =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .findFirst()
              .orElseThrow();
      long mask = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
      assumeFalse((mask & 0b10) != 0, "signal 2 is ignored by whatever is started here");
    }
  }

  @Test
  @DisplayName(
      "ends a training with its update and keeps the model, which can be drawn from until"
          + " another signal ends that")
  void keepsTheModel() throws IOException, InterruptedException {
    assumeHeard();
    Path run = directory.resolve("run");
    Running training = dpm("train", roll, "--out", run);
    training.waitFor(() -> Files.exists(run.resolve("metrics.jsonl")));
    training.send("INT");
    assertThat(training.status()).isEqualTo(130);
    assertThat(training.says("interrupted after ")).isTrue();
    assertThat(training.says("is kept in " + run)).isTrue();
    onlyWholeFiles();

    Path samples = directory.resolve("samples.csv");
    Running sampling = dpm("sample", run, "--count", 20_000_000, "--out", samples);
    // The model is read and the engine at work soon after; before, there is nothing to crash.
    sampling.process().waitFor(4, TimeUnit.SECONDS);
    sampling.send("TERM");
    assertThat(sampling.status()).isEqualTo(143);
    assertThat(samples).doesNotExist();
    onlyWholeFiles();
  }

  @Test
  @DisplayName("ends a training at once when it is the second, without a crash and without a model")
  void endsAtOnce() throws IOException, InterruptedException {
    Path run = directory.resolve("run");
    // So many that the measurement which ends the training takes longer than the second signal.
    List<String> sets =
        List.of(
            "data.heldOut=400000",
            "training.evaluation.examples=400000",
            "training.evaluation.every=1000000");
    List<Object> train = new ArrayList<>(List.of("train", roll, "--out", run));
    for (String set : sets) {
      train.addAll(List.of("--set", set));
    }
    Running training = dpm(train.toArray());
    training.waitFor(() -> training.says("update 1"));
    training.send("TERM");
    training.waitFor(() -> training.says("once more"));
    training.send("TERM");
    assertThat(training.status()).isEqualTo(143);
    assertThat(run.resolve("model.json")).doesNotExist();
    onlyWholeFiles();
  }
}
