package org.dpm.posterior.priors;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Stage;
import org.dpm.core.DataDescription;
import org.dpm.core.Scaling;

/**
 * Measurements of sums of elements: y = A x + sigma e. On the way, N(y; sqrt(abar_t) A x_t, sigma^2
 * + (1 - abar_t) A A^T), as for data of unit variance.
 *
 * <p>With A / sigma = U S V^T the measurements U^T y / sigma are independent of each other at every
 * step, with variances 1 + (1 - abar_t) S^2.
 */
final class LinearPrior implements Prior {

  record Settings(
      @JsonPropertyDescription(
              "A: a CSV file of numbers without header, a row for each measurement and a column for"
                  + " each element of an example in row-major order")
          Path matrix,
      @JsonPropertyDescription("y, one number for each row of A") List<Double> values,
      @JsonPropertyDescription("standard deviations of the measurements, or one for all; positive")
          List<Double> sigmas,
      @JsonProperty(defaultValue = "diffused")
          @JsonPropertyDescription(
              "at every step: seen through that step's noise, or constant as in the paper")
          OnTheWay onTheWay) {

    Settings {
      values = List.copyOf(values);
      sigmas = List.copyOf(sigmas);
      Require.allPositive("sigmas", sigmas);
      Require.that(
          sigmas.size() == 1 || sigmas.size() == values.size(),
          "sigmas must be one, or as many as values, which are %d, but are %d"
              .formatted(values.size(), sigmas.size()));
    }
  }

  private final OnTheWay onTheWay;
  private final float[] measured;
  private final float[] rows;
  private final float[] squares;
  private final double logSigmas;

  @Inject
  LinearPrior(Settings settings, DataDescription data, Scaling scaling) {
    onTheWay = settings.onTheWay();
    int size = Math.toIntExact(data.summary().element().size());
    double[][] matrix = MatrixFile.read(settings.matrix(), size);
    int count = matrix.length;
    if (settings.values().size() != count) {
      throw new InvalidInput(
          "values: must be %d, one for each row of %s, but are %d"
              .formatted(count, settings.matrix(), settings.values().size()));
    }
    RealMatrix whitened = new Array2DRowRealMatrix(count, size);
    RealMatrix values = new Array2DRowRealMatrix(count, 1);
    double logs = 0;
    for (int i = 0; i < count; i++) {
      double sigma = settings.sigmas().get(settings.sigmas().size() == 1 ? 0 : i);
      logs += Math.log(sigma);
      double rest = settings.values().get(i);
      for (int j = 0; j < size; j++) {
        whitened.setEntry(i, j, matrix[i][j] * scaling.scale(j) / sigma);
        // What the kernel sees as 0 is the centre in data units.
        rest += matrix[i][j] * scaling.scale(j) * scaling.toModel(j, 0);
      }
      values.setEntry(i, 0, rest / sigma);
    }
    logSigmas = logs;
    SingularValueDecomposition svd = new SingularValueDecomposition(whitened);
    // U has min(count, size) columns: where rows exceed elements, what is left over is constant.
    RealMatrix turned = svd.getU().transpose();
    rows = flat(turned.multiply(whitened));
    measured = flat(turned.multiply(values));
    squares = new float[measured.length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = (float) Math.pow(svd.getSingularValues()[i], 2);
    }
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    long batch = x.getShape().get(0);
    NDArray a = array(x, rows, new Shape(measured.length, rows.length / measured.length));
    NDArray predicted = x.reshape(batch, -1).matMul(a.transpose());
    NDArray gain = onTheWay.gain(stage).reshape(-1, 1);
    NDArray noise = onTheWay.noise(stage).reshape(-1, 1);
    Shape row = new Shape(1, measured.length);
    NDArray variance = array(x, squares, row).mul(noise).add(1f);
    NDArray distance = array(x, measured, row).sub(predicted.mul(gain)).square();
    NDArray log = distance.div(variance).add(variance.log()).mul(number(x, -0.5));
    double constant = logSigmas + 0.5 * measured.length * Math.log(2 * Math.PI);
    return log.sum(new int[] {1}).sub((float) constant);
  }

  private static NDArray array(NDArray like, float[] values, Shape shape) {
    return like.getManager().create(values, shape).toType(like.getDataType(), false);
  }

  private static float[] flat(RealMatrix matrix) {
    float[] flat = new float[matrix.getRowDimension() * matrix.getColumnDimension()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] =
          (float) matrix.getEntry(i / matrix.getColumnDimension(), i % matrix.getColumnDimension());
    }
    return flat;
  }
}
