package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;
import org.dpm.data.IdxData.Binarise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of images in MNIST's format")
class IdxDataTest {

  private final Path folder;

  IdxDataTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("compressed or not, whatever its name")
    void compression(boolean compressed) throws IOException {
      byte[] content = images(3, 2, 4);
      Path file = write("images.bin", compressed ? gzip(content) : content);
      Path test = write("test.gz", compressed ? content : gzip(content));
      DataSource source = new IdxData(new Given(file).heldOut(test).exact().settings());
      assertThat(Sources.shape(source)).isEqualTo(new Shape(1, 2, 4));
      for (Split split : Split.values()) {
        assertThat(source.count(split)).isEqualTo(3);
        // Bytes 240 and up: read as signed numbers they would be negative.
        assertThat(Sources.example(source, split, 0))
            .containsExactly(240, 241, 242, 243, 244, 245, 246, 247);
        assertThat(Sources.example(source, split, 2)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
      }
      assertThat(Sources.space(source)).isEqualTo(new Space.Real(0));
      assertThat(source.place(Split.HELD_OUT, 1)).isEqualTo("test.gz: example 1");
    }

    @Test
    @DisplayName(
        "with noise of one grey level, fresh at each reading and fixed by what it is given")
    void dequantises() throws IOException {
      Path file = write("images", file(new int[] {2, 100, 100}, filled(20_000, 255)));
      DataSource source = new IdxData(new Given(file).settings());
      assertThat(Sources.space(source)).isEqualTo(new Space.Real(1));
      float[] values = new float[10_000];
      source.read(Split.TRAINING, 0, Noise.of(1, "test"), values, 0);
      SummaryStatistics noise = new SummaryStatistics();
      for (float value : values) {
        noise.addValue(value - 255);
      }
      assertThat(noise.getMin()).isNotNegative();
      assertThat(noise.getMax()).isLessThan(1);
      // Four standard errors: a uniform number has the variance 1/12, its squared deviation 1/180.
      assertThat(noise.getMean()).isCloseTo(0.5, within(4 / Math.sqrt(12 * 10_000.0)));
      assertThat(noise.getPopulationVariance())
          .isCloseTo(1.0 / 12, within(4 / Math.sqrt(180 * 10_000.0)));

      float[] again = new float[10_000];
      source.read(Split.TRAINING, 0, Noise.of(1, "test"), again, 0);
      assertThat(again).isEqualTo(values);
      source.read(Split.TRAINING, 0, Noise.of(1, "test").at(1), again, 0);
      assertThat(again).isNotEqualTo(values);
    }

    @Test
    @DisplayName("with pixels that share centre and scale, and numbers in a row that do not")
    void pooled() throws IOException {
      Path images = write("images", images(2, 2, 4));
      assertThat(new IdxData(new Given(images).settings()).variables())
          .isEqualTo(
              Variables.of(
                  new Variable("image", new Shape(1, 2, 4), new Space.Real(1), Role.MODELLED, 2)));
      Path vectors = write("vectors", file(new int[] {2, 3}, filled(6, 1)));
      assertThat(Sources.only(new IdxData(new Given(vectors).settings())).pooled()).isZero();
    }

    @Test
    @DisplayName("into its place, and leaves the rest alone")
    void readsAtOffset() throws IOException {
      Path file = write("images", file(new int[] {2, 2}, filled(4, 9)));
      float[] target = {-1, -1, -1, -1};
      new IdxData(new Given(file).settings())
          .read(Split.TRAINING, 0, Noise.of(1, "test"), target, 1);
      assertThat(target[0]).isEqualTo(-1);
      assertThat(target[1]).isBetween(9f, 10f);
      assertThat(target[2]).isBetween(9f, 10f);
      assertThat(target[3]).isEqualTo(-1);
    }

    @Test
    @DisplayName("with a fraction held out, and each image in exactly one set")
    void deals() throws IOException {
      byte[] values = new byte[10];
      for (int i = 0; i < 10; i++) {
        values[i] = (byte) i;
      }
      Path file = write("images", file(new int[] {10, 1, 1}, values));
      DataSource source = new IdxData(new Given(file).exact().settings());
      assertThat(source.count(Split.TRAINING)).isEqualTo(8);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      boolean[] seen = new boolean[10];
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          int value = (int) Sources.example(source, split, i)[0];
          assertThat(source.place(split, i)).isEqualTo("images: example " + value);
          seen[value] = true;
        }
      }
      assertThat(seen).doesNotContain(false);
    }

    @Test
    @DisplayName(
        "as vectors where there are two dimensions, and with channels where there are four")
    void otherRanks() throws IOException {
      Path vectors = write("vectors", file(new int[] {2, 3}, filled(6, 1)));
      assertThat(Sources.shape(new IdxData(new Given(vectors).settings()))).isEqualTo(new Shape(3));
      Path colours = write("colours", file(new int[] {2, 3, 4, 5}, filled(120, 1)));
      assertThat(Sources.shape(new IdxData(new Given(colours).settings())))
          .isEqualTo(new Shape(3, 4, 5));
    }

    @Test
    @DisplayName(
        "with another file held out instead, all of it in spite of a limit, read the same way")
    void otherFile() throws IOException {
      Path file = write("images", images(5, 2, 4));
      Path other = write("others", file(new int[] {3, 4}, filled(12, 9)));
      Path unlike = write("unlike", images(5, 4, 4));
      DataSource source = new IdxData(new Given(file).exact().limit(2).settings());
      assertThatThrownBy(() -> source.withHeldOut(unlike))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("its examples have the shape");
      DataSource bits = new IdxData(new Given(other).binarise(Binarise.THRESHOLD).settings());
      DataSource more = bits.withHeldOut(other);
      assertThat(more.count(Split.HELD_OUT)).isEqualTo(3);
      assertThat(Sources.example(more, Split.HELD_OUT, 2)).containsOnly(0);
      assertThat(more.place(Split.HELD_OUT, 2)).isEqualTo("others: example 2");
      assertThat(source.withHeldOut(file).count(Split.HELD_OUT)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("up to a limit, though the rest must be there")
    void limit(boolean compressed) throws IOException {
      byte[] content = images(5, 2, 4);
      Path file = write("images", compressed ? gzip(content) : content);
      DataSource source = new IdxData(new Given(file).heldOut(file).exact().limit(2).settings());
      assertThat(source.count(Split.TRAINING)).isEqualTo(2);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      assertThat(Sources.example(source, Split.TRAINING, 1)[0]).isEqualTo(248);

      byte[] cut = Arrays.copyOf(content, content.length - 1);
      Path short_ = write("short", compressed ? gzip(cut) : cut);
      assertThatThrownBy(() -> new IdxData(new Given(short_).limit(2).settings()))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("is truncated");
    }
  }

  @Nested
  @DisplayName("is made bits")
  class Bits {

    @Test
    @DisplayName("by a threshold, the middle unless given, from which on a level is 1")
    void threshold() throws IOException {
      byte[] levels = {0, 127, (byte) 128, (byte) 255, 0, 0, 0, 0};
      Path file = write("images", file(new int[] {2, 4}, levels));
      Given given = new Given(file).heldOut(file).binarise(Binarise.THRESHOLD);
      DataSource middle = new IdxData(given.settings());
      assertThat(Sources.example(middle, Split.TRAINING, 0)).containsExactly(0, 0, 1, 1);
      assertThat(Sources.space(middle)).isEqualTo(new Space.Bit());
      assertThat(given.settings().white()).isEqualTo(1);
      assertThat(new Given(file).settings().white()).isEqualTo(255);
      DataSource low = new IdxData(given.threshold(127).settings());
      assertThat(Sources.example(low, Split.TRAINING, 0)).containsExactly(0, 1, 1, 1);
      DataSource high = new IdxData(given.threshold(255).settings());
      assertThat(Sources.example(high, Split.HELD_OUT, 0)).containsExactly(0, 0, 0, 1);
    }

    @Test
    @DisplayName("by chance, with the grey level for a probability, afresh at each reading")
    void stochastic() throws IOException {
      int size = 10_000;
      byte[] levels = new byte[3 * size];
      Arrays.fill(levels, size, 2 * size, (byte) 51);
      Arrays.fill(levels, 2 * size, 3 * size, (byte) 255);
      Path file = write("images", file(new int[] {3, size}, levels));
      DataSource source =
          new IdxData(new Given(file).heldOut(file).binarise(Binarise.STOCHASTIC).settings());
      assertThat(Sources.space(source)).isEqualTo(new Space.Bit());
      assertThat(Sources.example(source, Split.TRAINING, 0)).containsOnly(0);
      assertThat(Sources.example(source, Split.TRAINING, 2)).containsOnly(1);
      float[] bits = Sources.example(source, Split.TRAINING, 1);
      assertThat(bits).containsOnly(0, 1);
      SummaryStatistics statistics = new SummaryStatistics();
      for (float bit : bits) {
        statistics.addValue(bit);
      }
      // The level is a fifth of white: four standard errors of a mean of bits.
      assertThat(statistics.getMean()).isCloseTo(0.2, within(4 * Math.sqrt(0.2 * 0.8 / size)));
      float[] again = new float[size];
      Noise noise = Noise.of(1, "test").from(1);
      source.read(Split.TRAINING, 1, noise, again, 0);
      assertThat(again).isEqualTo(bits);
      source.read(Split.TRAINING, 1, noise.at(1), again, 0);
      assertThat(again).isNotEqualTo(bits);
    }

    @Test
    @DisplayName("only with settings that have an effect")
    void settings() {
      Given given = new Given(folder);
      assertRefused(
          given.binarise(Binarise.STOCHASTIC).dequantise(true),
          "dequantise must be false or left out when bits are made of the grey levels, but is"
              + " true");
      assertRefused(
          given.binarise(Binarise.STOCHASTIC).threshold(9),
          "threshold must be given with binarise: threshold only, but is 9");
      assertRefused(
          given.binarise(Binarise.THRESHOLD).threshold(0),
          "threshold must be from 1 to 255, but is 0");
      assertRefused(
          given.binarise(Binarise.THRESHOLD).threshold(256),
          "threshold must be from 1 to 255, but is 256");
    }

    private void assertRefused(Given given, String message) {
      assertThatThrownBy(given::settings)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  @Nested
  @DisplayName("is refused")
  class Refuses {

    @Test
    @DisplayName("if it is absent, with how to get it")
    void absent() throws IOException {
      Path file = folder.resolve("images.gz");
      assertThatThrownBy(() -> new IdxData(new Given(file).obtain("Ask Ada.").settings()))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(file + ": there is no such file. Ask Ada.");
      Path training = write("training", images(2, 2, 2));
      assertThatThrownBy(
              () -> new IdxData(new Given(training).heldOut(file).obtain("Ask Bob.").settings()))
          .hasMessage(file + ": there is no such file. Ask Bob.");
    }

    @Test
    @DisplayName("if it begins otherwise, or is shorter than any beginning")
    void magic() throws IOException {
      assertRefused("%PDF-1.7 and more".getBytes(StandardCharsets.US_ASCII))
          .hasMessageEndingWith(
              "is not an IDX file: it begins with 2550 instead of two zero bytes");
      assertRefused(new byte[] {0, 0, 8}).hasMessageEndingWith("it has 3 bytes");
      assertRefused(new byte[] {0, 0, 8, 3, 0, 0}).hasMessageContaining("is truncated");
    }

    @Test
    @DisplayName("if its numbers are not bytes")
    void type() throws IOException {
      byte[] content = images(2, 2, 2);
      content[2] = 0x0d;
      assertRefused(content)
          .hasMessageEndingWith("holds numbers of type 0x0d; unsigned bytes, 0x08, can be read");
    }

    @Test
    @DisplayName("if it holds labels, or no dimension at all")
    void labels() throws IOException {
      assertRefused(file(new int[] {4}, filled(4, 1)))
          .hasMessageEndingWith(
              "looks like a file of labels, since it has one dimension; name the file of images");
      assertRefused(file(new int[0], filled(4, 1))).hasMessageEndingWith("it has no dimensions");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("if numbers are missing, or others follow")
    void length(boolean compressed) throws IOException {
      byte[] content = images(2, 3, 3);
      byte[] cut = Arrays.copyOf(content, content.length - 1);
      byte[] grown = Arrays.copyOf(content, content.length + 5);
      assertRefused(compressed ? gzip(cut) : cut).hasMessageContaining("is truncated");
      assertRefused(compressed ? gzip(grown) : grown)
          .hasMessageEndingWith(
              "is too long: 5 bytes follow the 2 examples that its header announces");
    }

    @Test
    @DisplayName("if the compression is cut off or damaged")
    void compression() throws IOException {
      byte[] content = gzip(images(20, 8, 8));
      assertRefused(Arrays.copyOf(content, content.length - 12))
          .hasMessageContaining("is truncated");
      byte[] damaged = content.clone();
      damaged[content.length - 8] ^= 1;
      assertRefused(damaged).hasMessageContaining("is damaged: Corrupt GZIP trailer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("if its header announces more than there can be, before memory is taken for it")
    void hugeDimensions(boolean compressed) throws IOException {
      byte[] content = file(new int[] {-1, -1, -1}, filled(8, 1));
      assertRefused(compressed ? gzip(content) : content)
          .hasMessageContaining("4294967295 x 4294967295 x 4294967295 numbers of 1 bytes");
    }

    @Test
    @DisplayName("if it is empty of images, or has too few to hold one out")
    void tooFew() throws IOException {
      assertRefused(file(new int[] {0, 2, 2}, new byte[0]))
          .hasMessageEndingWith("holds nothing: its shape is 0 x 2 x 2");
      assertRefused(images(1, 2, 2))
          .hasMessageEndingWith("must hold at least 2 examples, but holds 1");
    }

    @Test
    @DisplayName("if the held-out images have another shape")
    void shapes() throws IOException {
      Path training = write("training", images(2, 2, 2));
      Path heldOut = write("held-out", images(2, 2, 3));
      assertThatThrownBy(() -> new IdxData(new Given(training).heldOut(heldOut).settings()))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              heldOut
                  + ": its examples have the shape (1, 2, 3), but those of "
                  + training
                  + " have (1, 2, 2)");
    }

    @Test
    @DisplayName("for a limit below two")
    void limit() {
      assertThatThrownBy(() -> new Given(folder).limit(1).settings())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("limit must be at least 2, but is 1");
    }

    private AbstractThrowableAssert<?, ?> assertRefused(byte[] content) throws IOException {
      Path file = write("images", content);
      return assertThatThrownBy(() -> new IdxData(new Given(file).settings()))
          .isInstanceOf(InvalidInput.class)
          .hasMessageStartingWith(file.toString());
    }
  }

  /** Settings under construction. */
  private record Given(
      Path path,
      Optional<Path> heldOut,
      Optional<Boolean> dequantise,
      Binarise binarise,
      Optional<Integer> threshold,
      Optional<Integer> limit,
      Optional<String> obtain) {

    Given(Path path) {
      this(
          path,
          Optional.empty(),
          Optional.empty(),
          Binarise.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    Given heldOut(Path other) {
      return new Given(path, Optional.of(other), dequantise, binarise, threshold, limit, obtain);
    }

    Given exact() {
      return dequantise(false);
    }

    Given dequantise(boolean wanted) {
      return new Given(path, heldOut, Optional.of(wanted), binarise, threshold, limit, obtain);
    }

    Given binarise(Binarise how) {
      return new Given(path, heldOut, dequantise, how, threshold, limit, obtain);
    }

    Given threshold(int level) {
      return new Given(path, heldOut, dequantise, binarise, Optional.of(level), limit, obtain);
    }

    Given limit(int count) {
      return new Given(path, heldOut, dequantise, binarise, threshold, Optional.of(count), obtain);
    }

    Given obtain(String how) {
      return new Given(path, heldOut, dequantise, binarise, threshold, limit, Optional.of(how));
    }

    IdxData.Settings settings() {
      return new IdxData.Settings(
          path, heldOut, 0.2, 1, dequantise, binarise, threshold, limit, obtain);
    }
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /** Images whose bytes count upwards from 240, modulo 256. */
  private static byte[] images(int count, int height, int width) {
    byte[] values = new byte[count * height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (240 + i);
    }
    return file(new int[] {count, height, width}, values);
  }

  private static byte[] filled(int size, int value) {
    byte[] values = new byte[size];
    Arrays.fill(values, (byte) value);
    return values;
  }

  private static byte[] file(int[] dimensions, byte[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dimensions.length + values.length);
    buffer.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) dimensions.length);
    for (int dimension : dimensions) {
      buffer.putInt(dimension);
    }
    return buffer.put(values).array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
