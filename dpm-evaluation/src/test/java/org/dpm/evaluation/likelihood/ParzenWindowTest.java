package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A Parzen window")
class ParzenWindowTest extends EngineFixture {

  private NDArray normal(int count, int dimensions, String purpose) {
    NDArray shape = manager.zeros(new Shape(count, dimensions));
    return Noise.of(1, purpose).gaussian(shape);
  }

  @Test
  @DisplayName("is the mean of normal densities about the samples, written out, far away too")
  void writtenOut() {
    NDArray samples = manager.create(new float[] {0, 0, 1, 2}, new Shape(2, 2));
    NDArray data = manager.create(new float[] {0.5f, 1, 30, -40}, new Shape(2, 2));
    double[] density = new ParzenWindow(samples).logDensity(data, 0.3, Progress.NONE);
    NormalDistribution kernel = new NormalDistribution(0, 0.3);
    // The first point is as far from either sample; the second is 3,600 times closer to the first.
    assertThat(density[0]).isCloseTo(kernel.logDensity(0.5) + kernel.logDensity(1), within(1e-9));
    assertThat(density[1])
        .isCloseTo(kernel.logDensity(30) + kernel.logDensity(40) - Math.log(2), within(1e-6));
  }

  @Test
  @DisplayName(
      "comes close to the entropy of what it was drawn from, with the width that does best")
  void entropy() {
    ParzenWindow window = new ParzenWindow(normal(4000, 2, "samples"));
    double width = window.bandwidth(normal(1000, 2, "validation"), Progress.NONE);
    // Smoothing by h makes N(0, 1) into N(0, 1 + h^2) and leaves noise of order 1 / (n h^2): the
    // best h for 4,000 samples in the plane is near n^(-1/6) = 0.25.
    assertThat(width).isBetween(0.17, 0.38);
    NDArray test = normal(2000, 2, "test");
    double best = StatUtils.mean(window.logDensity(test, width, Progress.NONE));
    assertThat(best).isCloseTo(-Math.log(2 * Math.PI * Math.E), within(0.08));
    for (double other : new double[] {width / 4, width * 4}) {
      assertThat(StatUtils.mean(window.logDensity(test, other, Progress.NONE)))
          .isLessThan(best - 0.05);
    }
  }

  @Test
  @DisplayName("leaves no arrays behind but its samples, in however many batches it is asked")
  void leavesNothing() {
    ParzenWindow window = new ParzenWindow(normal(50, 3, "samples"));
    NDArray data = normal(250, 3, "data");
    int before = manager.getManagedArrays().size();
    double[] together = window.logDensity(data, 0.5, Progress.NONE);
    assertThat(manager.getManagedArrays()).hasSize(before);
    double[] alone = window.logDensity(data.get("249:250"), 0.5, Progress.NONE);
    assertThat(together[249]).isCloseTo(alone[0], within(1e-12));
  }
}
