package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The weights of trajectories")
class LogWeightsTest {

  private static TrajectoryEstimate of(double... logWeights) {
    LogWeights weights = new LogWeights();
    for (double logWeight : logWeights) {
      weights.add(logWeight);
    }
    return weights.estimate();
  }

  @Test
  @DisplayName("have the mean, the error and the effective number that they have written out")
  void writtenOut() {
    TrajectoryEstimate estimate = of(Math.log(1), Math.log(2), Math.log(6));
    assertThat(estimate.bound()).isCloseTo(Math.log(12) / 3, within(1e-12));
    assertThat(estimate.logLikelihood()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(estimate.effectiveTrajectories()).isCloseTo(81.0 / 41, within(1e-12));
    // Their standard deviation is sqrt(7), that of their mean sqrt(7 / 3), a third of it relative.
    assertThat(estimate.standardError()).isCloseTo(Math.sqrt(7.0 / 3) / 3, within(1e-12));
  }

  @Test
  @DisplayName("neither overflow nor underflow, in whatever order they come")
  void extremes() {
    for (double offset : new double[] {-5000, 5000}) {
      TrajectoryEstimate rising = of(offset, offset + 800, offset + 800);
      TrajectoryEstimate falling = of(offset + 800, offset + 800, offset);
      assertThat(rising.logLikelihood())
          .isCloseTo(offset + 800 + Math.log(2.0 / 3), within(1e-9))
          .isCloseTo(falling.logLikelihood(), within(1e-9));
      assertThat(rising.effectiveTrajectories()).isCloseTo(2, within(1e-12));
    }
  }

  @Test
  @DisplayName("may be zero, one of them or all")
  void zeros() {
    double never = Double.NEGATIVE_INFINITY;
    assertThat(of(never, 0, never, 0).logLikelihood()).isCloseTo(Math.log(0.5), within(1e-12));
    assertThat(of(never, never).logLikelihood()).isEqualTo(never);
    assertThat(of(never, never).effectiveTrajectories()).isZero();
  }

  @Test
  @DisplayName("are K when there is one, and its error is not known")
  void single() {
    TrajectoryEstimate estimate = of(-3.5);
    assertThat(estimate.logLikelihood()).isEqualTo(-3.5).isEqualTo(estimate.bound());
    assertThat(estimate.effectiveTrajectories()).isEqualTo(1);
    assertThat(estimate.standardError()).isNaN();
  }
}
