package org.dpm.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.dpm.api.InvalidInput;
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
        .write(new Samples(values, List.of("height", "width, cm", "z"), List.of(3), 0, 1));

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
    SampleWriter.to(file).write(new Samples(new float[][] {{1, 2.5f}}, List.of(2)));
    assertThat(file).hasContent("x1,x2\n1.0,2.5\n");
  }

  @Test
  @DisplayName("in an .npz are one float32 array 'samples' with all its axes")
  void npzIsRead() throws IOException {
    float[][] values = awkward(5, 12);
    Path file = directory.resolve("samples.npz");
    SampleWriter.to(file).write(new Samples(values, List.of(1, 3, 4)));

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
    SampleWriter.to(file).write(new Samples(new float[][] {{1, 2}}, List.of(2)));
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
  @DisplayName("have as many values and names as their shape says")
  void shapesAgree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Samples(new float[][] {{1, 2, 3}}, List.of(2)))
        .withMessage("values must have 2 elements each, but one has 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Samples(new float[][] {{1, 2}}, List.of("a"), List.of(2), 0, 1))
        .withMessage("names must be 2 or none, but are 1");
  }
}
