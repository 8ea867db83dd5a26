package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.data.GivenImages.colour;
import static org.dpm.data.GivenImages.grey;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variable.Role;
import org.dpm.api.Variables;
import org.dpm.data.GivenImages.Given;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of images")
class ImageFolderTest {

  private final GivenImages images;
  private final Path folder;
  private final Path other;

  ImageFolderTest(@TempDir Path temporary) throws IOException {
    images = new GivenImages(temporary);
    folder = images.folder();
    other = images.other();
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @Test
    @DisplayName("with the grey levels that are stored, not brighter ones")
    void greyLevels() throws IOException {
      images.write("a.png", grey(256, 2, (x, y) -> x));
      images.write("b.png", grey(256, 2, (x, y) -> 255 - x));
      DataSource source = images.all().source();
      assertThat(Sources.shape(source)).isEqualTo(new Shape(1, 2, 256));
      float[] first = Sources.example(source, Split.TRAINING, 0);
      float[] second = Sources.example(source, Split.HELD_OUT, 1);
      for (int i = 0; i < 512; i++) {
        assertThat(first[i]).isEqualTo(i % 256);
        assertThat(second[i]).isEqualTo(255 - i % 256);
      }
      assertThat(source.place(Split.TRAINING, 1)).isEqualTo("b.png");
    }

    @Test
    @DisplayName("with all images of another folder held out, if they are of the same size")
    void otherFolder() throws IOException {
      images.write("a.png", grey(4, 4, (x, y) -> 10));
      images.write("b.png", grey(4, 4, (x, y) -> 20));
      DataSource source = images.given().source();
      DataSource more = source.withHeldOut(other);
      assertThat(more.count(Split.TRAINING)).isEqualTo(2);
      assertThat(more.count(Split.HELD_OUT)).isEqualTo(2);
      assertThat(Sources.example(more, Split.HELD_OUT, 1)).containsOnly(20);
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
      images.write("a.png", colour(2, 2, (x, y) -> 0xff000000 | palette[2 * y + x]));
      images.write("b.png", grey(2, 2, (x, y) -> 77));
      DataSource rgb = images.all().rgb().source();
      assertThat(Sources.shape(rgb)).isEqualTo(new Shape(3, 2, 2));
      assertThat(Sources.example(rgb, Split.TRAINING, 0))
          .containsExactly(255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30);
      assertThat(Sources.example(rgb, Split.TRAINING, 1)).containsOnly(77);
      DataSource grey = images.all().source();
      // 0.299 red + 0.587 green + 0.114 blue.
      assertThat(Sources.example(grey, Split.TRAINING, 0)).containsExactly(76, 150, 29, 18);
    }

    @Test
    @DisplayName("from PNG files of every depth, on white where they are transparent")
    void depths() throws IOException {
      BufferedImage deep = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
      deep.getRaster().setPixels(0, 0, 2, 2, new int[] {0x1234, 0xffff, 0x00ff, 0x8000});
      images.write("a.png", deep);
      BufferedImage bits = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_BINARY);
      bits.setRGB(1, 0, 0xffffff);
      images.write("b.png", bits);
      images.write("c.png", colour(2, 2, (x, y) -> y == 0 ? 0x00123456 : 0x80000000));
      DataSource source = images.all().source();
      assertThat(Sources.example(source, Split.TRAINING, 0)).containsExactly(0x12, 0xff, 0, 0x80);
      assertThat(Sources.example(source, Split.TRAINING, 1)).containsExactly(0, 255, 0, 0);
      assertThat(Sources.example(source, Split.TRAINING, 2)).containsExactly(255, 255, 127, 127);
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
      DataSource source = images.all().source();
      assertThat(source.count(Split.TRAINING)).isEqualTo(2);
      // The compression loses a little.
      for (float level : Sources.example(source, Split.TRAINING, 0)) {
        assertThat(level).isCloseTo(100, within(2f));
      }
      assertThat(Sources.example(source, Split.TRAINING, 1)[0]).isCloseTo(200, within(2f));
      assertThat(source.place(Split.TRAINING, 1))
          .isEqualTo(Path.of("below", "deeper", "b.jpeg").toString());
    }

