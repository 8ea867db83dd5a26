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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.examples.ExamplePipelines;
import org.dpm.examples.ExamplePipelines.Example;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line as a user meets it, right and wrong. One small model is trained for all. */
@DisplayName("dpm")
class DpmTest {

  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 500, heldOut: 200 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 64, updates: 20 }
      """;

  @TempDir private static Path shared;

  private static Path trained;

  @TempDir private Path directory;

  private Path roll;

  /** What a command printed and how it ended. */
  private record Outcome(int status, String out, String err) {

    /** A user's error: told once, without a trace. */
    void isRefused(String... words) {
      assertThat(err).contains(words);
      assertThat(status).isEqualTo(2);
      assertThat(err).doesNotContain("\tat ").doesNotContain("Exception");
      assertThat(out).isEmpty();
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

  @BeforeAll
  static void train() throws IOException {
    Path pipeline = shared.resolve("roll.yaml");
    Files.writeString(pipeline, ROLL);
    trained = shared.resolve("run");
    Outcome outcome = dpm("run", pipeline, "--out", trained, "--json");
    assertThat(outcome.status()).as(outcome.err()).isEqualTo(0);
    Files.writeString(shared.resolve("run.json"), outcome.out());
  }

  @BeforeEach
  void writePipeline() throws IOException {
    roll = directory.resolve("roll.yaml");
    Files.writeString(roll, ROLL);
  }

  private Path out() {
    return directory.resolve("out");
  }

  private void nothingWasWritten() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(roll);
    }
  }

  private Path copyOfTrained() throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(trained)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  @DisplayName("run --json prints one object with the figures, and draws pictures")
  void runJson() throws IOException {
    JsonNode json = JsonMapper.builder().build().readTree(shared.resolve("run.json").toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "directory",
            "examples",
            "dimensions",
            "steps",
            "boundBits",
            "boundStandardError",
            "boundEstimateError",
            "boundExampleError",
            "nullBits",
            "gainBits",
            "boundBitsPerDimension",
            "trueLogDensityBits",
            "trainingSeconds",
            "updates",
            "parameters",
            "energyDistance",
            "energyProbability")
        .doesNotContain("dataBitsPerDimension");
    assertThat(json.get("examples").asInt()).isEqualTo(200);
    assertThat(json.get("trueLogDensityBits").asDouble()).isBetween(-1.5, -0.5);
    for (String name :
        List.of(
            "pipeline.yaml",
            "model.safetensors",
            "model.json",
            "metrics.jsonl",
            "evaluation.json",
            "samples.csv",
            "report.html")) {
      assertThat(trained.resolve(name)).isNotEmptyFile();
    }
  }

  @Test
  @DisplayName("evaluate repeats the figures of run")
  void evaluate() throws IOException {
    Outcome outcome = dpm("evaluate", trained, "--json");
    JsonMapper mapper = JsonMapper.builder().build();
    JsonNode before = mapper.readTree(shared.resolve("run.json").toFile());
    assertThat(mapper.readTree(outcome.out()).get("boundBits").asDouble())
        .isCloseTo(before.get("boundBits").asDouble(), within(1e-3));
  }

  @Test
  @DisplayName("evaluate --steps measures at another number of steps")
  void evaluateAtOtherSteps() throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    JsonNode same = mapper.readTree(dpm("evaluate", trained, "--steps", 10, "--json").out());
    JsonNode fewer = mapper.readTree(dpm("evaluate", trained, "--steps", 3, "--json").out());
    double usual = mapper.readTree(shared.resolve("run.json").toFile()).get("boundBits").asDouble();
    assertThat(same.get("boundBits").asDouble()).isCloseTo(usual, within(1e-3));
    assertThat(fewer.get("steps").asInt()).isEqualTo(3);
    assertThat(fewer.get("boundBits").asDouble()).isNotCloseTo(usual, within(0.05));
    dpm("evaluate", trained, "--steps", 1).isRefused("--steps must be at least 2, but is 1");
  }

  @Test
  @DisplayName("report writes a page into the run, or compares runs in a file of its own")
  void report() throws IOException {
    Path copy = copyOfTrained();
    Files.delete(copy.resolve("report.html"));
    Outcome one = dpm("report", copy, "--json");
    assertThat(one.status()).as(one.err()).isZero();
    JsonNode run = JsonMapper.builder().build().readTree(one.out()).get("runs").get(0);
    assertThat(run.get("profile").get("steps")).hasSize(9);
    assertThat(run.get("verdicts")).isNotEmpty();
    assertThat(run.get("evaluation").get("boundBits").asDouble()).isNegative();
    assertThat(copy.resolve("report.html")).isNotEmptyFile();
    keptEvaluation(copy, run.get("evaluation").get("boundBits").asDouble());
    Path page = directory.resolve("both.html");
    assertThat(dpm("report", copy, trained, "--out", page).status()).isZero();
    assertThat(page).content().contains("copy · run");
    dpm("report", copy, trained, "--json").isRefused("--out FILE is needed to compare");
    dpm("report", copy, "--out", directory, "--json").isRefused("is a directory");
    dpm("report", copy, "--out", copy.resolve("model.json/page.html"), "--json")
        .isRefused("page.html cannot be written", "model.json is not a directory", "--out FILE");
    dpm("report", copy, "--out", directory.resolve("long".repeat(90) + ".html"), "--json")
        .isRefused("the report cannot be written there", "--out FILE");
    dpm("report", copy, "--count", 3, "--json").isRefused("--likelihood S");
    dpm("report", copy, "--likelihood", 0, "--json").isRefused("--likelihood must be at least 1");
    dpm("report", copy, directory.resolve("no-run"), "--out", page, "--json")
        .isRefused("no such run directory");
    Files.writeString(copy.resolve("metrics.jsonl"), "{\"update\": 1}\n{\"update\": }\n");
    dpm("report", copy, "--json").isRefused("metrics.jsonl:2: not a line of metrics");
  }

  private static double[] numbers(Path csv) throws IOException {
    return Files.readAllLines(csv).stream()
        .skip(1)
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  @DisplayName("sample draws the beginning of what it would have drawn had it been asked for more")
  void sampleIsABeginning() throws IOException {
    Path few = directory.resolve("few.csv");
    Path many = directory.resolve("many.csv");
    assertThat(dpm("sample", trained, "--count", 10, "--out", few).status()).isZero();
    assertThat(dpm("sample", trained, "--count", 100, "--out", many).status()).isZero();
    List<String> first = Files.readAllLines(few);
    List<String> all = Files.readAllLines(many);
    assertThat(first).hasSize(11);
    for (int i = 1; i < first.size(); i++) {
      double[] one = numbers(first.get(i));
      // Batches of other shapes may be added up in another order.
      assertThat(numbers(all.get(i))).containsExactly(one, within(1e-4));
    }
  }

  private static double[] numbers(String line) {
    return Stream.of(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  @DisplayName("sample writes csv and npz, the same for the same seed")
  void sample() throws IOException {
    Path one = directory.resolve("one.csv");
    Path two = directory.resolve("two.csv");
    assertThat(dpm("sample", trained, "--count", 7, "--seed", 3, "--out", one).status()).isZero();
    assertThat(dpm("sample", trained, "--count", 7, "--seed", 3, "--out", two).status()).isZero();
    assertThat(one).content().hasLineCount(8);
    assertThat(numbers(one)).containsExactly(numbers(two), within(1e-3));
    Path npz = directory.resolve("three.npz");
    assertThat(dpm("sample", trained, "--count", 7, "--out", npz).status()).isZero();
    assertThat(npz).isNotEmptyFile();
    dpm("sample", trained, "--out", directory.resolve("x.txt")).isRefused(".txt", ".csv", ".npz");
  }

  @Test
  @DisplayName(
      "refuses a misspelt setting and an unknown kind together, by line and with the names that are right")
  void misspelt() throws IOException {
    Files.writeString(
        roll, ROLL.replace("width: 16", "widht: 16").replace("kind: learned", "kind: lerned"));
    dpm("run", roll, "--out", out())
        .isRefused(
            "roll.yaml:4: schedule.kind: no Schedule of kind 'lerned' is installed. Did you mean 'learned'?",
            "roll.yaml:5: network.widht",
            "Did you mean 'width'?",
            "2 problems; nothing was run.");
    nothingWasWritten();
  }

  @Test
  @DisplayName("refuses a value of the wrong type")
  void wrongType() throws IOException {
    dpm("run", roll, "--out", out(), "--set", "steps=2.5").isRefused("--set", "steps");
    dpm("train", roll, "--out", out(), "--set", "training.batch=many")
        .isRefused("training.batch", "many");
    nothingWasWritten();
  }

  @Test
  @DisplayName("refuses a pipeline and a data file that are not there")
  void missing() throws IOException {
    dpm("run", "swiss-rol", "--out", out()).isRefused("swiss-rol:", "Did you mean 'swiss-roll'?");
    dpm("run", "csv", "--out", out(), "--set", "data.path=" + directory.resolve("no.csv"))
        .isRefused("no.csv");
    dpm("run", "csv", "--out", out()).isRefused("data.path");
    dpm("evaluate", directory.resolve("no-run")).isRefused("no-run", "no such run directory");
    nothingWasWritten();
  }

  @Test
  @DisplayName("refuses a CSV with text in it, by line and column")
  void textInCsv() throws IOException {
    Path csv = directory.resolve("people.csv");
    Files.writeString(csv, "height,weight\n1.8,80\n1.7,heavy\n1.6,55\n");
    dpm("run", "csv", "--out", out(), "--set", "data.path=" + csv)
        .isRefused("people.csv:3", "weight", "heavy");
    assertThat(out()).doesNotExist();
  }

  /** K is not measured again where it was kept, unless it was of something else. */
  private void keptEvaluation(Path run, double bits) throws IOException {
    Path file = run.resolve("evaluation.json");
    String kept = Files.readString(file);
    assertThat(kept).contains("\"boundBits\" : " + bits);
    Files.writeString(file, kept.replace("\"boundBits\" : " + bits, "\"boundBits\" : -1.25"));
    assertThat(reportedBits(run)).isEqualTo(-1.25);
    Files.writeString(file, kept.replace("\"examples\" : 200", "\"examples\" : 199"));
    assertThat(reportedBits(run)).isCloseTo(bits, within(1e-3));
    Files.writeString(file, kept.substring(0, kept.length() / 2));
    assertThat(reportedBits(run)).isCloseTo(bits, within(1e-3));
    Files.writeString(file, kept);
  }

  private static double reportedBits(Path run) throws IOException {
    Outcome outcome = dpm("report", run, "--json");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(outcome.out());
    return json.get("runs").get(0).get("evaluation").get("boundBits").asDouble();
  }

  @Test
  @DisplayName("refuses a model file that was cut short or changed")
  void damaged() throws IOException {
    Path copy = copyOfTrained();
    Path tensors = copy.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    Files.write(tensors, Arrays.copyOf(bytes, bytes.length / 2));
    dpm("evaluate", copy).isRefused("model.safetensors", "SHA-256");
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);
    Path samples = directory.resolve("never.csv");
    dpm("sample", copy, "--out", samples).isRefused("model.safetensors", "SHA-256");
    assertThat(samples).doesNotExist();
    Files.delete(tensors);
    dpm("evaluate", copy).isRefused("model.safetensors is missing");
    Files.writeString(copy.resolve("model.json"), "{\"format\": 1, ");
    dpm("evaluate", copy).isRefused("model.json:1");
    Files.writeString(copy.resolve("model.json"), "{\"format\": 99}");
    dpm("evaluate", copy).isRefused("format is 99");
  }

  @Test
  @DisplayName(
      "refuses a model that another setting of its schedule does not fit, and reads it again")
  void knots() throws IOException {
    Path copy = copyOfTrained();
    Path pipeline = copy.resolve("pipeline.yaml");
    String text = Files.readString(pipeline);
    assertThat(text).contains("knots: 40");
    Files.writeString(pipeline, text.replace("knots: 40", "knots: 5"));
    dpm("evaluate", copy).isRefused("logGapStretch has the shape (9) instead of (5)");
    Files.writeString(pipeline, text.replaceFirst("\\s*knots: 40", ""));
    assertThat(dpm("evaluate", copy).status()).isZero();
  }

  @Test
  @DisplayName("refuses a device that is not there, and says which are")
  void device() throws IOException {
    dpm("run", roll, "--out", out(), "--device", "gpu5").isRefused("gpu5", "cpu");
    dpm("evaluate", trained, "--device", "gpu5").isRefused("gpu5", "cpu");
    nothingWasWritten();
  }

  @Test
  @DisplayName("never overwrites a run")
  void overwrites() throws IOException {
    dpm("train", roll, "--out", directory).isRefused("exists already");
    nothingWasWritten();
  }

  @Test
  @DisplayName("refuses nonsense in options")
  void options() {
    dpm("sample", trained, "--count", 0, "--out", out()).isRefused("--count must be at least 1");
    dpm("evaluate", trained, "--timesteps", 0).isRefused("--timesteps must be at least 1");
    assertThat(dpm("evaluat", trained).status()).isEqualTo(2);
  }

  @Test
  @DisplayName("has examples of which each is a pipeline without a mistake")
  void examplesAreRead() {
    // The table of one is the user's to name.
    List<String> sets = List.of("data.path=" + directory.resolve("mine"));
    try (Registry registry = Registry.load(Optional.empty())) {
      PipelineReader reader = new PipelineReader(registry);
      for (Example example : ExamplePipelines.all()) {
        boolean table = example.name().equals("csv");
        Pipeline pipeline = reader.read(example.name(), example.text(), table ? sets : List.of());
        assertThat(pipeline.training().batch()).as(example.name()).isPositive();
      }
    }
  }

  @Test
  @DisplayName("lists the ready pipelines and prints one")
  void examples() {
    assertThat(dpm("examples").out()).contains("swiss-roll", "fashion-mnist", "csv");
    assertThat(dpm("examples", "swiss-roll").out()).contains("schedule:");
    dpm("examples", "swis-roll").isRefused("swis-roll", "swiss-roll");
  }

  @Test
  @DisplayName("lists, trains by name and loads again a kernel from a jar of its own")
  void plugin() throws IOException {
    Path plugins = directory.resolve("plugins");
    Path jar;
    try (Stream<Path> built = Files.list(Path.of("..", "dpm-example-plugin", "target"))) {
      jar = built.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    Files.createDirectories(plugins.resolve("mine"));
    Files.copy(
        jar, plugins.resolve("mine").resolve("wide.jar"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(dpm("plugins", "--plugins", plugins).out())
        .contains("example/wide-gaussian")
        .contains("wide.jar");
    List<Object> train = new ArrayList<>(List.of("train", roll, "--out", out()));
    train.addAll(List.of("--set", "kernel.kind=example/wide-gaussian"));
    dpm(train.toArray())
        .isRefused(
            "no ForwardKernel of kind 'example/wide-gaussian' is installed", "plugins/<name>/");
    train.addAll(List.of("--plugins", plugins));
    Outcome outcome = dpm(train.toArray());
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(dpm("evaluate", out(), "--plugins", plugins).status()).isZero();
    dpm("evaluate", out())
        .isRefused("no ForwardKernel of kind 'example/wide-gaussian' is installed");
  }
}
