package org.dpm.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PicturesTest {
  private static final Path PICTURES = Path.of("target", "pictures");

  @Test
  void all() throws IOException {
    Synthetic synthetic = new Synthetic();
    float[][] samples = synthetic.roll(5000, 0.5);
    samples[0] = new float[] {100, 3};
    new TwoDimensionalPicture(
            "swiss-roll",
            List.of("x1", "x2"),
            synthetic.roll(5000, 0.25),
            samples,
            synthetic.trajectory(2000))
        .write(PICTURES.resolve("two.png"));

    java.util.List<TrainingCurve.HeldOut> heldOut = new java.util.ArrayList<>();
    for (int i = 0; i < 17; i++) {
      heldOut.add(
          new TrainingCurve.HeldOut(
              500L * i,
              i == 0 ? -40 : -1.6 - 2.2 * Math.exp(-i / 2.0) + 0.02 * synthetic.gaussian(),
              0.05));
    }
    java.util.List<TrainingCurve.Batch> tb = new java.util.ArrayList<>();
    for (int i = 0; i < 800; i++) {
      tb.add(
          new TrainingCurve.Batch(
              10L * (i + 1),
              -1.6
                  - 30 * Math.exp(-i / 20.0)
                  - 2 * Math.exp(-i / 100.)
                  + 0.5 * synthetic.gaussian()));
    }
    new TrainingCurve(
            "swiss-roll",
            "bits per example",
            heldOut,
            tb,
            List.of(
                new TrainingCurve.Reference("truth", -0.949),
                new TrainingCurve.Reference("untrained (null)", -4.094)))
        .write(PICTURES.resolve("training.png"));

    int steps = 40;
    double[] beta = new double[steps];
    double[] snr = new double[steps];
    for (int t = 1; t <= steps; t++) {
      beta[t - 1] = 1.0 / (steps - t + 1);
      double a = 1 - (double) t / steps;
      snr[t - 1] = Math.log(a / (1 - a));
    }
    new ScheduleCurve("swiss-roll, constant-fraction", beta, snr)
        .write(PICTURES.resolve("schedule.png"));
    float[][] images = new float[30][784];
    for (float[] im : images) {
      for (int p = 0; p < 784; p++) {
        double r = Math.hypot(p % 28 - 14, (p / 28) - 14);
        im[p] = (float) (255 * Math.exp(-r * r / 60) + 20 * synthetic.gaussian());
      }
    }
    new SampleSheet("fashion-mnist, 30 samples", images, 1, 28, 28, 0, 255)
        .write(PICTURES.resolve("sheet.png"));
    assertThat(PICTURES.resolve("sheet.png")).exists();
  }
}
