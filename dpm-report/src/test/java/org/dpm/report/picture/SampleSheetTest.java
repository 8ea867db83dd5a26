package org.dpm.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sheet of samples")
final class SampleSheetTest {

  private static final int WHITE = 0xFFFFFFFF;

  @Test
  @DisplayName("lays 28 by 28 images out in rows, four times enlarged, below its title")
  void laysOut() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    float[][] images = new float[30][784];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        double distance = Math.hypot(i % 28 - 14, i / 28.0 - 14);
        image[i] = (float) (255 * Math.exp(-distance * distance / 60) + 9 * random.nextGaussian());
      }
    }
    Path file = Path.of("target", "pictures", "sheet.png");
    new SampleSheet("30 samples", images, 1, 28, 28, 0, 255).write(file);

    BufferedImage sheet = Pixels.read(file).image();
    // Six columns and five rows of 112 pixels with gaps of 4.
    assertThat(sheet.getWidth()).isEqualTo(6 * 116 + 4);
    assertThat(sheet.getHeight()).isEqualTo(44 + 5 * 116 + 4);
    assertThat(sheet.getRGB(4 + 56, 44 + 4 + 56) & 255)
        .as("middle of the first")
        .isGreaterThan(200);
    assertThat(sheet.getRGB(4 + 2, 44 + 4 + 2) & 255).as("its corner").isLessThan(60);
    assertThat(sheet.getRGB(4 + 114, 44 + 60)).as("the gap").isEqualTo(WHITE);
  }

  @Test
  @DisplayName("shows each pixel as one square of one colour, and clips to black and white")
  void pixelsAreExact() {
    float[][] images = {{-5, 0, 50, 200, 100, 25}};
    BufferedImage sheet = new SampleSheet("", images, 1, 2, 3, 0, 100).draw();
    int scale = 32;
    int[] grey = {0, 0, 128, 255, 255, 64};
    for (int i = 0; i < grey.length; i++) {
      int x = 4 + scale * (i % 3);
      int y = 4 + scale * (i / 3);
      int colour = 0xFF000000 | grey[i] * 0x010101;
      assertThat(sheet.getRGB(x, y)).isEqualTo(colour);
      assertThat(sheet.getRGB(x + scale - 1, y + scale - 1)).isEqualTo(colour);
    }
  }

  @Test
  @DisplayName("takes red, green and blue from three planes")
  void colours() {
    float[][] images = {{1, 0, 0, 1, 0, 0}};
    BufferedImage sheet = new SampleSheet("", images, 3, 1, 2, 0, 1).draw();
    assertThat(sheet.getRGB(4, 4)).isEqualTo(0xFFFF0000);
    assertThat(sheet.getRGB(4 + 48, 4)).isEqualTo(0xFF00FF00);
  }

  @Test
  @DisplayName("refuses images of another size, other channels and an empty range")
  void refuses() {
    float[][] images = {{1, 2, 3, 4}};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampleSheet("", images, 1, 2, 3, 0, 1))
        .withMessage("images must have 1 x 2 x 3 values, but one has 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampleSheet("", images, 2, 1, 2, 0, 1))
        .withMessage("channels must be 1 or 3, but are 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampleSheet("", images, 1, 2, 2, 1, 1))
        .withMessage("black must be below white, but they are 1.0 and 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampleSheet("", new float[0][], 1, 2, 2, 0, 1))
        .withMessage("images must be at least 1, but are 0");
  }
}
