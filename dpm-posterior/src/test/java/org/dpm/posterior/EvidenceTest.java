package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("log Z of several runs")
class EvidenceTest {

  private static final int TRIALS = 2000;
  private static final int RUNS = 8;

  /** Estimates of Z = 1 whose logarithms are normal. */
  private static double[] estimates(int runs, double deviation, long trial) {
    Noise noise = Noise.of(3, "estimates").from(trial);
    double[] logs = new double[runs];
    Arrays.setAll(logs, i -> deviation * noise.gaussian() - deviation * deviation / 2);
    return logs;
  }

  @Test
  @DisplayName("is right on average, where the logarithm of the mean is too small")
  void bias() {
    double plain = 0;
    double corrected = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] logs = estimates(RUNS, 0.6, trial);
      plain += new ParticleWeights(logs).logMean() / TRIALS;
      corrected += Evidence.of(logs, 0).logZ() / TRIALS;
    }
    // The bias is -(e^0.36 - 1) / 16 = -0.027; the averages have a standard error of 0.005.
    assertThat(corrected).isCloseTo(0, within(0.015));
    assertThat(plain).isNotCloseTo(0, within(0.015));
  }

  @Test
  @DisplayName("has a standard error that is the scatter of many such results")
  void standardError() {
    double squares = 0;
    double variances = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Evidence evidence = Evidence.of(estimates(RUNS, 0.6, trial), 0);
      squares += Math.pow(evidence.logZ(), 2) / TRIALS;
      variances += Math.pow(evidence.standardError(), 2) / TRIALS;
    }
    // A variance from 2,000 trials is within 13 %, four standard errors.
    assertThat(variances / squares).isCloseTo(1, within(0.2));
  }

  @Test
  @DisplayName("is called unreliable where a few runs decide, and not where none does")
  void fewRuns() {
    assertThat(Evidence.of(estimates(RUNS, 0.3, 0), 0.2).reliable()).isTrue();
    assertThat(Evidence.of(new double[] {-9, -9, -9, -9, -9, -6}, 0.2).reliable()).isFalse();
    assertThat(Evidence.of(estimates(RUNS, 0.3, 0), 0.8).reliable()).isFalse();
  }

  @ParameterizedTest(name = "knows the tail of Pareto weights of shape {0}")
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void tails(double shape) {
    double[] logs = new double[4000];
    Noise noise = Noise.of(4, "tail");
    Arrays.setAll(logs, i -> -shape * Math.log(1 - noise.uniform()) + 700);
    // 189 weights make the tail: (1 + shape) / sqrt(189) is one standard error, at most 0.14.
    assertThat(ParetoTail.shape(logs)).isCloseTo(shape, within(0.3));
    double[] other = Arrays.stream(logs).map(log -> 700 + 5 * (log - 700)).toArray();
    assertThat(ParetoTail.shape(other)).isNotCloseTo(shape, within(0.15));
  }

  @Test
  @DisplayName("knows no tail of equal weights, nor of few")
  void noTail() {
    assertThat(ParetoTail.shape(new double[100])).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ParetoTail.shape(new double[10])).isNaN();
  }
}
