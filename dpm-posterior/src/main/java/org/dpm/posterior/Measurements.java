package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Factor;
import org.dpm.api.Factor.Factorised;
import org.dpm.api.Factor.Known;
import org.dpm.api.Factor.LinearMap;
import org.dpm.api.Factor.Measurement;
import org.dpm.api.Factor.OnTheWay;

/**
 * All that is known of x_0 on a Gaussian path as one measurement, y = A x_0 + noise: sums, noisy
 * elements, and elements without noise.
 *
 * @param maps which A consists of, one below the other
 * @param ends after which measurement each of them ends
 * @param values y, [n, measurements]
 * @param variances of the noise, likewise
 * @param mask likewise, 1 for what is a measurement and 0 for what says nothing
 * @param squares the squared length of each row of A, likewise
 */
record Measurements(
    List<LinearMap> maps,
    List<Long> ends,
    NDArray values,
    NDArray variances,
    NDArray mask,
    NDArray squares) {

  /** Whether a factor is such a measurement, and not to be the same at every step. */
  static boolean takes(Factor factor) {
    return factor instanceof Known
        || (factor instanceof Factorised each && each.onTheWay() == OnTheWay.DIFFUSED)
        || (factor instanceof Measurement sums && sums.onTheWay() == OnTheWay.DIFFUSED);
  }

  /**
   * The factors together.
   *
   * @param like [n, element...]
   */
  static Measurements of(List<Factor> factors, NDArray like) {
    Shape element = like.getShape().slice(1);
    List<LinearMap> maps = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    long end = 0;
    NDList values = new NDList(like.getManager().zeros(new Shape(like.getShape().get(0), 0)));
    NDList variances = new NDList(values);
    NDList masks = new NDList(values);
    NDList squares = new NDList(values);
    for (Factor factor : factors) {
      LinearMap map = factor instanceof Measurement sums ? sums.map() : new Flat(element);
      NDArray square = map.squares(like);
      NDArray one = square.onesLike();
      maps.add(map);
      end += square.size();
      ends.add(end);
      if (factor instanceof Measurement sums) {
        add(values, sums.values(), like);
        add(variances, sums.deviations().square(), like);
        add(masks, one, like);
      } else if (factor instanceof Factorised each) {
        // On a Gaussian path there is no other law of single elements.
        DiagonalGaussian law = (DiagonalGaussian) each.distribution();
        add(values, law.mean(), like);
        add(variances, law.variance().mul(law.mean().onesLike()), like);
        add(masks, each.mask(), like);
      } else if (factor instanceof Known known) {
        add(values, known.values(), like);
        // Without noise where something is known; a variance of 1 where nothing is.
        add(variances, known.mask().neg().add(1f), like);
        add(masks, known.mask(), like);
      }
      add(squares, square, like);
    }
    return new Measurements(
        List.copyOf(maps),
        List.copyOf(ends),
        NDArrays.concat(values, 1),
        NDArrays.concat(variances, 1),
        NDArrays.concat(masks, 1),
        NDArrays.concat(squares, 1));
  }

  private static void add(NDList all, NDArray rows, NDArray like) {
    NDArray each = Rows.repeated(rows, like.getShape().get(0));
    all.add(each.reshape(each.getShape().get(0), -1));
  }

  boolean isEmpty() {
    return maps.isEmpty();
  }

  /** For some rows of a batch that the problems share evenly. */
  Measurements rows(long batch, long from, long to) {
    String slice = from + ":" + to;
    return new Measurements(
        maps,
        ends,
        Rows.repeated(values, batch).get(slice),
        Rows.repeated(variances, batch).get(slice),
        Rows.repeated(mask, batch).get(slice),
        Rows.repeated(squares, batch).get(slice));
  }

  /** A x, [B, measurements]. */
  NDArray apply(NDArray x) {
    NDList seen = new NDList();
    maps.forEach(map -> seen.add(map.apply(x)));
    return NDArrays.concat(seen, 1).mul(mask);
  }

  /** A^T y, [B, element...]. */
  NDArray transposed(NDArray y) {
    NDArray masked = y.mul(mask);
    NDArray sum = maps.get(0).transposed(masked.get(":, 0:" + ends.get(0)));
    for (int i = 1; i < maps.size(); i++) {
      String slice = ":, " + ends.get(i - 1) + ":" + ends.get(i);
      sum = sum.add(maps.get(i).transposed(masked.get(slice)));
    }
    return sum;
  }

  /** What y is away from A x. */
  NDArray missed(NDArray x) {
    return values.mul(mask).sub(apply(x));
  }

  /** The mean square of what is missed, in units of x_0, [B, 1]. */
  NDArray typical(NDArray missed) {
    NDArray inUnits = missed.square().div(squares.maximum(number(squares, 1e-30)));
    NDArray count = mask.sum(new int[] {1}, true);
    return inUnits.sum(new int[] {1}, true).div(count.maximum(number(count, 1)));
  }

  /** Every element by itself. */
  private record Flat(Shape element) implements LinearMap {

    @Override
    public NDArray apply(NDArray x) {
      return x.reshape(x.getShape().get(0), -1);
    }

    @Override
    public NDArray transposed(NDArray y) {
      return y.reshape(new Shape(y.getShape().get(0)).addAll(element));
    }

    @Override
    public NDArray squares(NDArray like) {
      return like.getManager().ones(new Shape(1, element.size()), like.getDataType());
    }
  }
}
