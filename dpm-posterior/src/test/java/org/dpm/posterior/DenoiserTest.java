package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.dpm.api.Diffusion;
import org.dpm.api.InvalidInput;
import org.dpm.api.Progress;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.core.Registry;
import org.dpm.engine.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data are 10 + 2 z, with z of two normal components. */
@DisplayName("The denoiser")
class DenoiserTest {

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
    return denoiser(DATA.diffusion(steps), true);
  }

  private Denoiser denoiser(Diffusion diffusion, boolean anyTime) {
    List<Double> ten = List.of(10.0, 10.0);
    List<Double> two = List.of(2.0, 2.0);
    DataDescription data =
        new DataDescription(
            Variables.columns(List.of("a", "b")), ten, two, ten, two, Map.of(), 0, 20);
    return new Denoiser(new Layout(data, diffusion.forward()), manager, diffusion, anyTime);
  }

  private static double[] exactMean(double sigma) {
    double noise = Math.pow(sigma / 2, 2);
    double[] y = {(SEEN[0] - 10) / 2, (SEEN[1] - 10) / 2};
    double[] mean = DATA.times(y, new double[] {noise, noise}).mean();
    return new double[] {10 + 2 * mean[0], 10 + 2 * mean[1]};
  }

  @Test
  @DisplayName("knows the posterior's mean from one answer of a network that knows its own times")
  void mean() {
    // 400 steps of log SNR 0.05: the nearest has a noise that is off by 1.3 % at most.
    Denoiser denoiser = denoiser(DATA.diffusion(400), false);
    float[] mean = denoiser.mean(new float[][] {SEEN}, SIGMA)[0];
    assertThat((double) mean[0]).isCloseTo(exactMean(SIGMA)[0], within(0.01));
    assertThat((double) mean[1]).isCloseTo(exactMean(SIGMA)[1], within(0.01));
    assertThat((double) mean[0]).isNotCloseTo(exactMean(1.1 * SIGMA)[0], within(0.01));
  }

  @ParameterizedTest(name = "knows it exactly, whatever the steps, at any time on the path {0}")
  @ValueSource(strings = {"variance-preserving", "variance-exploding", "sub-vp", "conditional-ot"})
  void exactMean(String path) {
    Denoiser denoiser = denoiser(DATA.diffusion(7, Kernels.gaussian(path)), true);
    float[] mean = denoiser.mean(new float[][] {SEEN}, SIGMA)[0];
    // Single precision, and times to 1e-7 of a log SNR that moves by 20.
    assertThat((double) mean[0]).isCloseTo(exactMean(SIGMA)[0], within(1e-4));
    assertThat((double) mean[1]).isCloseTo(exactMean(SIGMA)[1], within(1e-4));
  }

  @Test
  @DisplayName("refuses models of anything but numbers, and noise in which nothing could be seen")
  void refusals() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> denoiser(10).mean(new float[][] {SEEN}, 1e4))
        .withMessageContaining("more than the noisiest step has");
    try (Registry registry = Registry.load(Optional.empty());
        Model bits =
            Kernels.model(registry, "kernel: { kind: binomial }", Kernels.bits(3), 0.5, 0.5)) {
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> new Denoiser(bits, bits.diffusion()))
          .withMessageContaining("this is a model of 3 bits");
    }
  }

  @ParameterizedTest(name = "draws from the posterior, beginning at any time: {0}")
  @ValueSource(booleans = {true, false})
  void draws(boolean anyTime) {
    // The error of 100 steps themselves is below what 8000 draws can tell.
    float[][] draws =
        denoiser(DATA.diffusion(100), anyTime)
            .draw(new float[][] {SEEN}, SIGMA, 8000, 3, Progress.NONE)[0];
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

  @Test
  @DisplayName("draws the same for an example whatever else is drawn")
  void sameDraws() {
    float[] other = {9, 8};
    float[][][] many = denoiser(10).draw(new float[][] {SEEN, other}, SIGMA, 3, 3, Progress.NONE);
    float[][][] one = denoiser(10).draw(new float[][] {SEEN}, SIGMA, 2, 3, Progress.NONE);
    for (int draw = 0; draw < 2; draw++) {
      assertThat(one[0][draw]).containsExactly(many[0][draw], within(1e-5f));
    }
  }
}
