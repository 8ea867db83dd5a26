package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wide Gaussian kernel")
final class WideGaussianKernelTest {

  private static final double V = 2.5;

  private final WideGaussianKernel kernel =
      new WideGaussianKernel(new WideGaussianKernel.Settings(V));

  private NDManager manager;

  @BeforeAll
  static void keepTheEngineQuiet() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Four stages, from hardly any noise to hardly any signal, in double precision. */
  private Stage stages() {
    return Stage.of(column(0.25, 0.5, 0.75, 1), column(4, 1, -1, -6), column(6, 1.5, 0.5, -2));
  }

  private NDArray column(double... values) {
    return manager.create(values, new Shape(values.length, 1));
  }

  private NDArray draw(String purpose) {
    return Noise.of(1, purpose, 0).gaussian(manager.zeros(new Shape(4, 3), DataType.FLOAT64));
  }

  @Test
  @DisplayName("keeps its stationary distribution: noise of variance v stays noise of variance v")
  void stationaryIsStationary() {
    Stage stage = stages();
    // x_t = sqrt(kept) x_s + sqrt(v beta) e, both of variance v: kept v + v beta = v.
    NDArray spread = stage.kept().mul(V);
    NDArray added = spread(kernel.transition(draw("x"), stage).entropy());
    assertThat(spread.add(added).toDoubleArray()).containsOnly(new double[] {V}, within(1e-12));
    assertThat(spread(kernel.stationary(draw("x")).entropy()).toDoubleArray())
        .containsOnly(new double[] {V}, within(1e-12));
  }

  /** The variance that a Gaussian's entropy tells, of the first element: exp(2 H) / (2 pi e). */
  private static NDArray spread(NDArray entropy) {
    return entropy.get(":, 0:1").mul(2).exp().div(2 * Math.PI * Math.E);
  }

  @Test
  @DisplayName("refuses a variance that is none")
  void refusesNonsense() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new WideGaussianKernel.Settings(wrong))
          .withMessage("variance must be positive and finite, but is " + wrong);
    }
  }
}
