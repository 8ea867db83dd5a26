package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of CIFAR-10's binary version")
class Cifar10DataTest {

  private static final int PLANE = 32 * 32;

  private final Path folder;

  Cifar10DataTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    for (int batch = 1; batch <= 5; batch++) {
      write("data_batch_%d.bin".formatted(batch), records(2, 10 * batch));
    }
    write("test_batch.bin", records(3, 200));
  }

  private static DataSource source(Path path, Optional<Integer> limit) {
    return new Cifar10Data(new Cifar10Data.Settings(path, false, limit, Optional.of("Ask Ada.")));
  }

  @Test
  @DisplayName(
      "gives the images of five files to learn from, and those of the sixth to be held out")
  void reads() {
    DataSource source = source(folder, Optional.empty());
    assertThat(Sources.shape(source)).isEqualTo(new Shape(3, 32, 32));
    assertThat(source.count(Split.TRAINING)).isEqualTo(10);
    assertThat(source.count(Split.HELD_OUT)).isEqualTo(3);
    assertThat(Sources.space(source)).isEqualTo(new Space.Real(0));
    // Each image is made of three levels, one to a channel: first + 3 x record + channel.
    assertThat(planes(source, Split.TRAINING, 0)).containsExactly(10, 11, 12);
    assertThat(planes(source, Split.TRAINING, 1)).containsExactly(13, 14, 15);
    assertThat(planes(source, Split.TRAINING, 9)).containsExactly(53, 54, 55);
    assertThat(planes(source, Split.HELD_OUT, 2)).containsExactly(206, 207, 208);
    assertThat(source.place(Split.TRAINING, 3)).isEqualTo("data_batch_2.bin: record 1");
    assertThat(source.place(Split.HELD_OUT, 0)).isEqualTo("test_batch.bin: record 0");
  }

  @Test
  @DisplayName("holds all images of another such file out when it is asked to")
  void otherFile() throws IOException {
    write("other.bin", records(4, 100));
    DataSource other = source(folder, Optional.of(2)).withHeldOut(folder.resolve("other.bin"));
    assertThat(other.count(Split.TRAINING)).isEqualTo(2);
    assertThat(other.count(Split.HELD_OUT)).isEqualTo(4);
    assertThat(planes(other, Split.HELD_OUT, 3)).containsExactly(109, 110, 111);
    assertThat(other.place(Split.HELD_OUT, 3)).isEqualTo("other.bin: record 3");
    write("torn.bin", new byte[100]);
    assertThatThrownBy(() -> other.withHeldOut(folder.resolve("torn.bin")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("torn.bin")
        .hasMessageContaining("100 bytes");
  }

  @Test
  @DisplayName("keeps the rows and columns of an image where they are")
  void order() throws IOException {
    byte[] content = records(1, 0);
    // Green, row 5, column 7, behind the label.
    content[1 + PLANE + 5 * 32 + 7] = 99;
    write("test_batch.bin", content);
    float[] image = Sources.example(source(folder, Optional.empty()), Split.HELD_OUT, 0);
    assertThat(image[PLANE + 5 * 32 + 7]).isEqualTo(99);
    assertThat(image[PLANE + 5 * 32 + 8]).isEqualTo(1);
  }

  @Test
  @DisplayName("adds noise below one level unless it shall not")
  void dequantises() {
    DataSource exact = source(folder, Optional.empty());
    DataSource source =
        new Cifar10Data(new Cifar10Data.Settings(folder, true, Optional.empty(), Optional.empty()));
    assertThat(Sources.space(source)).isEqualTo(new Space.Real(1));
    float[] levels = Sources.example(exact, Split.HELD_OUT, 2);
    float[] values = Sources.example(source, Split.HELD_OUT, 2);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isBetween(levels[i], Math.nextDown(levels[i] + 1));
    }
    assertThat(values[0]).isNotEqualTo(values[1]);
  }

  @Test
  @DisplayName("uses as few images as it is told")
  void limit() {
    DataSource source = source(folder, Optional.of(3));
    assertThat(source.count(Split.TRAINING)).isEqualTo(3);
    assertThat(source.count(Split.HELD_OUT)).isEqualTo(3);
    assertThat(planes(source, Split.TRAINING, 2)).containsExactly(20, 21, 22);
    assertThatThrownBy(
            () -> new Cifar10Data.Settings(folder, true, Optional.of(1), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be at least 2, but is 1");
  }

  @Test
  @DisplayName("is refused if a file has another length than that of whole records")
  void length() throws IOException {
    Path file = write("data_batch_3.bin", Arrays.copyOf(records(2, 0), 2 * 3073 - 1));
    assertRefused()
        .hasMessage(
            file
                + ": is not a file of CIFAR-10's binary version: it has 6145 bytes, but a file of"
                + " whole records has a multiple of 3073, 1 for the label and 3 x 32 x 32 for the"
                + " image");
    write("data_batch_3.bin", new byte[0]);
    assertRefused().hasMessageContaining("it has 0 bytes");
  }

  @Test
  @DisplayName("is refused if what should be a label is none")
  void label() throws IOException {
    byte[] content = records(2, 0);
    content[3073] = 10;
    Path file = write("test_batch.bin", content);
    assertRefused()
        .hasMessageStartingWith(file.toString())
        .hasMessageEndingWith("record 1 has the label 10, but labels are 0 to 9");
  }

  @Test
  @DisplayName("is refused if it, or one of its files, is absent, with how to get it")
  void absent() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> source(nowhere, Optional.empty()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(nowhere + ": there is no such folder. Ask Ada.");
    Path file = folder.resolve("data_batch_1.bin");
    assertThatThrownBy(() -> source(file, Optional.empty()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(file + ": is a file; name the folder that it is in");
    Files.delete(file);
    assertRefused()
        .hasMessageStartingWith(file + ": there is no such file.")
        .hasMessageEndingWith("Ask Ada.");
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> source(folder, Optional.empty()))
        .isInstanceOf(InvalidInput.class);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Records whose channels are of one level each, counting upwards. */
  private static byte[] records(int count, int first) {
    ByteBuffer buffer = ByteBuffer.allocate(count * (1 + 3 * PLANE));
    for (int i = 0; i < 3 * count; i++) {
      if (i % 3 == 0) {
        buffer.put((byte) (i / 3 % 10));
      }
      byte[] plane = new byte[PLANE];
      Arrays.fill(plane, (byte) (first + i));
      buffer.put(plane);
    }
    return buffer.array();
  }

  private static float[] planes(DataSource source, Split split, int index) {
    float[] image = Sources.example(source, split, index);
    assertThat(image[2 * PLANE - 1]).isEqualTo(image[PLANE]);
    return new float[] {image[0], image[PLANE], image[3 * PLANE - 1]};
  }
}
