package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("dpm benchmark")
class BenchmarkCommandTest {

  private static final String IMAGES =
      """
      data: { kind: idx, path: train.idx, heldOutPath: test.idx, dequantise: true }
      steps: 10
      kernel: { kind: gaussian }
      reverse: { kind: gaussian, mean: paper, variance: learned }
      schedule: { kind: learned }
      network: { kind: multiscale-conv }
      objective: { kind: variational-bound }
      training: { batch: 4, updates: 20 }
      """;

  @TempDir private Path directory;

  private int status;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void dpm(Object... arguments) {
    CommandLine line = Dpm.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    status = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }

  private Path pipeline() throws IOException {
    write("train.idx", 20);
    write("test.idx", 5);
    return Files.writeString(directory.resolve("images.yaml"), IMAGES);
  }

  /** Images of 8 by 8 pixels, all grey noise. */
  private void write(String name, int count) throws IOException {
    Noise noise = Noise.of(1, name);
    try (var file = new DataOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      for (int header : new int[] {0x803, count, 8, 8}) {
        file.writeInt(header);
      }
      for (int i = 0; i < count * 64; i++) {
        file.writeByte((int) (256 * noise.uniform()));
      }
    }
  }

  @Test
  @DisplayName("--plain --json tells our speed, that of the plain version, and their ratio")
  void comparesWithPlain() throws IOException {
    dpm("benchmark", pipeline(), "--rounds", 1, "--seconds", 0.01, "--plain", "--json");
    assertThat(status).as(err.toString()).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(out.toString());
    double ours = json.at("/trainingExamplesPerSecond/median").asDouble();
    double plain = json.at("/plain/trainingExamplesPerSecond/median").asDouble();
    assertThat(plain).isPositive();
    assertThat(json.at("/plain/ratio/median").asDouble()).isEqualTo(ours / plain);
    assertThat(json.at("/parts").size()).isEqualTo(6);
    assertThat(json.at("/peakMegabytes").asLong()).isPositive();
    assertThat(err.toString()).contains("times as fast as plain DJL", "peak memory");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).as("files: nothing is written").hasSize(3);
    }
  }

  @Test
  @DisplayName("refuses nonsense, and --plain for any network but the paper's at its sizes")
  void refuses() throws IOException {
    Path pipeline = pipeline();
    dpm("benchmark", pipeline, "--plain", "--set", "network.channels=16");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("--plain", "published sizes", "fashion-mnist-paper");
    dpm("benchmark", pipeline, "--rounds", 0);
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("--rounds must be at least 1, but is 0");
    dpm("benchmark", pipeline, "--seconds", 0);
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("--seconds must be above 0, but is 0.0");
    dpm("benchmark", pipeline, "--set", "network.scales=5");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("multiples of 16", "8 by 8", "network.scales");
    assertThat(out.toString()).isEmpty();
  }
}
