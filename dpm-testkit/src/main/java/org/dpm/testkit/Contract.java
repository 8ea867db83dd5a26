package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayNameGeneration;

/** What all contracts share: an engine, a manager for each test, and noise of a fixed seed. */
@DisplayNameGeneration(SubjectNames.class)
public abstract class Contract extends EngineFixture {

  /** Only subclasses of this package's contracts are of use. */
  Contract() {}

  /**
   * What all random numbers follow from. A contract's tolerances are wide enough for every seed: a
   * right implementation fails a test with a probability below 1e-6.
   */
  protected long seed() {
    return 1;
  }

  final Noise noise(String purpose) {
    return Noise.of(seed(), purpose);
  }

  @FunctionalInterface
  interface Check {
    void run();
  }

  /** Runs a check and lets go of all arrays that it made: a contract makes large ones. */
  static void freed(Check check) {
    try (NDScope scope = new NDScope()) {
      check.run();
    }
  }

  /** Keeps an array beyond the scope that it was made in. */
  static NDArray kept(NDArray array, NDManager owner) {
    NDScope.unregister(array);
    array.attach(owner);
    return array;
  }

  static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  static List<Double> numbers(NDArray array) {
    return Arrays.stream(doubles(array)).boxed().toList();
  }

  /** What rounding may do to a number of about this size: some thousand units in the last place. */
  static double rounding(NDArray computed, double size) {
    double unit = computed.getDataType() == DataType.FLOAT64 ? 1e-9 : 2e-4;
    return unit * (1 + Math.abs(size));
  }

  /** Equal to rounding; what is infinite, or not a number, must be so in both. */
  static void assertAlike(String what, NDArray type, double[] actual, double[] expected) {
    assertThat(actual).as("%s: how many numbers", what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      boolean same =
          Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i]) <= rounding(type, expected[i]);
      assertThat(same)
          .as("%s, number %d, is %s and should be %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }
}
