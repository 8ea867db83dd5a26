package org.dpm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The energy distance")
class EnergyDistanceTest {

  private static float[][] normal(int count, double shift, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[count][2];
    for (float[] row : rows) {
      row[0] = (float) (random.nextGaussian() + shift);
      row[1] = (float) random.nextGaussian();
    }
    return rows;
  }

  @Test
  @DisplayName("is exact on two points and two points")
  void exact() {
    float[][] x = {{0}, {2}};
    float[][] y = {{1}, {5}};
    // E|X-Y| = (1 + 5 + 1 + 3) / 4, E|X-X'| = 2 / 2, E|Y-Y'| = 4 / 2.
    assertThat(EnergyDistance.of(x, y, 1).distance()).isCloseTo(2 * 2.5 - 1 - 2, within(1e-12));
  }

  @Test
  @DisplayName("sees a shift of a third of a standard deviation in 400 points")
  void different() {
    EnergyDistance test = EnergyDistance.of(normal(400, 0, 1), normal(400, 0.33, 2), 3);
    assertThat(test.probability()).isLessThanOrEqualTo(0.01);
  }

  @Test
  @DisplayName("gives even p-values where there is no difference")
  void same() {
    int small = 0;
    for (int i = 0; i < 40; i++) {
      if (EnergyDistance.of(normal(50, 0, 2L * i), normal(50, 0, 2L * i + 1), i).probability()
          <= 0.2) {
        small++;
      }
    }
    // Binomial(40, 0.2): mean 8, standard deviation 2.5.
    assertThat(small).isBetween(1, 18);
  }
}
