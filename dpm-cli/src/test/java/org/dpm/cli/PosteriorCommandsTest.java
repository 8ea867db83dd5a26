package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Posteriors as a user meets them. Two small models are trained for all. */
@DisplayName("dpm: posteriors")
class PosteriorCommandsTest {

  private static final String REST =
      """
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: log-snr-linear, first: 1.0e-4, last: 1.0e-4 }
      network: { kind: mlp, width: 16, depth: 1 }
      objective: { kind: variational-bound }
      training: { batch: 32, updates: 20 }
      """;

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private static Path table;
  private static Path images;

  private record Outcome(int status, String out, String err) {

    Outcome isFine() {
      assertThat(err + out).doesNotContain("Exception");
      assertThat(status).as(err).isZero();
      return this;
    }

    void isRefused(String... words) {
      assertThat(err).contains(words).doesNotContain("\tat ");
      assertThat(status).isEqualTo(2);
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
    Random random = new Random(1);
    StringBuilder people = new StringBuilder("height,weight,age\n");
    for (int i = 0; i < 100; i++) {
      double height = 1.7 + 0.1 * random.nextGaussian();
      people.append(height + "," + (40 * height + random.nextGaussian()) + "," + i + "\n");
    }
    Files.writeString(shared.resolve("people.csv"), people);
    table = trained("table", "data: { kind: csv, path: people.csv }\n");
    Files.write(shared.resolve("images.idx"), idx(random));
    images = trained("images", "data: { kind: idx, path: images.idx }\n");
  }

  private static Path trained(String name, String data) throws IOException {
    Path pipeline = shared.resolve(name + ".yaml");
    Files.writeString(pipeline, data + REST);
    Path run = shared.resolve(name);
    dpm("train", pipeline, "--out", run).isFine();
    return run;
  }

  /** 40 images of 6 by 4. */
  private static byte[] idx(Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int number : new int[] {0x803, 40, 4, 6}) {
      out.writeInt(number);
    }
    for (int i = 0; i < 40 * 24; i++) {
      out.writeByte(random.nextInt(256));
    }
    return bytes.toByteArray();
  }