    @Test
    @DisplayName("as far as a pattern includes its files, by name or by way")
    void include() throws IOException {
      for (String name : new String[] {"a.png", "b.png", "c.jpg.png", "cats/d.png"}) {
        images.write(name, grey(2, 2, (x, y) -> 1));
      }
      assertThat(count(images.given().include("{a,d}.png"))).isEqualTo(2);
      assertThat(count(images.given().include("cats/*"))).isEqualTo(1);
      assertThat(count(images.given().include("*"))).isEqualTo(4);
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
        images.write(i + ".png", grey(2, 2, (x, y) -> level));
      }
      DataSource source = images.given().source();
      assertThat(source.count(Split.TRAINING)).isEqualTo(8);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          int level = (int) Sources.example(source, split, i)[0];
          assertThat(source.place(split, i)).isEqualTo(level + ".png");
          seen[level] = true;
        }
      }
      assertThat(seen).doesNotContain(false);
    }

    @Test
    @DisplayName("with noise below one level unless it shall have none")
    void dequantises() throws IOException {
      images.write("a.png", grey(4, 4, (x, y) -> 255));
      DataSource source = images.all().dequantised().source();
      assertThat(source.variables())
          .isEqualTo(
              Variables.of(
                  new Variable("image", new Shape(1, 4, 4), new Space.Real(1), Role.MODELLED, 2)));
      float[] values = Sources.example(source, Split.TRAINING, 0);
      for (float value : values) {
        assertThat(value).isBetween(255f, Math.nextDown(256f));
      }
      assertThat(values[0]).isNotEqualTo(values[1]);
      assertThat(Sources.space(images.all().source())).isEqualTo(new Space.Real(0));
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
      images.write("a.png", grey(2, 2, (x, y) -> 0));
      Path file = folder.resolve("a.png");
      assertRefused(new Given(file))
          .hasMessage(file + ": is a file; name the folder that it is in");
      assertRefused(images.given().heldOut(other.resolve("nowhere")))
          .hasMessageContaining("no such folder");
      assertRefused(new Given(folder.resolveSibling("trainin")))
          .hasMessageEndingWith("there is no such folder. Did you mean 'training'? Ask Ada.");
    }

    @Test
    @DisplayName("if there is no image in it, or none that is included")
    void empty() throws IOException {
      Files.writeString(folder.resolve("notes.txt"), "nothing");
      assertRefused(images.given())
          .hasMessage(
              folder
                  + ": holds no image: no file in it, at any depth, ends in .png, .jpg or .jpeg. Ask"
                  + " Ada.");
      images.write("a.png", grey(2, 2, (x, y) -> 0));
      assertRefused(images.given().include("*.jpg"))
          .hasMessage(folder + ": none of its 1 images matches include: '*.jpg'. It holds: a.png.");
    }

    @Test
    @DisplayName("if files cannot be read, each named with the reason")
    void unreadable() throws IOException {
      images.write("fine.png", grey(40, 40, (x, y) -> x * y % 256));
      byte[] png = Files.readAllBytes(folder.resolve("fine.png"));
      Files.write(folder.resolve("cut.png"), Arrays.copyOf(png, png.length / 2));
      Path jpeg = folder.resolve("half.jpg");
      ImageIO.write(grey(64, 64, (x, y) -> x * y % 256), "jpg", jpeg.toFile());
      byte[] whole = Files.readAllBytes(jpeg);
      Files.write(jpeg, Arrays.copyOf(whole, whole.length * 2 / 3));
      Files.write(folder.resolve("text.png"), "no picture".getBytes(StandardCharsets.UTF_8));
      Files.write(folder.resolve("void.png"), new byte[0]);
      assertRefused(images.given())
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
      images.write("a.png", grey(4, 2, (x, y) -> 0));
      images.write("b.png", grey(4, 3, (x, y) -> 0));
      assertRefused(images.given())
          .hasMessage(
              folder
                  + ": images differ in size: b.png is 4 x 3, but a.png is 4 x 2. Give resize: N to"
                  + " bring each to N x N pixels, or patch: N to learn from squares of N x N cut"
                  + " out of them.");
      Files.delete(folder.resolve("b.png"));
      assertRefused(images.all())
          .hasMessageStartingWith(
              "%s: images differ in size: b.png is 4 x 3, but %s is 4 x 2."
                  .formatted(other, folder.resolve("a.png")));
    }

    @Test
    @DisplayName("if one image is too few to hold one out")
    void tooFew() throws IOException {
      images.write("a.png", grey(4, 2, (x, y) -> 0));
      assertRefused(images.given()).hasMessageContaining("must hold at least 2 images");
    }

    @Test
    @DisplayName("for settings that contradict each other or have no effect")
    void settings() {
      assertNonsense(images.given().resize(0), "resize must be at least 1, but is 0");
      assertNonsense(
          images.given().resize(8).patch(8, 10, 10),
          "resize must be left out when patch is given, but is 8");
      assertNonsense(images.given().patch(4, 0, 10), "count must be at least 1, but is 0");
      assertNonsense(images.given().patch(4, 10, 0), "heldOutCount must be at least 1, but is 0");
      assertNonsense(images.given().patch(0, 10, 10), "patch must be at least 1, but is 0");
      assertNonsense(
          images.given().fraction(1), "heldOut must be a fraction above 0 and below 1, but is 1.0");
      Path inside = folder.resolve("test");
      assertNonsense(
          images.given().heldOut(inside),
          "heldOutPath must lie outside of path, from which images are taken at any depth, but is "
              + inside);
      assertNonsense(
          images.given().include("{a"),
          "include must be a glob pattern such as *.png, but is '{a': Missing '}");
      assertNonsense(images.given().count(7), "count must be given with patch only, but is 7");
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
}
