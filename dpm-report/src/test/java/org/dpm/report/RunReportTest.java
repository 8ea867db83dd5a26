package org.dpm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Progress;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.training.Trainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On models that are hardly trained, one for each shape of data. */
@DisplayName("The report")
class RunReportTest {

  private static final String PIPELINE =
      """
      data: { %s }
      steps: 12
      kernel: { kind: %s }
      schedule: { kind: cosine }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 32, updates: 30, evaluation: { every: 10, examples: 50 } }
      """;

  /** Where the pictures stay, to be looked at. */
  private static final Path PICTURES = Path.of("target", "report");

  @TempDir private static Path shared;

  private static Registry registry;
  private static @Nullable Browser started;

  @BeforeAll
  static void train() throws IOException {
    registry = Registry.load(Optional.empty());
    train("points", "kind: swiss-roll, count: 400, heldOut: 200", "gaussian");
    train("bits", "kind: heartbeat, count: 400, heldOut: 200", "binomial");
    Path table = shared.resolve("people.csv");
    Files.writeString(table, table());
    train("table", "kind: csv, path: '%s'".formatted(table), "gaussian");
    Path images = shared.resolve("images-idx3-ubyte");
    writeImages(images);
    train("images", "kind: idx, path: '%s', heldOut: 0.4".formatted(images), "gaussian");
  }

  @AfterAll
  static void close() throws Exception {
    registry.close();
    if (started != null) {
      started.close();
    }
  }

  private static void train(String name, String data, String kernel) {
    Pipeline pipeline =
        new PipelineReader(registry)
            .read(name + ".yaml", PIPELINE.formatted(data, kernel), List.of());
    Examples examples = new Examples(Wiring.dataSource(registry, pipeline));
    try (Model model = Model.create(registry, pipeline, examples.describe(1));
        Trainer trainer =
            new Trainer(model, examples, shared.resolve(name), (done, update, bits) -> {})) {
      trainer.train();
    }
  }

