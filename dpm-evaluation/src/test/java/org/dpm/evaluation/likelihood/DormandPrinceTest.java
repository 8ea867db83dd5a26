package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The integrator of Dormand and Prince")
class DormandPrinceTest {

  /** Each row turns at a rate of its own: y' = i w, as (cos, sin). */
  private static DormandPrince.Slopes turning(double... rates) {
    return (rows, at, states) -> {
      double[][] slopes = new double[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        double rate = rates[rows[i]];
        slopes[i] = new double[] {-rate * states[i][1], rate * states[i][0]};
      }
      return slopes;
    };
  }

  private static double[][] starts(int count) {
    double[][] starts = new double[count][];
    Arrays.setAll(starts, i -> new double[] {1, 0});
    return starts;
  }

  private static DormandPrince solved(double tolerance, double... rates) {
    DormandPrince way = new DormandPrince(turning(rates), 5, -3, tolerance, starts(rates.length));
    way.integrate(100_000, share -> {});
    return way;
  }

  @Test
  @DisplayName("goes backwards too, and is off by about its tolerance, of rows at once")
  void accurate() {
    double[] rates = {0, 0.3, 2, 15};
    for (double tolerance : new double[] {1e-3, 1e-6, 1e-9}) {
      DormandPrince way = solved(tolerance, rates);
      for (int i = 0; i < rates.length; i++) {
        assertThat(way.stuck(i)).isFalse();
        assertThat(way.at(i)).isEqualTo(-3);
        double[] end = way.states()[i];
        // A few hundred steps at the most, each off by the tolerance.
        assertThat(end[0]).isCloseTo(Math.cos(-8 * rates[i]), within(300 * tolerance));
        assertThat(end[1]).isCloseTo(Math.sin(-8 * rates[i]), within(300 * tolerance));
      }
    }
  }

  @Test
  @DisplayName("is of order five: a tolerance 1e5 times smaller takes about ten times the steps")
  void order() {
    int[] calls = new int[2];
    double[] tolerances = {1e-4, 1e-9};
    for (int i = 0; i < 2; i++) {
      int which = i;
      DormandPrince.Slopes slopes = turning(2);
      DormandPrince way =
          new DormandPrince(
              (rows, at, states) -> {
                calls[which]++;
                return slopes.of(rows, at, states);
              },
              0,
              20,
              tolerances[i],
              starts(1));
      way.integrate(100_000, share -> {});
    }
    assertThat((double) calls[1] / calls[0]).isBetween(7.0, 13.0);
  }

  @Test
  @DisplayName("takes each row's own steps, whoever else is there")
  void independent() {
    double[] alone = solved(1e-4, 2).states()[0];
    assertThat(solved(1e-4, 2, 40).states()[0]).containsExactly(alone);
    assertThat(solved(1e-4, 0.01, 2, 0).states()[1]).containsExactly(alone);
  }

  @Test
  @DisplayName("tells of the rows that get stuck, where, and how far all have come")
  void stuck() {
    DormandPrince.Slopes torn =
        (rows, at, states) -> {
          double[][] slopes = new double[rows.length][1];
          for (int i = 0; i < rows.length; i++) {
            slopes[i][0] = rows[i] == 1 && at[i] > 0.5 ? Double.NaN : 1;
          }
          return slopes;
        };
    DormandPrince way = new DormandPrince(torn, 0, 1, 1e-6, new double[2][1]);
    List<Double> shares = new ArrayList<>();
    way.integrate(100_000, shares::add);
    assertThat(way.stuck(0)).isFalse();
    assertThat(way.states()[0][0]).isCloseTo(1, within(1e-12));
    assertThat(way.stuck(1)).isTrue();
    assertThat(way.at(1)).isCloseTo(0.5, within(1e-6));
    assertThat(shares)
        .isSorted()
        .last()
        .satisfies(s -> assertThat(s).isCloseTo(0.75, within(1e-6)));

    DormandPrince impatient = new DormandPrince(turning(1000), 0, 1, 1e-6, starts(1));
    impatient.integrate(100, share -> {});
    assertThat(impatient.stuck(0)).isTrue();
  }
}
