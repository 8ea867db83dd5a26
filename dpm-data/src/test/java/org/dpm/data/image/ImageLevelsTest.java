package org.dpm.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.dpm.api.InvalidInput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A single image")
class ImageLevelsTest {

  private static final Shape GREY = new Shape(1, 1, 3);
  private static final Shape RGB = new Shape(3, 1, 3);

  private final Path folder;

  ImageLevelsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  @DisplayName("in grey has the levels that are stored, whatever it is read for")
  void grey() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 100, 255});
    Path file = write("grey.png", image);
    assertThat(ImageLevels.read(file, GREY)).containsExactly(0, 100, 255);
    assertThat(ImageLevels.read(file, RGB)).containsExactly(0, 100, 255, 0, 100, 255, 0, 100, 255);
  }

  @Test
  @DisplayName("in grey of sixteen bits has the upper eight of them")
  void deepGrey() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0x12ff, 0x6400, 0xffff});
    assertThat(ImageLevels.read(write("deep.png", image), GREY)).containsExactly(0x12, 100, 255);
  }

  @Test
  @DisplayName("is shown on white where it is transparent, grey or coloured")
  void transparent() throws IOException {
    Path grey = write("grey-alpha.png", greyAlpha(80, 255, 80, 0, 0, 51));
    // A fifth of black on white.
    assertThat(ImageLevels.read(grey, GREY)).containsExactly(80, 255, 204);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xff0a141e);
    image.setRGB(1, 0, 0x000a141e);
    image.setRGB(2, 0, 0x330000ff);
    Path colours = write("rgb-alpha.png", image);
    assertThat(ImageLevels.read(colours, RGB))
        .containsExactly(10, 255, 204, 20, 255, 204, 30, 255, 255);
  }

  @Test
  @DisplayName("in colour has its brightness where the model is of grey ones")
  void brightness() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(2, 0, 0x0000ff);
    // 0.299 red + 0.587 green + 0.114 blue.
    assertThat(ImageLevels.read(write("rgb.png", image), GREY)).containsExactly(76, 150, 29);
  }

  @Test
  @DisplayName("is decoded as those of a folder that a model learns from")
  void asInTraining() throws IOException {
    for (String name : new String[] {"a.png", "b.png"}) {
      Path file = write(name, greyAlpha(1, 255, 128, 77, 250, 3));
      byte[] learned = new ImageDecoder(Colours.GREY).read(file).levels();
      int[] seen = ImageLevels.read(file, GREY);
      for (int i = 0; i < seen.length; i++) {
        assertThat((byte) seen[i]).isEqualTo(learned[i]);
      }
    }
  }

  @Test
  @DisplayName("is refused if it is absent, no image, or of another size")
  void refused() throws IOException {
    write("grey.png", new BufferedImage(4, 2, BufferedImage.TYPE_BYTE_GRAY));
    assertThatThrownBy(() -> ImageLevels.read(folder.resolve("gray.png"), GREY))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            folder.resolve("gray.png") + ": there is no such file. Did you mean 'grey.png'?");
    assertThatThrownBy(() -> ImageLevels.read(folder.resolve("grey.png"), GREY))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            folder.resolve("grey.png")
                + ": is 4 x 2 pixels, but must be 3 x 1 like the model's images.");
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    assertThatThrownBy(() -> ImageLevels.read(text, GREY))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(text + ": cannot be read: it is not an image");
  }

  /** Pairs of a level and an alpha. */
  private static BufferedImage greyAlpha(int... samples) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(3, 1);
    raster.setPixels(0, 0, 3, 1, samples);
    return new BufferedImage(model, raster, false, null);
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