  /** A name that would be markup if it were not escaped. */
  private static String table() {
    StringBuilder csv = new StringBuilder("height,<b>weight</b>,age\n");
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      double x = random.nextGaussian();
      csv.append("%s,%s,%s%n".formatted(x, 2 * x + random.nextGaussian(), random.nextDouble()));
    }
    return csv.toString();
  }

  /** A hundred and fifty images of a bright square somewhere, in the format of MNIST. */
  private static void writeImages(Path file) throws IOException {
    int count = 150;
    Random random = new Random(4);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(ByteBuffer.allocate(16).putInt(0x803).putInt(count).putInt(8).putInt(8).array());
      for (int i = 0; i < count; i++) {
        byte[] image = new byte[64];
        int corner = random.nextInt(5) * 8 + random.nextInt(5);
        for (int pixel = 0; pixel < 9; pixel++) {
          image[corner + pixel / 3 * 8 + pixel % 3] = (byte) (200 + random.nextInt(50));
        }
        out.write(image);
      }
    }
  }

  private static Path report(String name) throws IOException {
    Path file = shared.resolve(name).resolve("report.html");
    RunReport.of(shared.resolve(name), registry, Optional.empty(), Optional.empty(), Progress.NONE)
        .write(file);
    return file;
  }

  /** One for all tests, with a page opened in it. */
  private static Browser browser(Path page) throws Exception {
    Optional<Path> program = Browser.installed();
    assumeTrue(program.isPresent(), "no Chromium is installed");
    if (started == null) {
      started = Browser.start(program.get(), shared.resolve("profile"));
    }
    started.visit(page);
    return started;
  }

  /** What both sides of the film show, whatever they draw on. */
  private static final String DRAWN =
      """
      ["forward", "reverse"].map(side => {
        const canvas = document.querySelector("#" + side + " canvas");
        const path = document.querySelector("#" + side + " .stage path");
        return canvas ? canvas.toDataURL() : path.getAttribute("d");
      })
      """;

  private static List<String> drawnAt(Browser browser, int frame) throws Exception {
    browser.evaluate(
        "slider.value = %d; slider.dispatchEvent(new Event('input')); 0".formatted(frame));
    List<String> sides = new ArrayList<>();
    browser.evaluate(DRAWN).forEach(side -> sides.add(side.asText()));
    return sides;
  }

  @ParameterizedTest(name = "of {0} opens without complaint, and its slider moves what is drawn")
  @ValueSource(strings = {"points", "bits", "table", "images"})
  void opens(String name) throws Exception {
    Path page = report(name);
    assertThat(Files.size(page)).isLessThan(3_000_000);
    Browser browser = browser(page);
    assertThat(browser.evaluate("slider.max").asInt()).isEqualTo(12);
    List<String> clean = drawnAt(browser, 0);
    assertThat(browser.evaluate("where.textContent").asText()).isEqualTo("t = 0 of 12 (no noise)");
    List<String> noise = drawnAt(browser, 12);
    assertThat(browser.evaluate("where.textContent").asText())
        .isEqualTo("t = 12 of 12 (pure noise)");
    for (int side = 0; side < 2; side++) {
      assertThat(noise.get(side)).hasSizeGreaterThan(100).isNotEqualTo(clean.get(side));
    }
    assertThat(drawnAt(browser, 0)).isEqualTo(clean);
    drawnAt(browser, 4);
    for (int width : new int[] {1200, 390}) {
      for (boolean dark : new boolean[] {false, true}) {
        browser.screen(width, dark);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .isLessThanOrEqualTo(width);
        Path picture =
            PICTURES.resolve("%s-%d-%s.png".formatted(name, width, dark ? "dark" : "light"));
        browser.picture(picture);
        assertThat(picture).isNotEmptyFile();
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @ParameterizedTest(name = "of {0} is one whole page that needs nothing from elsewhere")
  @ValueSource(strings = {"points", "bits", "table", "images"})
  void isWhole(String name) throws IOException {
    String html = Files.readString(report(name));
    assertThat(PageStructure.problems(html)).isEmpty();
    assertThat(html).contains("id=\"slider\"", "id=\"data\"").doesNotContain("@import", "url(");
    Matcher film =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(html);
    assertThat(film.find()).isTrue();
    JsonNode shown = JsonMapper.builder().build().readTree(film.group(1));
    assertThat(shown.get("steps")).hasSize(13);
    assertThat(shown.get("forward").asText()).hasSizeGreaterThan(100);
    assertThat(shown.get("reverse").asText()).hasSizeGreaterThan(100);
  }

  @Test
  @DisplayName("would not pass as whole with a tag left open, a part missing, or a look elsewhere")
  void brokenStructures() {
    String page =
        "<!doctype html><p>%s</p><label for=\"a\"></label><i id=\"%s\"></i><img src=\"%s\">";
    assertThat(PageStructure.problems(page.formatted("x", "a", "data:,"))).isEmpty();
    assertThat(PageStructure.problems(page.formatted("<b>x", "a", "data:,")))
        .contains("</p> closes <b>");
    assertThat(PageStructure.problems(page.formatted("a < b", "a", "data:,")))
        .containsExactly("a stray <: a < b");
    assertThat(PageStructure.problems(page.formatted("x", "b", "data:,")))
        .containsExactly("nothing has the id a");
    assertThat(PageStructure.problems(page.formatted("x", "a", "//else.where/x.png")))
        .containsExactly("<img src> is from elsewhere: //else.where/x.png");
    assertThat(PageStructure.problems(page.formatted("<u id=\"a\"></u>", "a", "data:,")))
        .containsExactly("two elements have the id a");
  }

  @Test
  @DisplayName("plays by a button, there and back")
  void plays() throws Exception {
    Browser browser = browser(report("points"));
    int start = browser.evaluate("slider.value").asInt();
    browser.evaluate("play.click(); 0");
    int now = start;
    for (int i = 0; i < 50 && now == start; i++) {
      Thread.sleep(20);
      now = browser.evaluate("Number(slider.value)").asInt();
    }
    assertThat(now).isNotEqualTo(start);
    assertThat(browser.evaluate("play.textContent").asText()).isEqualTo("Pause");
  }

  @Test
  @DisplayName("would not pass with an error in its script, or a look at the network")
  void brokenPages() throws Exception {
    Path page = shared.resolve("broken.html");
    Files.writeString(
        page,
        "<link rel=icon href='data:,'><script>undefinedFunction()</script><img src='http://localhost:9/x.png'>");
    Browser browser = browser(page);
    assertThat(browser.complaints()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  @DisplayName(
      "says in words and for the ear what its charts show, and escapes what is not its own")
  void words() throws IOException {
    String html = Files.readString(report("table"));
    assertThat(html)
        .contains("aria-label=\"step t of the trajectory\"")
        .contains("role=\"img\" aria-label=\"Cost of every step")
        .contains("&lt;b&gt;weight")
        .doesNotContain("<b>weight")
        .contains("kind: csv")
        .contains("sha256");
    assertThat(html).doesNotContain("src=\"http", "href=\"http", "NaN");
    assertThat(report("images")).content().contains("examples of 8 × 8 pixels of grey");
    String roll = Files.readString(report("points"));
    assertThat(roll).contains("The truth, which no K can pass but by chance", "noise alone");
  }

  @Test
  @DisplayName("shows the samples that the model draws when it is asked for so many")
  void samples() throws IOException {
    Path run = shared.resolve("images");
    float[][] shown =
        RunReport.of(run, registry, Optional.empty(), Optional.empty(), Progress.NONE).samples();
    try (Model model = Model.load(run, registry, Optional.empty())) {
      NDArray drawn = model.sample(model.manager(), shown.length, 1);
      assertThat(shown).isDeepEqualTo(Trajectory.rows(drawn));
    }
  }

  @Test
  @DisplayName("shows L beside K when it is asked to, of as many examples as it is told")
  void likelihood() throws IOException {
    List<Double> done = new ArrayList<>();
    RunReport report =
        RunReport.of(
            shared.resolve("points"),
            registry,
            Optional.empty(),
            Optional.of(new LikelihoodRequest(5, 40, done::add)),
            Progress.NONE);
    TrajectoryFigures figures = report.likelihood().orElseThrow();
    assertThat(figures.examples()).isEqualTo(40);
    assertThat(figures.likelihoodBits()).isGreaterThan(figures.boundBits());
    assertThat(done).last().isEqualTo(1.0);
    Path page = shared.resolve("likelihood.html");
    report.write(page);
    assertThat(page)
        .content()
        .contains(
            "L, the log likelihood itself",
            Markup.number(figures.likelihoodBits(), 3),
            "from 5 trajectories of each of 40 held-out examples");
    assertThat(report("points")).content().doesNotContain("L, the log likelihood itself");
  }

  @Test
  @DisplayName("compares runs: one table, one axis, and the settings that differ")
  void compares() throws Exception {
    train("other", "kind: swiss-roll, count: 400, heldOut: 200, seed: 1", "gaussian");
    RunReport one =
        RunReport.of(
            shared.resolve("points"), registry, Optional.empty(), Optional.empty(), Progress.NONE);
    RunReport two =
        RunReport.of(
            shared.resolve("other"), registry, Optional.empty(), Optional.empty(), Progress.NONE);
    RunReport bits =
        RunReport.of(
            shared.resolve("bits"), registry, Optional.empty(), Optional.empty(), Progress.NONE);
    Path page = shared.resolve("compare.html");
    RunReport.compare(List.of(one, two), page);
    assertThat(page).content().contains("points · other", "Where the bits go");
    assertThat(PageStructure.problems(Files.readString(page))).isEmpty();
    RunReport.compare(List.of(one, bits), page);
    assertThat(page)
        .content()
        .contains("their bits do not compare", "kernel.kind", "binomial")
        .doesNotContain("Where the bits go");
    Browser browser = browser(page);
    browser.screen(390, false);
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(390);
    browser.picture(PICTURES.resolve("compare.png"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @DisplayName("says so where the data are gone, and shows what needs none")
  void withoutData() throws Exception {
    Path run = shared.resolve("gone");
    Files.createDirectory(run);
    try (Stream<Path> files = Files.list(shared.resolve("table"))) {
      for (Path file : files.toList()) {
        Files.copy(file, run.resolve(file.getFileName()));
      }
    }
    Path settings = run.resolve("pipeline.yaml");
    Files.writeString(
        settings, Files.readString(settings).replace("people.csv", "no-such-file.csv"));
    RunReport report =
        RunReport.of(run, registry, Optional.empty(), Optional.empty(), Progress.NONE);
    assertThat(report.evaluation()).isEmpty();
    Path page = run.resolve("report.html");
    report.write(page);
    assertThat(page)
        .content()
        .contains("The data are no longer there", "no-such-file.csv", "K on held-out data, during")
        .doesNotContain("What each step costs");
    Browser browser = browser(page);
    assertThat(browser.evaluate("document.getElementById('forward').hidden").asBoolean()).isTrue();
    assertThat(browser.complaints()).isEmpty();
    assertThatThrownBy(
            () ->
                RunReport.of(
                    shared.resolve("no-run"),
                    registry,
                    Optional.empty(),
                    Optional.empty(),
                    Progress.NONE))
        .isInstanceOf(InvalidInput.class);
  }
}
