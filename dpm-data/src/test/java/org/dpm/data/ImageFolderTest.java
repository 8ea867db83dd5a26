package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.atIndex;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of images")
class ImageFolderTest {

  private final Path folder;

  /** Holds every image that is written into the first folder. */
  private final Path other;

  ImageFolderTest(@TempDir Path temporary) throws IOException {
    folder = Files.createDirectory(temporary.resolve("training"));
    other = Files.createDirectory(temporary.resolve("other"));
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @Test
    @DisplayName("with the grey levels that are stored, not brighter ones")
    void greyLevels() throws IOException {
      image("a.png", grey(256, 2, (x, y) -> x));
      image("b.png", grey(256, 2, (x, y) -> 255 - x));
      DataSource source = new Given(folder).heldOut(other).source();
      assertThat(source.element()).isEqualTo(new Shape(1, 2, 256));
      float[] first = example(source, Split.TRAINING, 0);
      float[] second = example(source, Split.HELD_OUT, 1);
      for (int i = 0; i < 512; i++) {
        assertThat(first[i]).isEqualTo(i % 256);
        assertThat(second[i]).isEqualTo(255 - i % 256);
      }
      assertThat(source.place(Split.TRAINING, 1)).isEqualTo("b.png");
    }

    @Test
    @DisplayName("with all images of another folder held out, if they are of the same size")
    void otherFolder() throws IOException {
      image("a.png", grey(4, 4, (x, y) -> 10));
      image("b.png", grey(4, 4, (x, y) -> 20));
      DataSource source = new Given(folder).source();
      DataSource more = source.withHeldOut(other);
      assertThat(more.count(Split.TRAINING)).isEqualTo(2);
      assertThat(more.count(Split.HELD_OUT)).isEqualTo(2);
      assertThat(example(more, Split.HELD_OUT, 1)).containsOnly(20);
      Path within = Files.createDirectory(folder.resolve("within"));
      assertThatThrownBy(() -> source.withHeldOut(within))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("within")
          .hasMessageContaining("lies within");
      ImageIO.write(grey(5, 4, (x, y) -> 30), "png", other.resolve("c.png").toFile());
      assertThatThrownBy(() -> source.withHeldOut(other))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("c.png is 5");
    }

    @Test
    @DisplayName("in channels one after the other, or as the brightness of its colours")
    void channels() throws IOException {
      int[] palette = {0xff0000, 0x00ff00, 0x0000ff, 0x0a141e};
      image("a.png", colour(2, 2, (x, y) -> 0xff000000 | palette[2 * y + x]));
      image("b.png", grey(2, 2, (x, y) -> 77));
      DataSource rgb = new Given(folder).heldOut(other).rgb().source();
      assertThat(rgb.element()).isEqualTo(new Shape(3, 2, 2));
      assertThat(example(rgb, Split.TRAINING, 0))
          .containsExactly(255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30);
      assertThat(example(rgb, Split.TRAINING, 1)).containsOnly(77);
      DataSource grey = new Given(folder).heldOut(other).source();
      // 0.299 red + 0.587 green + 0.114 blue.
      assertThat(example(grey, Split.TRAINING, 0)).containsExactly(76, 150, 29, 18);
    }

    @Test
    @DisplayName("from PNG files of every depth, on white where they are transparent")
    void depths() throws IOException {
      BufferedImage deep = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
      deep.getRaster().setPixels(0, 0, 2, 2, new int[] {0x1234, 0xffff, 0x00ff, 0x8000});
      image("a.png", deep);
      BufferedImage bits = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_BINARY);
      bits.setRGB(1, 0, 0xffffff);
      image("b.png", bits);
      image("c.png", colour(2, 2, (x, y) -> y == 0 ? 0x00123456 : 0x80000000));
      DataSource source = new Given(folder).heldOut(other).source();
      assertThat(example(source, Split.TRAINING, 0)).containsExactly(0x12, 0xff, 0, 0x80);
      assertThat(example(source, Split.TRAINING, 1)).containsExactly(0, 255, 0, 0);
      assertThat(example(source, Split.TRAINING, 2)).containsExactly(255, 255, 127, 127);
    }

