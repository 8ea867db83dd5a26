package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An archive of NumPy's arrays")
class NpzDataTest {

  private final Path folder;

  NpzDataTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @Test
    @DisplayName("byte for byte as the format is described")
    void fixture() throws IOException {
      String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
      // The magic string, version 1.0, a dictionary of 0x76 bytes that ends the head at 128.
      byte[] head = HexFormat.of().parseHex("934e554d505901007600");
      byte[] padded =
          (dictionary + " ".repeat(0x76 - 1 - dictionary.length()) + "\n")
              .getBytes(StandardCharsets.US_ASCII);
      // 1, -2, 0.5 and 3, 4, -0.25.
      byte[] numbers =
          HexFormat.of().parseHex("0000803f000000c00000003f" + "0000404000008040000080be");
      Path file = write("data.npz", zip(true, entry("x.npy", head, padded, numbers)));
      DataSource source = new NpzData(settings(file));
      assertThat(Sources.shape(source)).isEqualTo(new Shape(3));
      float[][] rows = {{1, -2, 0.5f}, {3, 4, -0.25f}};
      for (Split split : Split.values()) {
        int row = source.place(split, 0).equals("data.npz: x[0]") ? 0 : 1;
        assertThat(Sources.example(source, split, 0)).containsExactly(rows[row]);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "|b1, 0100, 1, 0",
      "|u1, ff01, 255, 1",
      "|i1, ff01, -1, 1",
      "<u2, ffff0100, 65535, 1",
      ">u2, ffff0001, 65535, 1",
      "<i2, feff0100, -2, 1",
      ">i2, fffe0001, -2, 1",
      "<u4, ffffffff01000000, 4294967295, 1",
      "<i4, feffffff01000000, -2, 1",
      ">i4, fffffffe00000001, -2, 1",
      "<i8, feffffffffffffff0100000000000000, -2, 1",
      ">i8, fffffffffffffffe0000000000000001, -2, 1",
      "<f2, 003c00c1, 1, -2.5",
      ">f2, 3c00c100, 1, -2.5",
      ">f4, 3f800000c0200000, 1, -2.5",
      "<f8, 000000000000f03f00000000000004c0, 1, -2.5",
      ">f8, 3ff0000000000000c004000000000000, 1, -2.5"
    })
    @DisplayName("in every type of number and either order of bytes")
    void types(String type, String bytes, float first, float second) throws IOException {
      byte[] numbers = HexFormat.of().parseHex(bytes);
      byte[] array = npy(type, "2, 1", numbers);
      Path file = write("data.npz", zip(false, entry("a.npy", array), entry("b.npy", array)));
      DataSource source = new NpzData(heldOut(file, "a", "b"));
      assertThat(Sources.shape(source)).isEqualTo(new Shape(1));
      assertThat(Sources.example(source, Split.TRAINING, 0)).containsExactly(first);
      assertThat(Sources.example(source, Split.HELD_OUT, 1)).containsExactly(second);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @DisplayName("in each version of the format")
    void versions(int version) throws IOException {
      byte[] array = npy(version, "<f4", "False", "2", floats(5, 6));
      Path file = write("data.npz", zip(true, entry("x.npy", array)));
      DataSource source = new NpzData(settings(file));
      assertThat(Sources.shape(source)).isEqualTo(new Shape(1));
      assertThat(
              Sources.example(source, Split.TRAINING, 0)[0]
                  + Sources.example(source, Split.HELD_OUT, 0)[0])
          .isEqualTo(11);
    }

    @Test
    @DisplayName("as DJL writes it, axis by axis")
    void writtenByDjl() throws IOException {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      Path file = folder.resolve("data.npz");
      float[] numbers;
      try (NDManager manager = NDManager.newBaseManager()) {
        NDArray images = manager.arange(2 * 3 * 4 * 5f).reshape(2, 3, 4, 5).div(7f);
        images.setName("images");
        NDArray bytes = manager.arange(24f).reshape(2, 12).toType(DataType.UINT8, true);
        bytes.setName("bytes");
        numbers = images.toFloatArray();
        Files.write(file, new NDList(images, bytes).encode(NDList.Encoding.NPZ));
      }
      DataSource images = new NpzData(array(file, "images"));
      assertThat(Sources.shape(images)).isEqualTo(new Shape(3, 4, 5));
      assertThat(images.count(Split.TRAINING)).isEqualTo(1);
      int held = images.place(Split.HELD_OUT, 0).equals("data.npz: images[0]") ? 0 : 1;
      assertThat(Sources.example(images, Split.HELD_OUT, 0))
          .containsExactly(Arrays.copyOfRange(numbers, 60 * held, 60 * held + 60));
      DataSource bytes = new NpzData(array(file, "bytes"));
      assertThat(Sources.shape(bytes)).isEqualTo(new Shape(12));
      assertThat(Sources.example(bytes, Split.HELD_OUT, 0)[11]).isEqualTo(12 * held + 11);
    }

    @Test
    @DisplayName("with a fraction held out, and each example in exactly one set")
    void deals() throws IOException {
      byte[] array = npy("|u1", "10, 1", new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
      DataSource source = new NpzData(settings(write("d.npz", zip(true, entry("x.npy", array)))));
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      boolean[] seen = new boolean[10];
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          int value = (int) Sources.example(source, split, i)[0];
          assertThat(source.place(split, i)).isEqualTo("d.npz: x[" + value + "]");
          seen[value] = true;
        }
      }
      assertThat(seen).doesNotContain(false);
    }

