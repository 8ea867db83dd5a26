package org.dpm.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.report.picture.TrainingCurve.Batch;
import org.dpm.report.picture.TrainingCurve.HeldOut;
import org.dpm.report.picture.TrainingCurve.Reference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A curve")
final class CurvesTest {

  /** Kept, so that a person can look at them after a build. */
  private static final Path PICTURES = Path.of("target", "pictures");

  private static final List<Reference> LINES =
      List.of(new Reference("truth", -0.949), new Reference("untrained", -4.094));

  private final Synthetic synthetic = new Synthetic();

  private List<HeldOut> heldOut() {
    return IntStream.rangeClosed(0, 16)
        .mapToObj(i -> new HeldOut(500L * i, i == 0 ? -40 : -1.6 - 2 * Math.exp(-i / 2.0), 0.05))
        .toList();
  }

  private List<Batch> training() {
    return IntStream.rangeClosed(1, 800)
        .mapToObj(
            i -> new Batch(10L * i, -1.6 - 30 * Math.exp(-i / 20.0) + 0.5 * synthetic.gaussian()))
        .toList();
  }

  private static Pixels drawn(String name, List<HeldOut> heldOut, List<Batch> training)
      throws IOException {
    Path file = PICTURES.resolve(name);
    new TrainingCurve("swiss-roll", "bits per example", heldOut, training, LINES).write(file);
    return Pixels.read(file);
  }

  @Test
  @DisplayName("of training rises to the right, between what it is compared with")
  void trainingRises() throws IOException {
    Pixels pixels = drawn("training.png", heldOut(), training());
    assertThat(pixels.image().getWidth()).isEqualTo(1200);
    assertThat(pixels.image().getHeight()).isEqualTo(720);
    // From -0.9 to -4.1 bits on 560 pixels, -1.6 lies in the upper third, where the curve ends.
    assertThat(pixels.share(Ink.MODEL, 600, 60, 580, 200)).isGreaterThan(0.02);
    assertThat(pixels.share(Ink.MODEL, 600, 260, 580, 340)).isZero();
    assertThat(pixels.share(Ink.MODEL, 85, 260, 150, 340)).isPositive();
    // The truth runs along the top and nowhere below.
    assertThat(pixels.share(Ink.REFERENCE[0], 90, 60, 1080, 60)).isPositive();
    assertThat(pixels.share(Ink.REFERENCE[0], 90, 140, 1080, 460)).isZero();
  }

  @Test
  @DisplayName("of training is drawn from a single evaluation, too, and without training losses")
  void oneEvaluationIsEnough() throws IOException {
    Pixels pixels = drawn("training-one-point.png", List.of(new HeldOut(100, -2, 0.1)), List.of());
    assertThat(pixels.share(Ink.MODEL, 90, 60, 1090, 540)).isPositive();
  }

  @Test
  @DisplayName("of training needs an evaluation")
  void trainingNeedsAnEvaluation() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrainingCurve("", "bits", List.of(), training(), LINES))
        .withMessage("heldOut must have at least 1 point, but has 0");
  }

  @Test
  @DisplayName("of a schedule shows beta above and log SNR below, also where no signal is left")
  void scheduleHasTwoPlots() throws IOException {
    int steps = 40;
    double[] beta =
        IntStream.rangeClosed(1, steps).mapToDouble(t -> 1.0 / (steps - t + 1)).toArray();
    double[] logSnr =
        IntStream.rangeClosed(1, steps)
            .mapToDouble(t -> Math.log((double) (steps - t) / t))
            .toArray();
    Path file = PICTURES.resolve("schedule.png");
    new ScheduleCurve("swiss-roll, constant-fraction", beta, logSnr).write(file);

    Pixels pixels = Pixels.read(file);
    assertThat(pixels.image().getWidth()).isEqualTo(1000);
    assertThat(pixels.image().getHeight()).isEqualTo(880);
    assertThat(pixels.share(Ink.DATA, 0, 0, 1000, 440)).isPositive();
    assertThat(pixels.share(Ink.DATA, 0, 440, 1000, 440)).isZero();
    assertThat(pixels.share(Ink.MODEL, 0, 440, 1000, 440)).isPositive();
    // beta rises, log SNR falls: the corners tell.
    assertThat(pixels.share(Ink.DATA, 130, 60, 300, 150)).isZero();
    assertThat(pixels.share(Ink.DATA, 800, 60, 190, 150)).isPositive();
    assertThat(pixels.share(Ink.MODEL, 130, 450, 300, 150)).isPositive();
    assertThat(pixels.share(Ink.MODEL, 800, 450, 190, 150)).isZero();
  }

  @Test
  @DisplayName("of a schedule needs one log SNR for each beta")
  void scheduleNeedsPairs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScheduleCurve("", new double[] {0.1, 0.2}, new double[] {1}))
        .withMessage("logSnr must be as many as beta, 2, but are 1");
  }
}
