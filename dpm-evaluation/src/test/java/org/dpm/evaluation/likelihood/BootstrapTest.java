package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The bootstrap")
class BootstrapTest {

  @Test
  @DisplayName("finds the standard error of a mean, and the same one again")
  void standardError() {
    Noise noise = Noise.of(1, "test");
    double[] values = DoubleStream.generate(noise::gaussian).limit(400).toArray();
    double error = Bootstrap.standardError(values, Noise.of(2, "test"));
    // 1000 resamples know it to one part in sqrt(2000).
    double known = Math.sqrt(StatUtils.populationVariance(values) / 400);
    assertThat(error).isCloseTo(known, within(4 * known / Math.sqrt(2000)));
    assertThat(Bootstrap.standardError(values, Noise.of(2, "test"))).isEqualTo(error);
  }

  @Test
  @DisplayName("knows nothing from a single value")
  void single() {
    assertThat(Bootstrap.standardError(new double[] {3}, Noise.of(2, "test"))).isNaN();
  }
}
