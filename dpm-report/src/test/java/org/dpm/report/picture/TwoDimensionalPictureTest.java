package org.dpm.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The picture of two-dimensional data")
final class TwoDimensionalPictureTest {

  /** Kept, so that a person can look at it after a build. */
  private static final Path FILE = Path.of("target", "pictures", "two-dimensional.png");

  private final Synthetic synthetic = new Synthetic();

  private Pixels drawn(float[][] data, float[][] samples) throws IOException {
    new TwoDimensionalPicture(
            "swiss-roll", List.of("x1", "x2"), data, samples, synthetic.trajectory(2000))
        .write(FILE);
    return Pixels.read(FILE);
  }

  @Test
  @DisplayName("shows data on the left, samples on the right, q above p")
  void everythingHasItsPlace() throws IOException {
    Pixels pixels = drawn(synthetic.roll(5000, 0.25), synthetic.roll(5000, 0.5));
    assertThat(pixels.image().getWidth()).isEqualTo(1400);
    assertThat(pixels.image().getHeight()).isGreaterThan(1200);

    // The roll covers a few per cent of its frame, and 2000 points of noise about a tenth.
    assertThat(pixels.share(Ink.DATA, 0, 60, 730, 580)).isBetween(0.03, 0.3);
    assertThat(pixels.share(Ink.MODEL, 0, 60, 730, 580)).isZero();
    assertThat(pixels.share(Ink.MODEL, 730, 60, 670, 580)).isBetween(0.03, 0.3);
    assertThat(pixels.share(Ink.DATA, 730, 60, 670, 580)).isZero();
    for (int column = 0; column < 5; column++) {
      int left = 84 + column * 261;
      assertThat(pixels.share(Ink.DATA, left, 740, 245, 245)).as("q, %d", column).isPositive();
      assertThat(pixels.share(Ink.MODEL, left, 740, 245, 245)).as("q, %d", column).isZero();
      assertThat(pixels.share(Ink.MODEL, left, 1005, 240, 235)).as("p, %d", column).isPositive();
      assertThat(pixels.share(Ink.DATA, left, 1005, 240, 235)).as("p, %d", column).isZero();
    }
    // Noise fills more of its frame than the roll does.
    assertThat(pixels.share(Ink.DATA, 84 + 4 * 261, 740, 245, 245))
        .isGreaterThan(1.5 * pixels.share(Ink.DATA, 84, 740, 245, 245));
  }

  @Test
  @DisplayName("keeps its scale when a sample lies far out or is no number")
  void outliersDoNotShrinkTheRest() throws IOException {
    float[][] data = synthetic.roll(5000, 0.25);
    float[][] samples = synthetic.roll(5000, 0.25);
    double before = drawn(data, samples).share(Ink.DATA, 0, 60, 730, 580);
    samples[0] = new float[] {1e6f, 0};
    samples[1] = new float[] {Float.NaN, 0};
    double after = drawn(data, samples).share(Ink.DATA, 0, 60, 730, 580);
    assertThat(after / before).isBetween(0.95, 1.05);
  }

  @Test
  @DisplayName("refuses points that are not two-dimensional, and a trajectory of one moment")
  void refusesOtherShapes() {
    float[][] flat = {{1, 2, 3}};
    float[][] good = {{1, 2}};
    List<TwoDimensionalPicture.Moment> way = synthetic.trajectory(5);
    List<String> names = List.of("a", "b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TwoDimensionalPicture("", names, good, flat, way))
        .withMessage("points must have 2 coordinates, but one has 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TwoDimensionalPicture("", names, good, good, way.subList(0, 1)))
        .withMessage("trajectory must have at least 2 moments, but has 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TwoDimensionalPicture("", List.of("a"), good, good, way))
        .withMessage("names must be 2, but are 1");
  }
}