    @Test
    @DisplayName("with the array that is left when another is held out, and its name in places")
    void heldOutArray() throws IOException {
      byte[] training = npy("<f4", "1, 2", floats(1, 2));
      byte[] test = npy("<f4", "2, 2", floats(3, 4, 5, 6));
      Path file =
          write("data.npz", zip(true, entry("train.npy", training), entry("test.npy", test)));
      DataSource source =
          new NpzData(
              new NpzData.Settings(
                  file, Optional.empty(), 0.2, Optional.of("test"), 1, Optional.empty(), false));
      assertThat(Sources.example(source, Split.TRAINING, 0)).containsExactly(1, 2);
      assertThat(Sources.example(source, Split.HELD_OUT, 1)).containsExactly(5, 6);
      assertThat(source.place(Split.HELD_OUT, 1)).isEqualTo("data.npz: test[1]");
    }

    @Test
    @DisplayName("with another file held out instead, all of it and in order, by the array's name")
    void otherFile() throws IOException {
      byte[] numbers = floats(1, 2, 3, 4, 5, 6, 7, 8);
      Path file = write("one.npz", zip(true, entry("x.npy", npy("<f4", "4, 2", numbers))));
      DataSource source = new NpzData(settings(file));
      byte[] others = npy("<f4", "2, 2", floats(9, 8, 7, 6));
      DataSource other = source.withHeldOut(write("two.npz", zip(true, entry("x.npy", others))));
      assertThat(other.count(Split.HELD_OUT)).isEqualTo(2);
      assertThat(Sources.example(other, Split.HELD_OUT, 0)).containsExactly(9, 8);
      assertThat(other.place(Split.HELD_OUT, 1)).isEqualTo("two.npz: x[1]");
      Path unlike = write("bad.npz", zip(true, entry("y.npy", others)));
      assertThatThrownBy(() -> source.withHeldOut(unlike))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("bad.npz: holds no array 'x'");
    }

    @ParameterizedTest
    @CsvSource({"'4', 0", "'4, 3', 0", "'4, 2, 3', 2", "'4, 3, 2, 2', 2"})
    @DisplayName("with its last two axes pooled where it has two, and as it is told otherwise")
    void pools(String shape, int pooled) throws IOException {
      int size =
          Arrays.stream(shape.split(", ")).mapToInt(Integer::parseInt).reduce(1, (a, b) -> a * b);
      Path file = write("d.npz", zip(true, entry("x.npy", npy("|u1", shape, new byte[size]))));
      Variable variable = Sources.only(new NpzData(settings(file)));
      assertThat(variable.pooled()).isEqualTo(pooled);
      assertThat(variable.space()).isEqualTo(new Space.Real(0));
      assertThat(Sources.only(new NpzData(pooled(file, 1, false))))
          .isEqualTo(
              new Variable("x", variable.shape(), new Space.Real(0), Variable.Role.MODELLED, 1));
    }

    @Test
    @DisplayName("as bits where it is told that it holds no others")
    void asBits() throws IOException {
      byte[] array = npy("|b1", "2, 2", new byte[] {0, 1, 1, 1});
      Path file = write("d.npz", zip(true, entry("x.npy", array)));
      DataSource source = new NpzData(bits(file));
      assertThat(source.variables())
          .isEqualTo(Variables.of(Variable.array("x", new Shape(2), new Space.Bit())));
      assertThat(source.withHeldOut(file).variables()).isEqualTo(source.variables());
    }

