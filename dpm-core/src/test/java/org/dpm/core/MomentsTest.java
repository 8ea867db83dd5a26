package org.dpm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Moments of rows")
class MomentsTest {

  private static final double ROUNDING = 1e-9;

  @Test
  @DisplayName("are those of two passes, also where the mean is large beside the deviation")
  void agree() {
    int count = 1000;
    double[][] columns = new double[2][count];
    Moments moments = new Moments(2);
    Noise noise = Noise.of(1, "moments");
    for (int i = 0; i < count; i++) {
      // Single precision keeps sixteenths beside a million; sums of squares would not.
      float large = 1_000_000 + Math.round(16 * noise.gaussian()) / 16f;
      float small = (float) noise.uniform();
      moments.add(new float[] {large, small});
      columns[0][i] = large;
      columns[1][i] = small;
    }
    for (int j = 0; j < 2; j++) {
      assertThat(moments.means()[j]).isCloseTo(StatUtils.mean(columns[j]), within(1e-8));
      assertThat(moments.variances()[j])
          .isCloseTo(StatUtils.populationVariance(columns[j]), within(ROUNDING));
    }
    assertThat(moments.minimum()).isEqualTo(StatUtils.min(columns[1]));
    assertThat(moments.maximum()).isEqualTo(StatUtils.max(columns[0]));
  }
}
