package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Noise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;

/** What all contracts share: an engine, a manager for each test, and noise of a fixed seed. */
@DisplayNameGeneration(SubjectNames.class)
public abstract class Contract {

  NDManager manager;

  /** Only subclasses of this package's contracts are of use. */
  Contract() {}

  /**
   * What all random numbers follow from. A contract's tolerances are wide enough for every seed: a
   * right implementation fails a test with a probability below 1e-6.
   */
  protected long seed() {
    return 1;
  }

  @BeforeEach
  final void open() {
    // Neither downloads nor reports anything. The engine reads both once, when it starts.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  final void close() {
    manager.close();
  }

  final Noise noise(String purpose) {
    return Noise.of(seed(), purpose, 0);
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
}
