package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.dpm.api.DataSummary;
import org.dpm.core.Scaling;
import org.dpm.engine.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Data are 10 + 2 z, with z of two normal components. */
@DisplayName("The denoiser")
class DenoiserTest {

  private static final Scaling SCALING =
      new Scaling(new DataSummary(new Shape(2), List.of(10.0, 10.0), List.of(2.0, 2.0)), true);
  private static final KnownMixture DATA =
      new KnownMixture(new double[][] {{0.9, 0.8}, {-0.7, -0.6}}, 0.2);
  private static final float[] SEEN = {10.6f, 10.9f};
  private static final double SIGMA = 1.4;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Denoiser denoiser(int steps) {
    return new Denoiser(SCALING, manager, DATA.diffusion(steps));
  }

  private static double[] exactMean(double sigma) {
    double noise = Math.pow(sigma / 2, 2);
    double[] y = {(SEEN[0] - 10) / 2, (SEEN[1] - 10) / 2};
    double[] mean = DATA.times(y, new double[] {noise, noise}).mean();
    return new double[] {10 + 2 * mean[0], 10 + 2 * mean[1]};
  }

  @Test
  @DisplayName("knows the posterior's mean from one answer of the network")
  void mean() {
    // 400 steps of log SNR 0.05: the nearest has a noise that is off by 1.3 % at most.
    float[] mean = denoiser(400).mean(new float[][] {SEEN}, SIGMA)[0];
    assertThat((double) mean[0]).isCloseTo(exactMean(SIGMA)[0], within(0.01));
    assertThat((double) mean[1]).isCloseTo(exactMean(SIGMA)[1], within(0.01));
    assertThat((double) mean[0]).isNotCloseTo(exactMean(1.1 * SIGMA)[0], within(0.01));
  }

  @Test
  @DisplayName("draws from the posterior, also where a step has much more noise than the example")
  void draws() {
    // The error of 100 steps themselves is below what 8000 draws can tell.
    float[][] draws = denoiser(100).draw(new float[][] {SEEN}, SIGMA, 8000, 3)[0];
    SummaryStatistics first = new SummaryStatistics();
    for (float[] draw : draws) {
      first.addValue(draw[0]);
    }
    double noise = Math.pow(SIGMA / 2, 2);
    double[] y = {(SEEN[0] - 10) / 2, (SEEN[1] - 10) / 2};
    double variance = 4 * DATA.times(y, new double[] {noise, noise}).covariance()[0][0];
    double standardError = Math.sqrt(variance / draws.length);
    assertThat(first.getMean()).isCloseTo(exactMean(SIGMA)[0], within(4 * standardError));
    // Of a distribution with tails no heavier than normal ones.
    assertThat(first.getVariance())
        .isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / draws.length)));
  }
}
