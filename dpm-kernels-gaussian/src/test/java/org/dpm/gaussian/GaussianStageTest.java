package org.dpm.gaussian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.GaussianStage;
import org.dpm.api.Stage;
import org.dpm.testkit.EngineFixture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against scales that Java computes in double precision, put together as the textbook does. */
@DisplayName("A stage on a Gaussian path")
class GaussianStageTest extends EngineFixture {

  private static final double[] LATER = {5, 1.5, 0, -2, -9, 2};
  private static final double[] EARLIER = {6, 4, 0.01, 1, -8, Double.POSITIVE_INFINITY};

  @ParameterizedTest(name = "on the path {0}")
  @EnumSource
  @DisplayName("has the scales that follow from a and s at both of its ends")
  void scales(Paths path) {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      Stage stage =
          Stage.of(
              new double[] {1, 1, 1, 1, 1, 1},
              new double[] {0.5, 0.5, 0.5, 0.5, 0.5, 0},
              column(type, LATER),
              column(type, EARLIER));
      GaussianStage at = GaussianStage.of(path.path(), stage);
      for (int i = 0; i < LATER.length; i++) {
        double a = path.signal(LATER[i]);
        double s = path.noise(LATER[i]);
        double before = path.signal(EARLIER[i]);
        double noiseBefore = EARLIER[i] == Double.POSITIVE_INFINITY ? 0 : path.noise(EARLIER[i]);
        double kept = a / before;
        // What is added to noise that shrinks with the signal makes it s^2.
        double added = s * s - kept * kept * noiseBefore * noiseBefore;
        assertValue("a", at.signal(), i, a);
        assertValue("s", at.noise(), i, s);
        assertValue("s^2", at.noiseVariance(), i, s * s);
        assertValue("a^2 + s^2", at.total(), i, a * a + s * s);
        assertValue("open", at.open(), i, s * s / (a * a + s * s));
        assertValue("a_s", at.previousSignal(), i, before);
        assertValue("s_s", at.previousNoise(), i, noiseBefore);
        assertValue("kept", at.kept(), i, kept);
        assertValue("added", at.added(), i, added);
        // Bayes: precisions of a_s x_0 + s_s e and of x_t / kept, added.
        assertValue("of the data", at.ofData(), i, before * added / (s * s));
        assertValue("of x_t", at.ofCurrent(), i, kept * noiseBefore * noiseBefore / (s * s));
        assertValue("variance", at.variance(), i, noiseBefore * noiseBefore * added / (s * s));
      }
    }
  }

  private NDArray column(DataType type, double... values) {
    NDArray column = manager.create(values, new Shape(values.length, 1));
    return type == DataType.FLOAT64 ? column : column.toType(type, false);
  }

  private static void assertValue(String what, NDArray values, int row, double expected) {
    boolean single = values.getDataType() == DataType.FLOAT32;
    double value = values.toType(DataType.FLOAT64, false).toDoubleArray()[row];
    // The difference of two squares of nearly equal stages loses two digits by hand, too.
    assertThat(value)
        .as("%s of row %d", what, row)
        .isCloseTo(expected, within((single ? 1e-5 : 1e-11) * (Math.abs(expected) + 1e-3)));
  }
}
