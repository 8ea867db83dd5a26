package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project outside of this build, with nothing but dpm-api, this kit and what they bring along on
 * its class path; the build writes that path down. Only what runs the tests is added, as a build
 * tool or an editor would.
 */
@DisplayName("In a stranger's project, with dpm-api and dpm-testkit alone,")
final class StrangersProjectTest {

  private static final String KERNEL =
      """
      package com.example;

      import ai.djl.ndarray.NDArray;
      import ai.djl.ndarray.NDManager;
      import ai.djl.ndarray.types.Shape;
      import java.util.OptionalInt;
      import org.dpm.api.*;
      import org.dpm.testkit.ForwardKernelContract;
      import org.junit.jupiter.api.DisplayName;

      @DisplayName("NAME")
      class NAME extends ForwardKernelContract implements ForwardKernel {

        @Override
        protected ForwardKernel kernel() {
          return this;
        }

        @Override
        protected NDArray data(NDManager manager) {
          return manager.create(new double[] {1.2, -0.4}, new Shape(2, 1));
        }

        @Override
        public OptionalInt width(Space space) {
          return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
        }

        @Override
        public boolean reparameterised() {
          return true;
        }

        @Override
        public Distribution end(NDArray like, Stage stage) {
          return DiagonalGaussian.of(like.zerosLike(), like.onesLike());
        }

        @Override
        public Distribution alone(NDArray current, Stage stage) {
          return DiagonalGaussian.of(current.mul(stage.signal().sqrt()), stage.noise());
        }

        @Override
        public Distribution transition(NDArray previous, Stage stage) {
          return DiagonalGaussian.of(previous.mul(stage.kept().sqrt()), stage.beta());
        }

        @Override
        public Distribution marginal(NDArray data, Stage stage) {
          return DiagonalGaussian.of(data.mul(stage.signal().sqrt()), stage.noise());
        }

        @Override
        public Distribution posterior(NDArray data, NDArray current, Stage stage) {
          return posterior(DiagonalGaussian.of(data, data.zerosLike()), current, stage);
        }

        @Override
        public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
          if (!(belief instanceof DiagonalGaussian about)) {
            throw new IllegalArgumentException("a belief about numbers must be Gaussian");
          }
          NDArray ofData = stage.previousSignal().sqrt().mul(stage.beta()).div(stage.noise());
          NDArray ofCurrent = stage.kept().sqrt().mul(stage.previousNoise()).div(stage.noise());
          NDArray variance = stage.beta().mul(stage.previousNoise()).div(stage.noise());
          NDArray mean = about.mean().mul(ofData).add(current.mul(ofCurrent));
          return DiagonalGaussian.of(mean, about.variance().mul(ofData.square()).add(variance));
        }
      }
      """;

  @Test
  @DisplayName("a contract compiles, runs and passes for a right kernel")
  void rightKernelPasses(@TempDir Path project) throws IOException, InterruptedException {
    compile(project, "RightKernel", KERNEL);
    Outcome outcome = run(project, "RightKernel");
    assertThat(outcome.output())
        .contains("obeys Bayes")
        .contains("[        20 tests successful      ]")
        .contains("[         0 tests failed          ]");
    assertThat(outcome.status()).isZero();
  }

  @Test
  @DisplayName("a contract fails for a kernel of which the posterior forgets the data")
  void brokenKernelFails(@TempDir Path project) throws IOException, InterruptedException {
    compile(
        project,
        "BrokenKernel",
        KERNEL.replace("about.mean().mul(ofData)", "about.mean().mul(0).mul(ofData)"));
    Outcome outcome = run(project, "BrokenKernel");
    assertThat(outcome.output()).contains("log posterior + log marginal at step 2");
    assertThat(outcome.status()).isNotZero();
  }

  private static void compile(Path project, String name, String source) throws IOException {
    Path file = project.resolve(name + ".java");
    Files.writeString(file, source.replace("NAME", name));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            classPath(),
            "-d",
            project.toString(),
            file.toString());
    assertThat(status).as("exit status of the compiler").isZero();
  }

  private record Outcome(int status, String output) {}

  private static Outcome run(Path project, String name) throws IOException, InterruptedException {
    String classes =
        Stream.of(project.toString(), classPath(), runner())
            .collect(Collectors.joining(System.getProperty("path.separator")));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classes,
                    "org.junit.platform.console.ConsoleLauncher",
                    "execute",
                    "--select-class=com.example." + name,
                    "--details=tree",
                    "--disable-ansi-colors",
                    "--fail-if-no-tests"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("ended").isTrue();
    return new Outcome(process.exitValue(), output);
  }

  /** This kit and what its declaration brings along, by the build's own account. */
  private static String classPath() throws IOException {
    Path target = Path.of("target");
    return target.resolve("classes").toAbsolutePath()
        + System.getProperty("path.separator")
        + Files.readString(target.resolve("stranger.classpath")).strip();
  }

  /** The jars of JUnit's console, which runs tests and is no part of them. */
  private static String runner() {
    return Stream.of(System.getProperty("java.class.path"))
        .flatMap(path -> Stream.of(path.split(System.getProperty("path.separator"), -1)))
        .filter(
            entry ->
                Stream.of(
                        "junit-platform-console",
                        "junit-platform-launcher",
                        "junit-platform-reporting",
                        "open-test-reporting")
                    .anyMatch(Path.of(entry).getFileName().toString()::startsWith))
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }
}
