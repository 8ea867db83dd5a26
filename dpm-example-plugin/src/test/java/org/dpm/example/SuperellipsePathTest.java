package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The path along a superellipse")
final class SuperellipsePathTest extends EngineFixture {

  @Test
  @DisplayName("stays on it: a^4 + s^4 = 1")
  void staysOnIt() {
    NDArray logSnr = manager.create(new double[] {60, 9, 2, 0.1, -1, -7, -60});
    SuperellipsePath path = new SuperellipsePath();
    NDArray a = path.logSignalScale(logSnr).exp();
    NDArray s = path.logNoiseScale(logSnr).exp();
    double[] ones = new double[7];
    Arrays.fill(ones, 1);
    // The engine's softplus is right to 1e-9.
    assertThat(a.pow(4).add(s.pow(4)).toDoubleArray()).containsExactly(ones, within(1e-8));
  }
}
