package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wide Gaussian kernel")
final class WideGaussianKernelTest extends EngineFixture {

  private static final double V = 2.5;

  private final WideGaussianKernel kernel =
      new WideGaussianKernel(new WideGaussianKernel.Settings(V));

  private double[] variancesOfTheEnd(double... logSnr) {
    Shape column = new Shape(logSnr.length, 1);
    NDArray at = manager.create(logSnr, column);
    Stage stage = Stage.of(new double[logSnr.length], new double[logSnr.length], at, at.add(1));
    NDArray like = manager.zeros(column, DataType.FLOAT64);
    return ((DiagonalGaussian) kernel.end(like, stage)).variance().toDoubleArray();
  }

  @Test
  @DisplayName("leads from N(0, 1) to N(0, v)")
  void endsWide() {
    double abar = 1 / (1 + Math.exp(-0.7));
    assertThat(variancesOfTheEnd(Double.POSITIVE_INFINITY, 0.7, Double.NEGATIVE_INFINITY))
        .containsExactly(new double[] {1, abar + V * (1 - abar), V}, within(1e-12));
  }

  @Test
  @DisplayName("takes numbers, and nothing else")
  void takesNumbers() {
    assertThat(kernel.width(new Space.Real(1))).hasValue(1);
    for (Space other :
        List.of(new Space.Bit(), new Space.Circle(1), new Space.Category(List.of("a", "b")))) {
      assertThat(kernel.width(other)).as(other.title()).isEmpty();
    }
  }

  @Test
  @DisplayName("refuses a variance that is none")
  void refusesNonsense() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new WideGaussianKernel.Settings(wrong))
          .withMessage("variance must be positive, but is " + wrong);
    }
  }
}
