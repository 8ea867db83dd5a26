package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.Noise;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What evaluate is asked beyond K. One small model of a table is trained for all. */
@DisplayName("dpm evaluate")
class EvaluateTest {

  private static final String TABLE =
      """
      data: { kind: csv, path: people.csv, heldOut: 0.5 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: log-snr-linear }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 64, updates: 150, optimizer: { rate: 0.01 } }
      """;

  private static final String BITS =
      """
      data: { kind: heartbeat, length: 6, period: 3, count: 40, heldOut: 20 }
      steps: 4
      kernel: { kind: binomial }
      schedule: { kind: constant-fraction }
      network: { kind: mlp, width: 8, depth: 1, time: readout }
      objective: { kind: variational-bound }
      training: { batch: 16, updates: 2 }
      """;

  @TempDir private static Path shared;

  private static Path trained;

  @TempDir private Path directory;

  /** What a command printed and how it ended. */
  private record Outcome(int status, String out, String err) {

    void isRefused(String... words) {
      assertThat(err).contains(words);
      assertThat(status).isEqualTo(2);
      assertThat(err).doesNotContain("\tat ").doesNotContain("Exception");
    }

    JsonNode json() throws IOException {
      assertThat(status).as(err).isZero();
      return JsonMapper.builder().build().readTree(out);
    }
  }

  private static Outcome dpm(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Dpm.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int status = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(status, out.toString(), err.toString());
  }

  /** Heights and weights of which the heavier belong to the taller, and an anomaly or none. */
  private static void write(Path file, int people, boolean anomaly) throws IOException {
    Noise noise = Noise.of(1, "people").at(people);
    List<String> lines = new ArrayList<>(List.of("height,weight"));
    for (int i = 0; i < people; i++) {
      double tall = noise.gaussian();
      double heavy = 0.8 * tall + 0.6 * noise.gaussian();
      lines.add((170 + 10 * tall) + "," + (70 + 12 * heavy));
    }
    if (anomaly) {
      lines.add("198,35");
    }
    Files.write(file, lines);
  }

  @BeforeAll
  static void train() throws IOException {
    write(shared.resolve("people.csv"), 800, false);
    trained = train("run", TABLE);
  }

  private static Path train(String name, String text) throws IOException {
    Path pipeline = shared.resolve(name + ".yaml");
    Files.writeString(pipeline, text);
    Path run = shared.resolve(name);
    Outcome outcome = dpm("train", pipeline, "--out", run);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    return run;
  }

  private static List<String[]> cells(Path csv) throws IOException {
    return Files.readAllLines(csv).stream().map(line -> line.split(",", -1)).toList();
  }

  private static double mean(List<String[]> table, int column) {
    return table.stream()
        .skip(1)
        .mapToDouble(row -> Double.parseDouble(row[column]))
        .average()
        .orElseThrow();
  }

  @Test
  @DisplayName(
      "gives L from trajectories, by the flow and by Parzen, which agree on a simple table")
  void estimates() throws IOException {
    JsonNode json =
        dpm("evaluate", trained, "--likelihood", 30, "--flow", "--parzen", 1000, "--json").json();
    JsonNode likelihood = json.get("likelihood");
    double bits = likelihood.get("likelihoodBits").asDouble();
    double error = likelihood.get("likelihoodStandardError").asDouble();
    assertThat(likelihood.get("examples").asInt()).isEqualTo(400);
    assertThat(likelihood.get("trajectories").asInt()).isEqualTo(30);
    assertThat(likelihood.get("boundBits").asDouble())
        .isLessThan(bits)
        .isCloseTo(
            json.get("boundBits").asDouble(),
            within(4 * json.get("boundStandardError").asDouble()));
    assertThat(likelihood.get("effectiveTrajectories").asDouble()).isBetween(1.0, 30.0);
    JsonNode flow = json.get("flow");
    // Few steps, little training and blur: alike, not equal.
    assertThat(flow.get("likelihoodBits").asDouble()).isCloseTo(bits, within(4 * error + 0.3));
    assertThat(flow.get("refinementBits").asDouble()).isLessThan(0.01);
    JsonNode parzen = json.get("parzen");
    assertThat(parzen.get("examples").asInt()).isEqualTo(200);
    assertThat(parzen.get("likelihoodBits").asDouble())
        .isCloseTo(bits, within(4 * parzen.get("likelihoodStandardError").asDouble() + 0.5));
    // Standard deviations of 10 cm and 12 kg.
    assertThat(json.get("dataUnitsBits").asDouble())
        .isCloseTo(Math.log(120) / Math.log(2), within(0.3));
  }

