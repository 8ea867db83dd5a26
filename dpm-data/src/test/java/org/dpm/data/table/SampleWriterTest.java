package org.dpm.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.table.SampleWriter.Samples;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Samples")
final class SampleWriterTest {

  private final Path directory;

  SampleWriterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void keepTheEngineQuiet() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  /** Of all magnitudes: random bits are random floats. */
  private static float[][] awkward(int count, int size) {
    SplittableRandom random = new SplittableRandom(3);
    float[][] values = new float[count][size];
    for (float[] row : values) {
      for (int i = 0; i < size; i++) {
        float value = Float.intBitsToFloat(random.nextInt());
        row[i] = Float.isFinite(value) ? value : 0.1f;
      }
    }
    return values;
  }

  @Test
  @DisplayName("in a .csv have a header and come back as the same floats")
  void csvRoundTrips() throws IOException {
    float[][] values = awkward(200, 3);
    Path file = directory.resolve("samples.csv");
    SampleWriter.to(file)
        .write(new Samples(values, Variables.columns(List.of("height", "width, cm", "z"))));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(201).first().isEqualTo("height,\"width, cm\",z");
    for (int row = 0; row < values.length; row++) {
      String[] cells = lines.get(row + 1).split(",", -1);
      assertThat(cells).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(Float.parseFloat(cells[i])).isEqualTo(values[row][i]);
      }
    }
  }

  @Test
  @DisplayName("in a .csv are called x1, x2, ... where they have no names")
  void csvNamesColumns() throws IOException {
    Path file = directory.resolve("samples.CSV");
    SampleWriter.to(file).write(new Samples(new float[][] {{1, 2.5f}}, array(2)));
    assertThat(file).hasContent("x1,x2\n1.0,2.5\n");
  }

  @Test
  @DisplayName("in an .npz are one float32 array 'samples' with all its axes")
  void npzIsRead() throws IOException {
    float[][] values = awkward(5, 12);
    Path file = directory.resolve("samples.npz");
    SampleWriter.to(file).write(new Samples(values, array(1, 3, 4)));

    try (NDManager manager = NDManager.newBaseManager();
        InputStream in = Files.newInputStream(file)) {
      NDArray array = NDList.decode(manager, in).singletonOrThrow();
      assertThat(array.getName()).isEqualTo("samples");
      assertThat(array.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(array.getShape()).isEqualTo(new Shape(5, 1, 3, 4));
      for (int row = 0; row < values.length; row++) {
        assertThat(array.get(row).toFloatArray()).containsExactly(values[row]);
      }
    }
  }

  @Test
  @DisplayName("in an .npz begin at a multiple of 64 bytes, as numpy writes them")
  void npzIsAligned() throws IOException {
    Path file = directory.resolve("samples.npz");
    SampleWriter.to(file).write(new Samples(new float[][] {{1, 2}}, array(2)));
    try (var zip = new java.util.zip.ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry("samples.npy"))) {
      byte[] bytes = in.readAllBytes();
      assertThat(bytes).hasSize(128 + 8).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
      assertThat(new String(bytes, 10, 118, java.nio.charset.StandardCharsets.US_ASCII))
          .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }")
          .endsWith(" \n");
    }
  }

  @Test
  @DisplayName("are refused an extension that nobody knows, before anything is drawn")
  void unknownExtension() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> SampleWriter.to(Path.of("out/samples.xlsx")))
        .withMessage(
            "out/samples.xlsx: samples cannot be written to a file that ends in .xlsx."
                + " Give it one of these: .csv, .npz.");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> SampleWriter.to(Path.of("samples")))
        .withMessageContaining("a file without extension");
  }

  @Test
  @DisplayName("are refused a directory as their file")
  void directoryAsFile() throws IOException {
    Path file = Files.createDirectory(directory.resolve("samples.csv"));
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> SampleWriter.to(file))
        .withMessageEndingWith("is a directory; give the name of a file.");
  }

  @Test
  @DisplayName("have as many values as their variables say")
  void shapesAgree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Samples(new float[][] {{1, 2, 3}}, array(2)))
        .withMessage("values must have 2 cells each, but one has 3");
  }

  @Test
  @DisplayName("have the shape of an array that is the whole, and otherwise one axis")
  void shapes() {
    Variable image = Variable.array("image", new Shape(1, 1, 2), new Space.Real(0));
    Variable age = Variable.column("age", new Space.Real(0));
    assertThat(new Samples(new float[0][], Variables.of(image)).element()).containsExactly(1, 1, 2);
    assertThat(new Samples(new float[0][], Variables.of(age)).element()).containsExactly(1);
    Samples both = new Samples(new float[0][], new Variables(List.of(image, age)));
    assertThat(both.element()).containsExactly(3);
    assertThat(both.columns()).containsExactly("image1", "image2", "age");
  }

  @Test
  @DisplayName("in a .csv have labels for categories, digits for bits, and nothing for NaN")
  void types() throws IOException {
    Variables variables =
        new Variables(
            List.of(
                Variable.column("colour", new Space.Category(List.of("NA", "blue, dark", "red"))),
                Variable.column("smoker", new Space.Bit()),
                Variable.column("bmi", new Space.Real(0))));
    float[][] values = {{2, 1, 20.5f}, {1, 0, Float.NaN}, {0, 0.25f, 1e10f}};
    Path file = directory.resolve("samples.csv");
    SampleWriter.to(file).write(new Samples(values, variables));
    // The mean of bits is no bit, and a label that reads like a missing value stands in quotes.
    assertThat(file)
        .hasContent(
            """
            colour,smoker,bmi
            red,1,20.5
            "blue, dark",0,
            "NA",0.25,1.0E10
            """);
    SampleWriter.to(file).write(new Samples(Arrays.copyOf(values, 2), variables));
    assertArrayEquals(
        Arrays.copyOf(values, 2),
        new TableCells(TextTable.read(file, TableFormat.USUAL), variables).rows());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SampleWriter.to(file).write(new Samples(new float[][] {{0.5f, 0, 0}}, variables)))
        .withMessage("a cell must be the index of one of 3 labels, but is 0.5");
  }

  private static Variables array(long... shape) {
    return Variables.of(Variable.array("array", new Shape(shape), new Space.Real(0)));
  }
}
