package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Weights of particles")
class ParticleWeightsTest {

  @Test
  @DisplayName("have a mean, also where their exponentials overflow")
  void logMean() {
    assertThat(new ParticleWeights(new double[] {1000, 1000 + Math.log(3)}).logMean())
        .isCloseTo(1000 + Math.log(2), within(1e-12));
  }

  @Test
  @DisplayName("choose each particle as often as its weight says, to within one")
  void systematic() {
    double[] logs = {Math.log(0.5), Math.log(0.3), Double.NEGATIVE_INFINITY, Math.log(0.2)};
    double[] expected = {2, 1.2, 0, 0.8};
    for (double offset : new double[] {0, 0.3, 0.999999}) {
      int[] counts = new int[4];
      for (int ancestor : new ParticleWeights(logs).ancestors(offset)) {
        counts[ancestor]++;
      }
      for (int i = 0; i < counts.length; i++) {
        assertThat((double) counts[i]).isCloseTo(expected[i], within(1.0));
      }
      assertThat(counts[2]).isZero();
    }
  }

  @Test
  @DisplayName("are worth as many particles as share the weight")
  void effectiveShare() {
    double none = Double.NEGATIVE_INFINITY;
    assertThat(new ParticleWeights(new double[] {-3, -3, none, none}).effectiveShare())
        .isCloseTo(0.5, within(1e-12));
  }
}
