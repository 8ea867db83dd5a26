package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ancestral sampler")
class AncestralSamplerTest extends EngineFixture {

  private static final int COUNT = 20_000;

  private final Diffusion diffusion =
      new KnownGaussian(0.5, 0.3, 0)
          .diffusion(
              6,
              LastStep.LEARNED,
              new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(0.01, 1e-6), 6));

  @Test
  @DisplayName("draws from the data's distribution when the reverse steps are exact")
  void drawsTheData() {
    double[] x = doubles(new AncestralSampler().sample(manager, COUNT, diffusion, noise(1)));
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (COUNT - 1);
    // Standard errors sqrt(v / n) of a mean, v sqrt(2 / n) of a variance; signal of 1e-6 at the
    // end shifts the mean by less than 1e-3 of its 0.5.
    assertThat(mean).isCloseTo(0.5, within(4.5 * Math.sqrt(0.3 / COUNT) + 5e-4));
    assertThat(variance).isCloseTo(0.3, within(4.5 * 0.3 * Math.sqrt(2.0 / COUNT)));
  }

  @Test
  @DisplayName("shows every step of the way to the very same draws")
  void showsTheWay() {
    double[] unseen = doubles(new AncestralSampler().sample(manager, 3, diffusion, noise(2)));
    List<Integer> steps = new ArrayList<>();
    List<double[]> seen = new ArrayList<>();
    new AncestralSampler()
        .sample(
            manager,
            3,
            diffusion,
            noise(2),
            (x, t) -> {
              steps.add(t);
              seen.add(doubles(x));
            });
    assertThat(steps).containsExactly(6, 5, 4, 3, 2, 1, 0);
    assertThat(seen.get(6)).isEqualTo(unseen);
    assertThat(seen.get(5)).isNotEqualTo(unseen);
  }

  private static Noise noise(long seed) {
    return Noise.of(seed, "sample", 0);
  }
}