  @Test
  @DisplayName("judges L at the steps that are asked for, as it does K")
  void otherSteps() throws IOException {
    JsonNode json = dpm("evaluate", trained, "--steps", 2, "--likelihood", 20, "--json").json();
    double bound = json.get("boundBits").asDouble();
    // Of the same examples: by chance alone, and twenty times the trajectories have less.
    double tolerance = 4 * 1.1 * json.get("boundEstimateError").asDouble();
    assertThat(json.get("likelihood").get("boundBits").asDouble())
        .isCloseTo(bound, within(tolerance));
    JsonNode usual = dpm("evaluate", trained, "--json").json();
    assertThat(usual.get("boundBits").asDouble()).isGreaterThan(bound + tolerance);
  }

  @Test
  @DisplayName("without options is K alone")
  void boundAlone() throws IOException {
    JsonNode json = dpm("evaluate", trained, "--json").json();
    assertThat(json.get("examples").asInt()).isEqualTo(400);
    assertThat(json.has("likelihood") || json.has("flow") || json.has("dataUnitsBits")).isFalse();
  }

  @Test
  @DisplayName("writes K and L of every row of another file, where an anomaly stands out")
  void perExample() throws IOException {
    Path people = directory.resolve("others.csv");
    write(people, 60, true);
    Path table = directory.resolve("scores.csv");
    JsonNode json =
        dpm(
                "evaluate",
                trained,
                "--data",
                people,
                "--per-example",
                table,
                "--likelihood",
                20,
                "--flow",
                "--json")
            .json();
    assertThat(json.get("examples").asInt()).isEqualTo(61);
    assertThat(json.get("perExample").asText()).isEqualTo(table.toString());
    List<String[]> rows = cells(table);
    assertThat(rows).hasSize(62);
    assertThat(rows.get(0))
        .containsExactly(
            "example",
            "boundBits",
            "likelihoodBits",
            "likelihoodStandardError",
            "effectiveTrajectories",
            "flowBits",
            "flowRefinementBits");
    assertThat(rows.get(1)[0]).isEqualTo("others.csv:2");
    assertThat(rows.get(61)[0]).isEqualTo("others.csv:62");
    double units = json.get("dataUnitsBits").asDouble();
    assertThat(mean(rows, 1))
        .isCloseTo(json.get("likelihood").get("boundBits").asDouble() - units, within(1e-6));
    assertThat(mean(rows, 2))
        .isCloseTo(json.get("likelihood").get("likelihoodBits").asDouble() - units, within(1e-6));
    assertThat(mean(rows, 5))
        .isCloseTo(json.get("flow").get("likelihoodBits").asDouble() - units, within(1e-6));
    double anomaly = Double.parseDouble(rows.get(61)[2]);
    assertThat(rows.subList(1, 61))
        .allSatisfy(row -> assertThat(Double.parseDouble(row[2])).isGreaterThan(anomaly + 2));
  }

