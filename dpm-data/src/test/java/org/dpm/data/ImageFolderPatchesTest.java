package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.data.GivenImages.colour;
import static org.dpm.data.GivenImages.grey;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.assertj.core.api.AbstractThrowableAssert;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.data.GivenImages.Given;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder of images is cut into patches")
class ImageFolderPatchesTest {

  private static final int SIDE = 4;
  private static final int COUNT = 11_700;

  private final GivenImages images;

  ImageFolderPatchesTest(@TempDir Path temporary) throws IOException {
    images = new GivenImages(temporary);
  }

  /** The level of a pixel says where it is. */
  private void write(String name) throws IOException {
    images.write(name, grey(16, 16, (x, y) -> 16 * y + x));
  }

  @Test
  @DisplayName("from every place of its part as often as from any other, whole and in order")
  void uniform() throws IOException {
    write("a.png");
    DataSource source = images.given().fraction(0.25).patch(SIDE, COUNT, 100).source();
    assertThat(Sources.shape(source)).isEqualTo(new Shape(1, SIDE, SIDE));
    assertThat(source.count(Split.TRAINING)).isEqualTo(COUNT);
    assertThat(source.count(Split.HELD_OUT)).isEqualTo(100);
    Noise noise = Noise.of(1, "patches");
    double[] counts = new double[256];
    float[] patch = new float[SIDE * SIDE];
    for (int i = 0; i < COUNT; i++) {
      source.read(Split.TRAINING, i, noise.from(i), patch, 0);
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
    DataSource source = images.given().fraction(0.25).patch(SIDE, 10, 100).source();
    float[] patch = new float[SIDE * SIDE];
    float[] again = new float[SIDE * SIDE];
    boolean[] seen = new boolean[13];
    for (int i = 0; i < 100; i++) {
      source.read(Split.HELD_OUT, i, Noise.of(1, "one").from(i), patch, 0);
      source.read(Split.HELD_OUT, i, Noise.of(2, "other").from(i), again, 0);
      assertThat(again).isEqualTo(patch);
      assertThat(patch[0]).isBetween(12 * 16f, 12 * 16f + 12);
      seen[(int) patch[0] - 12 * 16] = true;
    }
    // Each place is missed by all with the probability (12/13)^100, 3 in 10,000.
    assertThat(seen).doesNotContain(false);
    source.read(Split.TRAINING, 0, Noise.of(1, "one"), patch, 0);
    source.read(Split.TRAINING, 0, Noise.of(1, "one").at(1), again, 0);
    assertThat(again).isNotEqualTo(patch);
  }

  @Test
  @DisplayName("of images of any size, the larger more often, and in colour")
  void sizes() throws IOException {
    images.write("a.png", colour(4, 4, (x, y) -> 0xff010203));
    images.write("b.png", colour(8, 5, (x, y) -> 0xff040506));
    int count = 10_000;
    DataSource source = images.all().rgb().patch(SIDE, count, 10).source();
    int small = 0;
    for (int i = 0; i < count; i++) {
      float[] values = new float[3 * SIDE * SIDE];
      source.read(Split.TRAINING, i, Noise.of(1, "patch").from(i), values, 0);
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
    assertRefused(images.given().fraction(0.25).patch(5, 10, 10))
        .hasMessageContaining(
            images.folder().resolve("a.png")
                + ": is 16 x 16, of which the rows 13 to 16 are for this set: there is no room for a patch"
                + " of 5 x 5")
        .hasMessageContaining("Give a smaller patch");
    assertRefused(images.all().patch(17, 10, 10))
        .hasMessageContaining("the rows 1 to 16 are for this set");
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Given given) {
    return assertThatThrownBy(given::source).isInstanceOf(InvalidInput.class);
  }
}
