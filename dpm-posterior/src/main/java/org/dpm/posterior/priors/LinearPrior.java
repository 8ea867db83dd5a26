package org.dpm.posterior.priors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.dpm.api.DataUnits;
import org.dpm.api.Factor;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.InvalidInput;
import org.dpm.api.Prior;
import org.dpm.api.Require;
import org.dpm.api.Space;
import org.dpm.api.Variables;

/**
 * Measurements of sums of elements: y = A x + sigma e.
 *
 * <p>With A / sigma = U S V^T the measurements U^T y / sigma have unit noise and rows that are
 * orthogonal: they stay independent of each other at every step.
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
  private final Cells cells;
  private final RealVector measured;
  private final RealMatrix rows;
  private final double logConstant;

  @Inject
  LinearPrior(Settings settings, Variables variables, DataUnits units) {
    onTheWay = settings.onTheWay();
    cells = new Cells(List.of(), variables, units);
    double[][] matrix = MatrixFile.read(settings.matrix(), cells.count());
    int count = matrix.length;
    if (settings.values().size() != count) {
      throw new InvalidInput(
          "values: must be %d, one for each row of %s, but are %d"
              .formatted(count, settings.matrix(), settings.values().size()));
    }
    RealMatrix whitened = new Array2DRowRealMatrix(count, cells.count());
    RealVector values = new ArrayRealVector(count);
    double logSigmas = 0;
    for (int i = 0; i < count; i++) {
      double sigma = settings.sigmas().get(settings.sigmas().size() == 1 ? 0 : i);
      logSigmas += Math.log(sigma);
      double rest = settings.values().get(i);
      for (int j = 0; j < cells.count(); j++) {
        double slope = matrix[i][j] * cells.scale(j);
        if (slope != 0 && cells.space(j) instanceof Space.Category) {
          throw new InvalidInput(
              "matrix: %s:%d: column %d is of a category, of which there is no sum; it must be 0."
                  .formatted(settings.matrix(), i + 1, j + 1));
        }
        whitened.setEntry(i, j, slope / sigma);
        // What the kernel sees as 0 is the centre in data units.
        rest += slope * cells.toModel(j, 0);
      }
      values.setEntry(i, rest / sigma);
    }
    SingularValueDecomposition svd = new SingularValueDecomposition(whitened);
    measured = svd.getU().preMultiply(values);
    rows = svd.getUT().multiply(whitened);
    // Where rows exceed elements, nothing of x is in what is left over.
    double left = values.dotProduct(values) - measured.dotProduct(measured);
    int leftOver = count - measured.getDimension();
    logConstant = -logSigmas - 0.5 * (left + leftOver * Math.log(2 * Math.PI));
  }

  @Override
  public List<Factor> factors(NDArray like) {
    NDArray values =
        like.getManager()
            .create(measured.toArray(), new Shape(1, measured.getDimension()))
            .toType(like.getDataType(), false);
    NDList each = new NDList();
    for (int i = 0; i < rows.getRowDimension(); i++) {
      double[] row = rows.getRow(i);
      each.add(cells.array(like, 0, (k, place) -> row[k]).reshape(1, -1));
    }
    Matrix a = new Matrix(NDArrays.concat(each), like.getShape().slice(1));
    return List.of(new Factor.Measurement(a, values, values.onesLike(), logConstant, onTheWay));
  }

  /** A by its rows, [measurements, elements]. */
  private record Matrix(NDArray rows, Shape element) implements Factor.LinearMap {

    @Override
    public NDArray apply(NDArray x) {
      return x.reshape(x.getShape().get(0), -1).matMul(rows.transpose());
    }

    @Override
    public NDArray transposed(NDArray y) {
      return y.matMul(rows).reshape(new Shape(y.getShape().get(0)).addAll(element));
    }

    @Override
    public NDArray squares(NDArray like) {
      return rows.square().sum(new int[] {1}).expandDims(0);
    }
  }
}