  @Test
  @DisplayName("reads the columns of another file by their names, and refuses what it cannot")
  void otherFiles() throws IOException {
    Path swapped = directory.resolve("swapped.csv");
    Files.writeString(swapped, "weight,height\n70,170\n71,171\n");
    Path straight = directory.resolve("straight.csv");
    Files.writeString(straight, "height,weight\n170,70\n171,71\n");
    assertThat(dpm("evaluate", trained, "--data", swapped, "--json").json().get("boundBits"))
        .isEqualTo(dpm("evaluate", trained, "--data", straight, "--json").json().get("boundBits"));

    Path text = directory.resolve("text.csv");
    Files.writeString(text, "height,weight\n170,heavy\n");
    dpm("evaluate", trained, "--data", text).isRefused("text.csv:2", "weight", "heavy");
    Path other = directory.resolve("other.csv");
    Files.writeString(other, "height,wight\n170,70\n");
    dpm("evaluate", trained, "--data", other).isRefused("other.csv", "weight");
    dpm("evaluate", trained, "--data", directory.resolve("strait.csv"))
        .isRefused("strait.csv", "Did you mean 'straight.csv'?");
  }

  @Test
  @DisplayName("uses as many examples as it is told")
  void count() throws IOException {
    JsonNode json = dpm("evaluate", trained, "--count", 50, "--likelihood", 2, "--json").json();
    assertThat(json.get("examples").asInt()).isEqualTo(50);
    assertThat(json.get("likelihood").get("examples").asInt()).isEqualTo(50);
    JsonNode trajectories = json.get("likelihood");
    double chance =
        Math.hypot(
            json.get("boundStandardError").asDouble(),
            trajectories.get("boundStandardError").asDouble());
    assertThat(trajectories.get("boundBits").asDouble())
        .isCloseTo(json.get("boundBits").asDouble(), within(4 * chance));
  }

  @Test
  @DisplayName("tells a person the same, and what it does not know of")
  void told() {
    Outcome outcome =
        dpm("evaluate", trained, "--count", 30, "--likelihood", 2, "--flow", "--parzen", 50);
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("of 30 of these examples, bits/example:")
        .containsPattern("L +-?[0-9.]+ +\\+- [0-9.]+ from 2 trajectories of each; of them")
        .containsPattern("K +-?[0-9.]+ +\\+- [0-9.]+ from the same")
        .containsPattern("L by flow +-?[0-9.]+ +\\+- [0-9.]+ blurred by")
        .containsPattern("by Parzen +-?[0-9.]+ +\\+- [0-9.]+ on 15 of them, from 50 samples")
        .contains("nats/example in data units");
  }

  @Test
  @DisplayName("refuses nonsense before it computes, and writes nothing then")
  void nonsense() throws IOException {
    Path table = directory.resolve("scores.csv");
    dpm("evaluate", trained, "--likelihood", 0).isRefused("--likelihood must be at least 1");
    dpm("evaluate", trained, "--parzen", 0).isRefused("--parzen must be at least 1");
    dpm("evaluate", trained, "--count", 0).isRefused("--count must be at least 1");
    dpm("evaluate", trained, "--per-example", directory.resolve("scores.txt"))
        .isRefused("--per-example must name a .csv file");
    dpm("evaluate", trained, "--count", 1, "--parzen", 5).isRefused("at least 2 examples");
    Path bits = train("bits", BITS);
    Outcome flow = dpm("evaluate", bits, "--flow", "--per-example", table);
    flow.isRefused("needs a Gaussian path, and kernel 'binomial' has none", "--likelihood S");
    assertThat(flow.out()).isEmpty();
    Path readout = train("readout", TABLE.replace("depth: 1", "depth: 1, time: readout"));
    dpm("evaluate", readout, "--flow")
        .isRefused("between the steps", "a readout for each of its 10 steps", "--likelihood S");
    dpm("evaluate", bits, "--parzen", 5).isRefused("continuous data", "--likelihood S");
    dpm("evaluate", bits, "--data", shared.resolve("people.csv"))
        .isRefused("people.csv", "come from no file");
    assertThat(table).doesNotExist();
    JsonNode json = dpm("evaluate", bits, "--likelihood", 4, "--json").json();
    assertThat(json.get("likelihood").get("trueLogDensityBits").asDouble())
        .isCloseTo(-Math.log(3) / Math.log(2), within(1e-6));
    assertThat(json.get("dataUnitsBits").asDouble()).isZero();
  }
}