  private Path written(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private Path image(String name, int width, int height) throws IOException {
    Path file = directory.resolve(name);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = width / 2; x < width; x++) {
      image.getRaster().setSample(x, 0, 0, 255);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  @DisplayName("posterior keeps what is observed, and comes again with the same seed")
  void posterior() throws IOException {
    Path prior =
        written(
            "prior.yaml",
            """
            kind: product
            factors:
              - { kind: observed, elements: [height], values: [1.75] }
              - { kind: tempered, prior: { kind: range, elements: [age], low: 30, softness: 5 } }
            """);
    Path one = directory.resolve("one.csv");
    Path two = directory.resolve("two.csv");
    Outcome outcome =
        dpm("posterior", table, "--prior", prior, "--count", 30, "--particles", 10, "--out", one);
    assertThat(outcome.isFine().out()).contains("30 draws", "3 runs of 10", "log Z", "+-");
    dpm("posterior", table, "--prior", prior, "--count", 30, "--particles", 10, "--out", two)
        .isFine();
    List<String> lines = Files.readAllLines(one);
    assertThat(lines).hasSize(31).isEqualTo(Files.readAllLines(two));
    assertThat(lines.subList(1, 31)).allMatch(line -> line.startsWith("1.75"));
  }

  @Test
  @DisplayName("posterior multiplies with another model, and refuses one of other data")
  void otherModel() throws IOException {
    Path out = directory.resolve("out.csv");
    Path prior = written("model.yaml", "kind: model\nrun: %s\n".formatted(table));
    Outcome outcome =
        dpm("posterior", table, "--prior", prior, "--count", 40, "--particles", 20, "--out", out);
    assertThat(outcome.isFine().out()).contains("40 draws", "log Z");
    assertThat(Files.readAllLines(out)).hasSize(41);
    dpm("posterior", images, "--prior", prior, "--out", out)
        .isRefused("model.yaml: run: ", "is a model of 3 numbers, but this one is of 24 numbers");
    Path nowhere = written("nowhere.yaml", "kind: model\nrun: nowhere\n");
    dpm("posterior", table, "--prior", nowhere, "--out", out)
        .isRefused("nowhere.yaml", "there is no such run directory");
    Path tempered =
        written("slow.yaml", "kind: tempered\nprior: { kind: model, run: %s }\n".formatted(table));
    dpm("posterior", table, "--prior", tempered, "--out", out).isRefused("not tempered");
  }

  @Test
  @DisplayName("posterior refuses a prior that is wrong, with file and line")
  void wrongPriors() throws IOException {
    Path out = directory.resolve("out.csv");
    Path kind = written("kind.yaml", "kind: gausian\n");
    dpm("posterior", table, "--prior", kind, "--out", out)
        .isRefused("kind.yaml:1", "no Prior of kind 'gausian'", "Did you mean 'gaussian'?");
    Path element = written("element.yaml", "kind: observed\nelements: [hight]\nvalues: [1.7]\n");
    dpm("posterior", table, "--prior", element, "--out", out)
        .isRefused("element.yaml: elements: the model has no element 'hight'", "'height'");
    Path sigma = written("sigma.yaml", "kind: gaussian\nvalues: [1]\nsigmas: [0]\n");
    dpm("posterior", table, "--prior", sigma, "--out", out)
        .isRefused("sigma.yaml:3: sigmas: must be positive, but is 0.0");
    Path bits = written("bits.yaml", "kind: bits\nlogOdds: [1]\n");
    dpm("posterior", table, "--prior", bits, "--out", out).isRefused("model is of numbers");
    assertThat(out).doesNotExist();
  }

  @Test
  @DisplayName("impute returns what was there to the last character, and fills the rest")
  void impute() throws IOException {
    Path holes =
        written(
            "holes.csv",
            "name,\"weight\",height,age\nAnna, 70.50,1.800,\nBert,,NA,4e1\n\"C, D\",80,1.7,30\n");
    Path filled = directory.resolve("filled.csv");
    assertThat(
            dpm("impute", table, holes, "--keep", "name", "--particles", 2, "--out", filled)
                .isFine()
                .out())
        .contains("3 cells of 2 rows filled, of 3");
    List<String> lines = Files.readAllLines(filled);
    assertThat(lines.get(0))
        .isEqualTo(
            "name,\"weight\",height,age,height_low,height_high,weight_low,weight_high,age_low,age_high");
    assertThat(lines.get(1)).matches("Anna, 70\\.50,1\\.800,[-0-9.E]+,,,,,[-0-9.E]+,[-0-9.E]+");
    assertThat(lines.get(2)).matches("Bert,[-0-9.E]+,[-0-9.E]+,4e1(,[-0-9.E]+){4},,");
    assertThat(lines.get(3)).isEqualTo("\"C, D\",80,1.7,30,,,,,,");
    Path draws = directory.resolve("draws.csv");
    dpm("impute", table, holes, "--keep", "name", "--draws", 3, "--out", draws).isFine();
    assertThat(Files.readAllLines(draws)).hasSize(10).element(9).isEqualTo("3,\"C, D\",80,1.7,30");
  }

  @Test
  @DisplayName("impute refuses unknown columns and text, and warns of what is far off")
  void imputeRefuses() throws IOException {
    Path out = directory.resolve("out.csv");
    dpm("impute", table, written("a.csv", "height,wieght,age\n1,,3\n"), "--out", out)
        .isRefused("no column 'wieght'. Did you mean 'weight'?", "has no column 'weight'");
    dpm("impute", table, written("b.csv", "height,weight,age\n1,,3\n1,tall,\n"), "--out", out)
        .isRefused("b.csv:3: column 'weight': 'tall' is not a number");
    dpm("impute", table, written("c.csv", "height,weight,age\n1,,3\n1,2\n"), "--out", out)
        .isRefused("c.csv:3: must have 3 cells, but has 2");
    assertThat(out).doesNotExist();
    Path far = written("d.csv", "height,weight,age\n9,,40\n");
    assertThat(dpm("impute", table, far, "--particles", 1, "--out", out).isFine().out())
        .contains("warning", "d.csv:2: column 'height': 9.0 is");
  }

  @Test
  @DisplayName("inpaint keeps what is seen and writes sheet, table and image")
  void inpaint() throws IOException {
    Path seen = image("bag.png", 6, 4);
    Path mask = image("mask.png", 6, 4);
    Path out = directory.resolve("out");
    dpm("inpaint", images, seen, "--mask", mask, "--draws", 3, "--out", out).isFine();
    assertThat(out)
        .isDirectoryContaining("glob:**/sheet.png")
        .isDirectoryContaining("glob:**/restored.npz")
        .isDirectoryContaining("glob:**/draws.npz");
    BufferedImage restored = ImageIO.read(out.resolve("bag.png").toFile());
    assertThat(restored.getWidth()).isEqualTo(6);
    assertThat(restored.getRGB(0, 0) & 255).isZero();
    Path halves = directory.resolve("halves");
    assertThat(
            dpm(
                    "inpaint",
                    images,
                    "--held-out",
                    2,
                    "--hide",
                    "right",
                    "--draws",
                    2,
                    "--out",
                    halves)
                .isFine()
                .out())
        .contains("nearest training image", "mean of the training images");
  }

  @Test
  @DisplayName("denoise compares itself with blur and the Wiener filter on held-out images")
  void denoise() throws IOException {
    Path out = directory.resolve("out");
    assertThat(
            dpm("denoise", images, "--held-out", 3, "--sigma", 70, "--draws", 2, "--out", out)
                .isFine()
                .out())
        .contains("posterior mean", "best Gaussian blur", "Wiener filter");
    int five = ImageIO.read(out.resolve("sheet.png").toFile()).getWidth();
    Path once = directory.resolve("once");
    dpm("denoise", images, "--held-out", 3, "--sigma", 70, "--draws", 1, "--out", once).isFine();
    // One draw has no deviation to show; a column is as wide as before, beside a gap of 4.
    int four = ImageIO.read(once.resolve("sheet.png").toFile()).getWidth();
    assertThat(4 * (five - 4)).isEqualTo(5 * (four - 4));
  }

  @Test
  @DisplayName("inpaint and denoise refuse images of another size, and no noise")
  void imagesRefused() throws IOException {
    Path out = directory.resolve("out");
    Path seen = image("bag.png", 6, 4);
    dpm("inpaint", images, seen, "--mask", image("small.png", 5, 4), "--out", out)
        .isRefused("small.png: is 5 x 4 pixels, but must be 6 x 4");
    dpm("inpaint", images, seen, "--out", out).isRefused("--mask FILE or --hide HALF");
    dpm("denoise", images, seen, "--sigma", 0, "--out", out)
        .isRefused("--sigma must be positive, but is 0.0");
    dpm("denoise", images, seen, "--sigma", 1e9, "--out", out).isRefused("noisiest step");
    dpm("denoise", table, seen, "--sigma", 1, "--out", out)
        .isRefused("this is a model of examples");
    assertThat(out).doesNotExist();
  }
}
