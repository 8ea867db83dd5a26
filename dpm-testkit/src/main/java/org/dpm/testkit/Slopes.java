package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.function.ToDoubleFunction;

/** The slopes of a function at a point, by central differences, to check gradients against. */
final class Slopes {

  /** So many elements are tried; spread over all of them. */
  private static final int MOST = 24;

  private final NDArray point;
  private final ToDoubleFunction<NDArray> function;

  /**
   * @param function of an array like {@code point}
   */
  Slopes(NDArray point, ToDoubleFunction<NDArray> function) {
    this.point = point;
    this.function = function;
  }

  void assertMatch(String what, double[] gradient) {
    assertThat(gradient).as(what).hasSize(Math.toIntExact(point.size()));
    int stride = Math.max(1, gradient.length / MOST);
    for (int i = 0; i < gradient.length; i += stride) {
      assertThat(gradient[i])
          .as("%s, number %d", what, i)
          .isCloseTo(at(i), within(tolerance(gradient[i])));
    }
  }

  private double at(int index) {
    double step = doublePrecision() ? 6e-5 : 1e-2;
    return (moved(index, step) - moved(index, -step)) / (2 * step);
  }

  /** h^2 f''' / 6 with f''' up to 1e5, and rounding over h: together below this. */
  private double tolerance(double slope) {
    return (doublePrecision() ? 1e-5 : 1e-2) * (1 + Math.abs(slope));
  }

  private boolean doublePrecision() {
    return point.getDataType() == DataType.FLOAT64;
  }

  private double moved(int index, double change) {
    double[] values = Contract.doubles(point);
    values[index] += change;
    return function.applyAsDouble(
        point.getManager().create(values, point.getShape()).toType(point.getDataType(), false));
  }
}
