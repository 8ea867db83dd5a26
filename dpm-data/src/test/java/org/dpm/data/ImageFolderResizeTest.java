package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.data.GivenImages.colour;
import static org.dpm.data.GivenImages.grey;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of images is resized")
class ImageFolderResizeTest {

  private final GivenImages images;

  ImageFolderResizeTest(@TempDir Path temporary) throws IOException {
    images = new GivenImages(temporary);
  }

  @Test
  @DisplayName("without any change if it has the size already")
  void same() throws IOException {
    images.write("a.png", grey(8, 8, (x, y) -> 31 * x + 3 * y));
    float[] levels = resized(8);
    for (int i = 0; i < 64; i++) {
      assertThat(levels[i]).isEqualTo(31 * (i % 8) + 3 * (i / 8));
    }
  }

  @Test
  @DisplayName("with every pixel weighed, so that a chequerboard becomes grey")
  void reduces() throws IOException {
    images.write("a.png", grey(64, 64, (x, y) -> (x + y) % 2 == 0 ? 255 : 0));
    for (float level : resized(8)) {
      assertThat(level).isCloseTo(127.5f, within(0.5f));
    }
  }

  @Test
  @DisplayName("so that a slope stays a slope, reduced or enlarged")
  void slopes() throws IOException {
    images.write("a.png", grey(32, 32, (x, y) -> 4 * x + 2 * y));
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
    images.write("a.png", grey(96, 32, (x, y) -> x < 31 ? 0 : x < 65 ? 100 : 200));
    // The tents of the outer pixels reach a little beyond the square.
    assertThat(Arrays.copyOf(resized(4), 4))
        .containsExactly(new float[] {100, 100, 100, 100}, within(10f));
    assertThat(resized(4)[1]).isEqualTo(100);
    images.write("a.png", grey(32, 96, (x, y) -> y < 31 ? 0 : y < 65 ? 100 : 200));
    assertThat(resized(4)).contains(100, atIndex(4)).contains(100, atIndex(11));
  }

  @Test
  @DisplayName("in each of its colours")
  void colours() throws IOException {
    images.write("a.png", colour(8, 8, (x, y) -> x < 4 ? 0xff0a141e : 0xff646e78));
    float[] levels = Sources.example(images.all().rgb().resize(2).source(), Split.TRAINING, 0);
    // An eighth of what the tent weighs lies on the other half.
    assertThat(levels[0]).isEqualTo(levels[2]).isBetween(10f, 30f);
    assertThat(levels[4] - levels[0]).isEqualTo(10);
    assertThat(levels[9] - levels[1]).isEqualTo(20);
  }

  private float[] resized(int side) {
    DataSource source = images.all().resize(side).source();
    assertThat(Sources.shape(source)).isEqualTo(new Shape(1, side, side));
    return Sources.example(source, Split.TRAINING, 0);
  }
}