    @Test
    @DisplayName("in several pieces where it is large")
    void chunks() throws IOException {
      int width = 1 << 20;
      byte[] numbers = new byte[70 * width];
      for (int i = 0; i < 70; i++) {
        numbers[i * width + 1] = (byte) (i + 1);
      }
      byte[] array = npy("|u1", "70, " + width, numbers);
      DataSource source =
          new NpzData(settings(write("large.npz", zip(false, entry("x.npy", array)))));
      float[] row = new float[width];
      int sum = 0;
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          source.read(split, i, Noise.of(1, "unused"), row, 0);
          assertThat(source.place(split, i)).isEqualTo("large.npz: x[" + ((int) row[1] - 1) + "]");
          sum += (int) row[1];
        }
      }
      assertThat(sum).isEqualTo(70 * 71 / 2);
    }
  }

  @Nested
  @DisplayName("is refused")
  class Refuses {

    @Test
    @DisplayName("if it is absent, no zip file, cut off, or without arrays")
    void archive() throws IOException {
      Path absent = folder.resolve("absent.npz");
      assertThatThrownBy(() -> new NpzData(settings(absent)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(absent + ": there is no such file.");
      String damage = "is not an archive that numpy.savez wrote, or is truncated";
      assertRefused(npy("<f4", "2", floats(1, 2))).hasMessageContaining(damage);
      byte[] whole = zip(true, entry("x.npy", npy("<f4", "2", floats(1, 2))));
      assertRefused(Arrays.copyOf(whole, whole.length - 30)).hasMessageContaining(damage);
      assertRefused(new byte[0]).hasMessageContaining(damage);
      assertRefused(zip(true, entry("readme.txt", new byte[] {65})))
          .hasMessageEndingWith("holds no array to learn from");
    }

    @Test
    @DisplayName("if several arrays could be meant, or the named one is not there")
    void names() throws IOException {
      byte[] array = npy("<f4", "2", floats(1, 2));
      byte[] several = zip(true, entry("images.npy", array), entry("masks.npy", array));
      Path file = write("data.npz", several);
      assertThatThrownBy(() -> new NpzData(settings(file)))
          .hasMessage(
              file + ": holds several arrays; name one in the setting array: images, masks");
      assertThatThrownBy(() -> new NpzData(array(file, "image")))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              file + ": holds no array 'image'. Did you mean 'images'? It holds: images, masks.");
      assertThatThrownBy(() -> new NpzData(heldOut(file, "images", "labels")))
          .hasMessageContaining("holds no array 'labels'.");
    }

    @Test
    @DisplayName("if an array does not begin as NumPy's do, or is of another version")
    void beginning() throws IOException {
      byte[] array = npy("<f4", "2", floats(1, 2));
      byte[] magic = array.clone();
      magic[1] = 'n';
      assertArrayRefused(magic)
          .hasMessageEndingWith("array 'x' does not begin as a NumPy array does");
      byte[] version = array.clone();
      version[6] = 4;
      assertArrayRefused(version)
          .hasMessageEndingWith("is in NumPy's format 4.0; 1.0, 2.0 and 3.0 can be read");
      assertArrayRefused(new byte[0]).hasMessageContaining("does not begin");
      assertArrayRefused(Arrays.copyOf(array, 7)).hasMessageEndingWith("array 'x' is truncated");
    }

    @Test
    @DisplayName("if the length of a head is beyond the array, or beyond reason")
    void headLength() throws IOException {
      byte[] array = npy("<f4", "2", floats(1, 2));
      array[8] = (byte) 0xff;
      assertArrayRefused(array)
          .hasMessageEndingWith("is truncated, or its header's length of 255 is wrong");
      byte[] second = npy(2, "<f4", "False", "2", floats(1, 2));
      Arrays.fill(second, 8, 12, (byte) 0xff);
      assertArrayRefused(second).hasMessageContaining("length of 4294967295 is wrong");
    }

    @ParameterizedTest
    @CsvSource({
      "|O, 'holds Python objects, which are code and are never read; save numbers'",
      "<c8, 'holds numbers of type ''c8''; b1, f2, f4, f8, i1, i2, i4, i8, u1, u2, u4 can be read'",
      "<U5, 'holds numbers of type ''U5'''",
      "<u8, 'holds numbers of type ''u8'''"
    })
    @DisplayName("if an array holds what is not a number that can be read")
    void types(String type, String problem) throws IOException {
      assertArrayRefused(npy(type, "2", new byte[16])).hasMessageContaining(problem);
    }

    @Test
    @DisplayName("if an array is one of records, in Fortran order, a single number, or gibberish")
    void kinds() throws IOException {
      assertArrayRefused(npy(1, "<f4", "True", "2, 1", floats(1, 2)))
          .hasMessageEndingWith("is in Fortran order; save numpy.ascontiguousarray of it");
      assertArrayRefused(npy("<f4", "", floats(1)))
          .hasMessageEndingWith("is a single number, not an array of examples");
      assertArrayRefused(npy("<f4", "99999999999999999999", floats(1)))
          .hasMessageEndingWith("has a shape that is too large: (99999999999999999999,)");
      assertArrayRefused(
              head(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}"))
          .hasMessageContaining("is an array of records");
      assertArrayRefused(head(1, "{'descr': '<f4'}"))
          .hasMessageEndingWith("has a header that is not NumPy's: {'descr': '<f4'}");
    }

    @Test
    @DisplayName("if the shape says more or less than the array holds, before memory is taken")
    void sizes() throws IOException {
      assertArrayRefused(npy("<f4", "3", floats(1, 2)))
          .hasMessageContaining(
              "array 'x' is truncated, or its header is wrong: 3 numbers of 4 bytes do not fit into"
                  + " the 8");
      assertArrayRefused(npy("<f4", "4611686018427387904, 4611686018427387904", floats(1, 2)))
          .hasMessageContaining("do not fit into the 8 bytes");
      assertArrayRefused(npy("<f4", "2", floats(1, 2, 3)))
          .hasMessageEndingWith("array 'x' has 4 bytes more than its shape says");
      assertArrayRefused(npy("<f4", "0, 2", new byte[0]))
          .hasMessageContaining("holds nothing: its shape is 0 x 2");
    }

    @Test
    @DisplayName("if the archive says that an array is larger than its compressed bytes can be")
    void sizeOfEntry() throws IOException {
      byte[] archive = zip(true, entry("x.npy", npy("<f4", "2", floats(1, 2))));
      // The length of the content in the central directory, whose records begin with PK 1 2.
      int directory = indexOf(archive, new byte[] {'P', 'K', 1, 2});
      ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, 2_000_000_000);
      assertRefused(archive).hasMessageContaining("says that it has 2000000000 bytes, but cannot");
    }

    @Test
    @DisplayName("if a byte was changed")
    void checksum() throws IOException {
      byte[] archive = zip(false, entry("x.npy", npy("|u1", "4, 1", new byte[] {7, 8, 9, 77})));
      archive[indexOf(archive, new byte[] {7, 8, 9, 77})] ^= 64;
      assertRefused(archive)
          .hasMessageEndingWith("array 'x' is damaged: its checksum is not that of its content");
      byte[] deflated = zip(true, entry("x.npy", npy("|u1", "4, 1", new byte[] {7, 8, 9, 77})));
      int content = 30 + "x.npy".length();
      deflated[content] = (byte) 0xff;
      assertRefused(deflated).hasMessageContaining("array 'x' is damaged: ");
    }

    @Test
    @DisplayName("for numbers that are not finite in single precision, with their places")
    void notFinite() throws IOException {
      assertArrayRefused(npy("<f4", "2, 2", floats(1, Float.NaN, 2, Float.NEGATIVE_INFINITY)))
          .hasMessageContaining("array 'x': element 1 of example 0 is NaN in single precision")
          .hasMessageContaining("array 'x': element 1 of example 1 is -Infinity")
          .hasMessageContaining("Missing values cannot be trained on");
      byte[] large = ByteBuffer.allocate(16).putDouble(1e39).putDouble(1).array();
      assertArrayRefused(npy(">f8", "2", large))
          .hasMessageContaining("element 0 of example 0 is Infinity in single precision");
    }

    @Test
    @DisplayName("if there is nothing to hold out, or the held-out examples have another shape")
    void shapes() throws IOException {
      assertArrayRefused(npy("<f4", "1, 2", floats(1, 2)))
          .hasMessageEndingWith("array 'x' must hold at least 2 examples, but holds 1");
      byte[] one = npy("<f4", "1, 2", floats(1, 2));
      byte[] other = npy("<f4", "2, 1", floats(1, 2));
      Path file = write("data.npz", zip(true, entry("a.npy", one), entry("b.npy", other)));
      assertThatThrownBy(() -> new NpzData(heldOut(file, "a", "b")))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              file + ": examples of array 'b' have the shape (1), but those of 'a' have (2)");
    }

    @Test
    @DisplayName("for what is no bit in an array of bits, with its place, held out later or not")
    void noBits() throws IOException {
      byte[] array = npy("<f4", "2, 2", floats(0, 1, 0.5f, 1));
      Path file = write("data.npz", zip(true, entry("x.npy", array)));
      assertThatThrownBy(() -> new NpzData(bits(file)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining(
              file + ": array 'x': element 0 of example 1 is 0.5 and neither 0 nor 1")
          .hasMessageContaining("With bits: true");
      byte[] fine = npy("<f4", "2, 2", floats(0, 1, 0, 1));
      DataSource source = new NpzData(bits(write("fine.npz", zip(true, entry("x.npy", fine)))));
      assertThatThrownBy(() -> source.withHeldOut(file)).hasMessageContaining("is 0.5");
    }

    @Test
    @DisplayName("for more axes than an example has, and for settings that contradict each other")
    void axes() throws IOException {
      Path file = write("d.npz", zip(true, entry("x.npy", npy("|u1", "2, 2", new byte[4]))));
      assertThatThrownBy(() -> new NpzData(pooled(file, 2, false)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              file + ": pooled must be 0 to 1, the axes of an example of array 'x', but is 2");
      assertThatThrownBy(() -> pooled(file, -1, false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pooled must be 0 or more, but is -1");
      assertThatThrownBy(() -> pooled(file, 1, true))
          .hasMessage("pooled must be left out with bits, which are not scaled, but is 1");
    }

    @Test
    @DisplayName("for an array that is to be learned from and held out")
    void sameArray() {
      assertThatThrownBy(() -> heldOut(folder, "a", "a"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("heldOutArray must be another array than array, but both are 'a'");
    }

    private AbstractThrowableAssert<?, ?> assertArrayRefused(byte[] array) throws IOException {
      return assertRefused(zip(true, entry("x.npy", array)));
    }

    private AbstractThrowableAssert<?, ?> assertRefused(byte[] archive) throws IOException {
      Path file = write("data.npz", archive);
      return assertThatThrownBy(() -> new NpzData(settings(file)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageStartingWith(file.toString());
    }
  }

  private static NpzData.Settings settings(Path file) {
    return new NpzData.Settings(
        file, Optional.empty(), 0.2, Optional.empty(), 1, Optional.empty(), false);
  }

  private static NpzData.Settings pooled(Path file, int axes, boolean bits) {
    return new NpzData.Settings(
        file, Optional.empty(), 0.2, Optional.empty(), 1, Optional.of(axes), bits);
  }

  private static NpzData.Settings bits(Path file) {
    return new NpzData.Settings(
        file, Optional.empty(), 0.2, Optional.empty(), 1, Optional.empty(), true);
  }

  private static NpzData.Settings array(Path file, String name) {
    return new NpzData.Settings(
        file, Optional.of(name), 0.2, Optional.empty(), 1, Optional.empty(), false);
  }

  private static NpzData.Settings heldOut(Path file, String name, String heldOut) {
    return new NpzData.Settings(
        file, Optional.of(name), 0.2, Optional.of(heldOut), 1, Optional.empty(), false);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private record Entry(String name, ByteBuffer content) {}

  private static Entry entry(String name, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return new Entry(name, ByteBuffer.wrap(content.toByteArray()));
  }

  private static byte[] zip(boolean deflated, Entry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Entry entry : entries) {
        byte[] content = entry.content().array();
        ZipEntry header = new ZipEntry(entry.name());
        CRC32 sum = new CRC32();
        sum.update(content);
        header.setCrc(sum.getValue());
        header.setSize(content.length);
        header.setMethod(deflated ? ZipEntry.DEFLATED : ZipEntry.STORED);
        out.putNextEntry(header);
        out.write(content);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] npy(String type, String shape, byte[] numbers) {
    return npy(1, type, "False", shape, numbers);
  }

  private static byte[] npy(
      int version, String type, String fortran, String shape, byte[] numbers) {
    String tuple = shape.isEmpty() || shape.contains(",") ? shape : shape + ",";
    byte[] head =
        head(
            version,
            "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
                .formatted(type, fortran, tuple));
    return ByteBuffer.allocate(head.length + numbers.length).put(head).put(numbers).array();
  }

  /** The head of an array, padded to a multiple of 64 bytes as NumPy pads it. */
  private static byte[] head(int version, String dictionary) {
    int before = version == 1 ? 10 : 12;
    int length = (before + dictionary.length() + 1 + 63) / 64 * 64 - before;
    ByteBuffer head = ByteBuffer.allocate(before + length).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    head.put((byte) version).put((byte) 0);
    if (version == 1) {
      head.putShort((short) length);
    } else {
      head.putInt(length);
    }
    String padding = " ".repeat(length - 1 - dictionary.length()) + "\n";
    return head.put((dictionary + padding).getBytes(StandardCharsets.US_ASCII)).array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new IllegalArgumentException("the bytes are not there");
  }
}