    @Test
    @DisplayName("from JPEG files, at any depth of folders, and from no others")
    void jpeg() throws IOException {
      Files.createDirectories(folder.resolve("below/deeper"));
      ImageIO.write(grey(16, 16, (x, y) -> 100), "jpg", folder.resolve("below/a.JPG").toFile());
      ImageIO.write(
          grey(16, 16, (x, y) -> 200), "jpg", folder.resolve("below/deeper/b.jpeg").toFile());
      Files.writeString(folder.resolve("notes.txt"), "not an image");
      ImageIO.write(grey(16, 16, (x, y) -> 0), "png", other.resolve("c.png").toFile());
      DataSource source = new Given(folder).heldOut(other).source();
      assertThat(source.count(Split.TRAINING)).isEqualTo(2);
      // The compression loses a little.
      for (float level : example(source, Split.TRAINING, 0)) {
        assertThat(level).isCloseTo(100, within(2f));
      }
      assertThat(example(source, Split.TRAINING, 1)[0]).isCloseTo(200, within(2f));
      assertThat(source.place(Split.TRAINING, 1))
          .isEqualTo(Path.of("below", "deeper", "b.jpeg").toString());
    }

    @Test
    @DisplayName("as far as a pattern includes its files, by name or by way")
    void include() throws IOException {
      for (String name : new String[] {"a.png", "b.png", "c.jpg.png", "cats/d.png"}) {
        image(name, grey(2, 2, (x, y) -> 1));
      }
      assertThat(count(new Given(folder).include("{a,d}.png"))).isEqualTo(2);
      assertThat(count(new Given(folder).include("cats/*"))).isEqualTo(1);
      assertThat(count(new Given(folder).include("*"))).isEqualTo(4);
    }

    private int count(Given given) {
      return given.heldOut(other).source().count(Split.TRAINING);
    }

    @Test
    @DisplayName("with a fraction held out, and each image in exactly one set")
    void deals() throws IOException {
      boolean[] seen = new boolean[10];
      for (int i = 0; i < 10; i++) {
        int level = i;
        image(i + ".png", grey(2, 2, (x, y) -> level));
      }
      DataSource source = new Given(folder).source();
      assertThat(source.count(Split.TRAINING)).isEqualTo(8);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          int level = (int) example(source, split, i)[0];
          assertThat(source.place(split, i)).isEqualTo(level + ".png");
          seen[level] = true;
        }
      }
      assertThat(seen).doesNotContain(false);
    }

    @Test
    @DisplayName("with noise below one level unless it shall have none")
    void dequantises() throws IOException {
      image("a.png", grey(4, 4, (x, y) -> 255));
      DataSource source = new Given(folder).heldOut(other).dequantised().source();
      assertThat(source.grain()).isEqualTo(1);
      float[] values = example(source, Split.TRAINING, 0);
      for (float value : values) {
        assertThat(value).isBetween(255f, Math.nextDown(256f));
      }
      assertThat(values[0]).isNotEqualTo(values[1]);
      assertThat(new Given(folder).heldOut(other).source().grain()).isZero();
    }
  }

  @Nested
  @DisplayName("is resized")
  class Resizes {

    @Test
    @DisplayName("without any change if it has the size already")
    void same() throws IOException {
      image("a.png", grey(8, 8, (x, y) -> 31 * x + 3 * y));
      float[] levels = resized(8);
      for (int i = 0; i < 64; i++) {
        assertThat(levels[i]).isEqualTo(31 * (i % 8) + 3 * (i / 8));
      }
    }

    @Test
    @DisplayName("with every pixel weighed, so that a chequerboard becomes grey")
    void reduces() throws IOException {
      image("a.png", grey(64, 64, (x, y) -> (x + y) % 2 == 0 ? 255 : 0));
      for (float level : resized(8)) {
        assertThat(level).isCloseTo(127.5f, within(0.5f));
      }
    }

    @Test
    @DisplayName("so that a slope stays a slope, reduced or enlarged")
    void slopes() throws IOException {
      image("a.png", grey(32, 32, (x, y) -> 4 * x + 2 * y));
      for (int side : new int[] {8, 64}) {
        float[] levels = resized(side);
        double scale = 32.0 / side;
        // A tent is cut off at the border.
        int border = 2;
        for (int y = border; y < side - border; y++) {
          for (int x = border; x < side - border; x++) {
            double expected = 4 * ((x + 0.5) * scale - 0.5) + 2 * ((y + 0.5) * scale - 0.5);
            assertThat(levels[y * side + x]).isCloseTo((float) expected, within(0.51f));
          }
        }
      }
    }

    @Test
    @DisplayName("from the square in its middle, whichever side is longer")
    void crops() throws IOException {
      image("a.png", grey(96, 32, (x, y) -> x < 31 ? 0 : x < 65 ? 100 : 200));
      // The tents of the outer pixels reach a little beyond the square.
      assertThat(Arrays.copyOf(resized(4), 4))
          .containsExactly(new float[] {100, 100, 100, 100}, within(10f));
      assertThat(resized(4)[1]).isEqualTo(100);
      image("a.png", grey(32, 96, (x, y) -> y < 31 ? 0 : y < 65 ? 100 : 200));
      assertThat(resized(4)).contains(100, atIndex(4)).contains(100, atIndex(11));
    }

    @Test
    @DisplayName("in each of its colours")
    void colours() throws IOException {
      image("a.png", colour(8, 8, (x, y) -> x < 4 ? 0xff0a141e : 0xff646e78));
      float[] levels =
          example(new Given(folder).heldOut(other).rgb().resize(2).source(), Split.TRAINING, 0);
      // An eighth of what the tent weighs lies on the other half.
      assertThat(levels[0]).isEqualTo(levels[2]).isBetween(10f, 30f);
      assertThat(levels[4] - levels[0]).isEqualTo(10);
      assertThat(levels[9] - levels[1]).isEqualTo(20);
    }

    private float[] resized(int side) {
      DataSource source = new Given(folder).heldOut(other).resize(side).source();
      assertThat(source.element()).isEqualTo(new Shape(1, side, side));
      return example(source, Split.TRAINING, 0);
    }
  }

  @Nested
  @DisplayName("is cut into patches")
  class Patches {

    private static final int SIDE = 4;
    private static final int COUNT = 11_700;

    /** The level of a pixel says where it is. */
    private void write(String name) throws IOException {
      image(name, grey(16, 16, (x, y) -> 16 * y + x));
    }

    @Test
    @DisplayName("from every place of its part as often as from any other, whole and in order")
    void uniform() throws IOException {
      write("a.png");
      DataSource source = new Given(folder).fraction(0.25).patch(SIDE, COUNT, 100).source();
      assertThat(source.element()).isEqualTo(new Shape(1, SIDE, SIDE));
      assertThat(source.count(Split.TRAINING)).isEqualTo(COUNT);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(100);
      Noise noise = Noise.of(1, "patches", 0);
      double[] counts = new double[256];
      float[] patch = new float[SIDE * SIDE];
      for (int i = 0; i < COUNT; i++) {
        source.read(Split.TRAINING, i, noise, patch, 0);
        for (int j = 0; j < patch.length; j++) {
          assertThat(patch[j]).isEqualTo(patch[0] + 16 * (j / SIDE) + j % SIDE);
        }
        counts[(int) patch[0]]++;
      }
      // The upper twelve rows have 9 times 13 places.
      double chiSquare = 0;
      double expected = COUNT / (9.0 * 13);
      for (int place = 0; place < 256; place++) {
        if (place / 16 < 9 && place % 16 < 13) {
          chiSquare += Math.pow(counts[place] - expected, 2) / expected;
        } else {
          assertThat(counts[place]).isZero();
        }
      }
      assertThat(chiSquare)
          .isLessThan(new ChiSquaredDistribution(9 * 13 - 1).inverseCumulativeProbability(0.9999));
    }

    @Test
    @DisplayName("of which those held out come from the lowest rows, the same at each reading")
    void heldOut() throws IOException {
      write("a.png");
      DataSource source = new Given(folder).fraction(0.25).patch(SIDE, 10, 100).source();
      float[] patch = new float[SIDE * SIDE];
      float[] again = new float[SIDE * SIDE];
      boolean[] seen = new boolean[13];
      for (int i = 0; i < 100; i++) {
        source.read(Split.HELD_OUT, i, Noise.of(1, "one", i), patch, 0);
        source.read(Split.HELD_OUT, i, Noise.of(2, "other", i), again, 0);
        assertThat(again).isEqualTo(patch);
        assertThat(patch[0]).isBetween(12 * 16f, 12 * 16f + 12);
        seen[(int) patch[0] - 12 * 16] = true;
      }
      // Each place is missed by all with the probability (12/13)^100, 3 in 10,000.
      assertThat(seen).doesNotContain(false);
      source.read(Split.TRAINING, 0, Noise.of(1, "one", 0), patch, 0);
      source.read(Split.TRAINING, 0, Noise.of(1, "one", 1), again, 0);
      assertThat(again).isNotEqualTo(patch);
    }

    @Test
    @DisplayName("of images of any size, the larger more often, and in colour")
    void sizes() throws IOException {
      image("a.png", colour(4, 4, (x, y) -> 0xff010203));
      image("b.png", colour(8, 5, (x, y) -> 0xff040506));
      int count = 10_000;
      DataSource source = new Given(folder).heldOut(other).rgb().patch(SIDE, count, 10).source();
      int small = 0;
      for (int i = 0; i < count; i++) {
        float[] values = new float[3 * SIDE * SIDE];
        source.read(Split.TRAINING, i, Noise.of(1, "patch", i), values, 0);
        small += values[0] == 1 ? 1 : 0;
        assertThat(values[16]).isEqualTo(values[0] + 1);
        assertThat(values[47]).isEqualTo(values[0] + 2);
      }
      // One place against 5 x 2: four standard errors.
      double share = 1 / 11.0;
      assertThat((double) small / count)
          .isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / count)));
    }

    @Test
    @DisplayName("unless they are larger than what there is of an image")
    void tooLarge() throws IOException {
      write("a.png");
      assertRefused(new Given(folder).fraction(0.25).patch(5, 10, 10))
          .hasMessageContaining(
              folder.resolve("a.png")
                  + ": is 16 x 16, of which the rows 13 to 16 are for this set: there is no room for a patch"
                  + " of 5 x 5")
          .hasMessageContaining("Give a smaller patch");
      assertRefused(new Given(folder).heldOut(other).patch(17, 10, 10))
          .hasMessageContaining("the rows 1 to 16 are for this set");
    }
  }

  @Nested
  @DisplayName("is refused")
  class Refuses {

    @Test
    @DisplayName("if it is absent or a file, with how to get it")
    void absent() throws IOException {
      Path nowhere = folder.resolve("nowhere");
      assertRefused(new Given(nowhere)).hasMessage(nowhere + ": there is no such folder. Ask Ada.");
      image("a.png", grey(2, 2, (x, y) -> 0));
      Path file = folder.resolve("a.png");
      assertRefused(new Given(file))
          .hasMessage(file + ": is a file; name the folder that it is in");
      assertRefused(new Given(folder).heldOut(other.resolve("nowhere")))
          .hasMessageContaining("no such folder");
      assertRefused(new Given(folder.resolveSibling("trainin")))
          .hasMessageEndingWith("there is no such folder. Did you mean 'training'? Ask Ada.");
    }

    @Test
    @DisplayName("if there is no image in it, or none that is included")
    void empty() throws IOException {
      Files.writeString(folder.resolve("notes.txt"), "nothing");
      assertRefused(new Given(folder))
          .hasMessage(
              folder
                  + ": holds no image: no file in it, at any depth, ends in .png, .jpg or .jpeg. Ask"
                  + " Ada.");
      image("a.png", grey(2, 2, (x, y) -> 0));
      assertRefused(new Given(folder).include("*.jpg"))
          .hasMessage(folder + ": none of its 1 images matches include: '*.jpg'. It holds: a.png.");
    }

    @Test
    @DisplayName("if files cannot be read, each named with the reason")
    void unreadable() throws IOException {
      image("fine.png", grey(40, 40, (x, y) -> x * y % 256));
      byte[] png = Files.readAllBytes(folder.resolve("fine.png"));
      Files.write(folder.resolve("cut.png"), Arrays.copyOf(png, png.length / 2));
      Path jpeg = folder.resolve("half.jpg");
      ImageIO.write(grey(64, 64, (x, y) -> x * y % 256), "jpg", jpeg.toFile());
      byte[] whole = Files.readAllBytes(jpeg);
      Files.write(jpeg, Arrays.copyOf(whole, whole.length * 2 / 3));
      Files.write(folder.resolve("text.png"), "no picture".getBytes(StandardCharsets.UTF_8));
      Files.write(folder.resolve("void.png"), new byte[0]);
      assertRefused(new Given(folder))
          .hasMessageContaining(folder.resolve("cut.png") + ": cannot be read: ")
          .hasMessageContaining(jpeg + ": cannot be read: it is cut off")
          .hasMessageContaining(
              folder.resolve("text.png")
                  + ": cannot be read: it is not an image that Java can read, whatever its name")
          .hasMessageContaining(folder.resolve("void.png") + ": cannot be read: ")
          .hasMessageNotContainingAny("fine.png", "null")
          .hasMessageEndingWith("Repair these files, or take them out of the folder.");
    }

    @Test
    @DisplayName("if its images, or those held out, differ in size and are not to be resized")
    void mixed() throws IOException {
      image("a.png", grey(4, 2, (x, y) -> 0));
      image("b.png", grey(4, 3, (x, y) -> 0));
      assertRefused(new Given(folder))
          .hasMessage(
              folder
                  + ": images differ in size: b.png is 4 x 3, but a.png is 4 x 2. Give resize: N to"
                  + " bring each to N x N pixels, or patch: N to learn from squares of N x N cut"
                  + " out of them.");
      Files.delete(folder.resolve("b.png"));
      assertRefused(new Given(folder).heldOut(other))
          .hasMessageStartingWith(
              "%s: images differ in size: b.png is 4 x 3, but %s is 4 x 2."
                  .formatted(other, folder.resolve("a.png")));
    }

    @Test
    @DisplayName("if one image is too few to hold one out")
    void tooFew() throws IOException {
      image("a.png", grey(4, 2, (x, y) -> 0));
      assertRefused(new Given(folder)).hasMessageContaining("must hold at least 2 images");
    }

    @Test
    @DisplayName("for settings that contradict each other or have no effect")
    void settings() {
      Given given = new Given(folder);
      assertNonsense(given.resize(0), "resize must be at least 1, but is 0");
      assertNonsense(
          given.resize(8).patch(8, 10, 10),
          "resize must be left out when patch is given, but is 8");
      assertNonsense(given.patch(4, 0, 10), "count must be at least 1, but is 0");
      assertNonsense(given.patch(4, 10, 0), "heldOutCount must be at least 1, but is 0");
      assertNonsense(given.patch(0, 10, 10), "patch must be at least 1, but is 0");
      assertNonsense(
          given.fraction(1), "heldOut must be a fraction above 0 and below 1, but is 1.0");
      Path inside = folder.resolve("test");
      assertNonsense(
          given.heldOut(inside),
          "heldOutPath must lie outside of path, from which images are taken at any depth, but is "
              + inside);
      assertNonsense(
          given.include("{a"),
          "include must be a glob pattern such as *.png, but is '{a': Missing '}");
      assertThatThrownBy(
              () ->
                  new ImageFolder.Settings(
                      folder,
                      Optional.empty(),
                      Colours.GREY,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.of(7),
                      Optional.empty(),
                      Optional.empty(),
                      0.2,
                      1,
                      true,
                      Optional.empty()))
          .hasMessage("count must be given with patch only, but is 7");
    }

    private void assertNonsense(Given given, String message) {
      assertThatThrownBy(given::settings)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Given given) {
    return assertThatThrownBy(given::source).isInstanceOf(InvalidInput.class);
  }

  /** Settings under construction. */
  private record Given(
      Path path,
      Optional<String> include,
      Colours colours,
      Optional<Integer> resize,
      Optional<Integer> patch,
      Optional<Integer> count,
      Optional<Integer> heldOutCount,
      Optional<Path> heldOutPath,
      double heldOut,
      boolean dequantise) {

    Given(Path path) {
      this(
          path,
          Optional.empty(),
          Colours.GREY,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0.2,
          false);
    }

    Given include(String pattern) {
      return new Given(
          path,
          Optional.of(pattern),
          colours,
          resize,
          patch,
          count,
          heldOutCount,
          heldOutPath,
          heldOut,
          dequantise);
    }

    Given rgb() {
      return new Given(
          path,
          include,
          Colours.RGB,
          resize,
          patch,
          count,
          heldOutCount,
          heldOutPath,
          heldOut,
          dequantise);
    }

    Given resize(int side) {
      return new Given(
          path,
          include,
          colours,
          Optional.of(side),
          patch,
          count,
          heldOutCount,
          heldOutPath,
          heldOut,
          dequantise);
    }

    Given patch(int side, int training, int held) {
      return new Given(
          path,
          include,
          colours,
          resize,
          Optional.of(side),
          Optional.of(training),
          Optional.of(held),
          heldOutPath,
          heldOut,
          dequantise);
    }

    Given heldOut(Path other) {
      return new Given(
          path,
          include,
          colours,
          resize,
          patch,
          count,
          heldOutCount,
          Optional.of(other),
          heldOut,
          dequantise);
    }

    Given fraction(double held) {
      return new Given(
          path,
          include,
          colours,
          resize,
          patch,
          count,
          heldOutCount,
          heldOutPath,
          held,
          dequantise);
    }

    Given dequantised() {
      return new Given(
          path, include, colours, resize, patch, count, heldOutCount, heldOutPath, heldOut, true);
    }

    ImageFolder.Settings settings() {
      return new ImageFolder.Settings(
          path,
          include,
          colours,
          resize,
          patch,
          count,
          heldOutCount,
          heldOutPath,
          heldOut,
          1,
          dequantise,
          Optional.of("Ask Ada."));
    }

    DataSource source() {
      return new ImageFolder(settings());
    }
  }

  private void image(String name, BufferedImage image) throws IOException {
    for (Path place : List.of(folder, other)) {
      Path file = place.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      ImageIO.write(image, "png", file.toFile());
    }
  }

  /** Levels by column and row. */
  private static BufferedImage grey(int width, int height, IntBinaryOperator level) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, level.applyAsInt(x, y));
      }
    }
    return image;
  }

  /** Alpha, red, green and blue by column and row. */
  private static BufferedImage colour(int width, int height, IntBinaryOperator pixel) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, pixel.applyAsInt(x, y));
      }
    }
    return image;
  }

  private static float[] example(DataSource source, Split split, int index) {
    float[] values = new float[(int) source.element().size()];
    source.read(split, index, Noise.of(1, "test", 0), values, 0);
    return values;
  }
}
