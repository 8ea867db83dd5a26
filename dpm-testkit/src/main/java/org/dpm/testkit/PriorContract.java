package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Factor;
import org.dpm.api.Prior;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That each factor of r(x) is of the examples' shape, and says something of each of them. */
@DisplayName("A prior")
public abstract class PriorContract extends Contract {

  /** What is tested. */
  protected abstract Prior prior();

  /** A few different x where r(x) is positive, [B, element...], as the kernel sees data. */
  protected abstract NDArray points(NDManager manager);

  /** Of the trajectory that the points stand on. */
  protected Schedule schedule() {
    return Trajectory.SCHEDULE;
  }

  @Test
  @DisplayName("has factors, the same ones each time")
  void hasFactors() {
    NDArray points = points(manager);
    List<? extends Class<?>> kinds =
        prior().factors(points).stream().map(Factor::getClass).toList();
    assertThat(kinds).as("factors").isNotEmpty();
    assertThat(prior().factors(points).stream().map(Factor::getClass).toList())
        .as("factors, asked again")
        .isEqualTo(kinds);
  }

  @Test
  @DisplayName("gives every example one finite number")
  void isFinitePerExample() {
    NDArray points = points(manager);
    for (Stage stage : stages(points)) {
      for (NDArray density : densities(points, stage)) {
        assertThat(density.getShape()).isEqualTo(new Shape(points.getShape().get(0)));
        assertThat(numbers(density))
            .as("log r at time %s", stage.times()[0])
            .allMatch(Double::isFinite, "finite");
      }
    }
  }

  @Test
  @DisplayName("depends on x, in every factor that is a function")
  void dependsOnTheExample() {
    NDArray points = points(manager);
    for (NDArray density : densities(points, Stage.ofData(points))) {
      assertThat(Arrays.stream(doubles(density)).distinct().toArray())
          .as("different values of log r")
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  @DisplayName("treats each example as if it were alone")
  void examplesAreIndependent() {
    NDArray points = points(manager);
    for (Factor factor : prior().factors(points)) {
      if (factor instanceof Factor.Density density) {
        for (Stage stage : stages(points)) {
          double[] together = doubles(density.log().of(points, stage));
          for (int i = 0; i < together.length; i++) {
            NDArray alone = points.get(i + ":" + (i + 1));
            assertAlike(
                "log r of example %d at time %s, alone".formatted(i, stage.times()[0]),
                points,
                doubles(density.log().of(alone, stage)),
                new double[] {together[i]});
          }
        }
      }
    }
  }

  @Test
  @DisplayName("has arrays for one problem, or for several that share the batch evenly")
  void arraysFit() {
    NDArray points = points(manager);
    Shape element = points.getShape().slice(1);
    for (Factor factor : prior().factors(points)) {
      if (factor instanceof Factor.Factorised factorised) {
        assertRows("law", factorised.distribution().mean(), points, element);
        assertMask(factorised.mask(), points, element);
      } else if (factor instanceof Factor.Known known) {
        assertRows("known values", known.values(), points, element);
        assertMask(known.mask(), points, element);
        assertThat(doubles(known.values().mul(known.mask().neg().add(1))))
            .as("values where nothing is known")
            .containsOnly(0);
      } else if (factor instanceof Factor.OtherModel other) {
        assertThat(numbers(other.scale())).as("scales").allMatch(scale -> scale > 0, "positive");
        assertThat(other.scale().getShape()).isEqualTo(new Shape(1).addAll(element));
        assertThat(other.shift().getShape()).isEqualTo(new Shape(1).addAll(element));
        assertThat(other.diffusion().element()).as("element of the other model").isEqualTo(element);
        assertThat(other.trajectories()).as("trajectories").isPositive();
      }
    }
  }

  private static void assertMask(NDArray mask, NDArray points, Shape element) {
    assertRows("mask", mask, points, element);
    assertThat(numbers(mask)).as("mask").isSubsetOf(0.0, 1.0).contains(1.0);
  }

  private static void assertRows(String what, NDArray array, NDArray points, Shape element) {
    assertThat(array.getShape().slice(1)).as("shape of the %s", what).isEqualTo(element);
    assertThat(points.getShape().get(0) % array.getShape().get(0))
        .as("examples left over when %s of the %s share them", array.getShape().get(0), what)
        .isZero();
  }

  @Test
  @DisplayName("measures linearly, and back by the transposed map")
  void measurementsAreLinear() {
    NDArray points = points(manager);
    for (Factor factor : prior().factors(points)) {
      if (factor instanceof Factor.Measurement measurement) {
        assertLinear(measurement, points);
      }
    }
  }

  private void assertLinear(Factor.Measurement measurement, NDArray points) {
    Factor.LinearMap map = measurement.map();
    int batch = Math.toIntExact(points.getShape().get(0));
    NDArray x = noise("x").gaussian(points);
    NDArray seen = map.apply(points);
    int count = Math.toIntExact(seen.getShape().get(1));
    assertThat(seen.getShape()).as("shape of A x").isEqualTo(new Shape(batch, count));
    assertRows("measured values", measurement.values(), points, new Shape(count));
    assertRows("deviations", measurement.deviations(), points, new Shape(count));
    assertThat(numbers(measurement.deviations()))
        .as("deviations")
        .allMatch(deviation -> deviation > 0, "positive");
    assertAlike(
        "A (2 x + y)",
        points,
        doubles(map.apply(points.mul(2).add(x))),
        doubles(seen.mul(2).add(map.apply(x))));
    NDArray y = noise("y").gaussian(seen);
    NDArray back = map.transposed(y);
    assertThat(back.getShape()).as("shape of A^T y").isEqualTo(points.getShape());
    assertAlike(
        "<x, A^T y>",
        points,
        doubles(points.mul(back).reshape(batch, -1).sum(new int[] {1})),
        doubles(seen.mul(y).sum(new int[] {1})));
    NDArray basis = manager.eye(count).toType(points.getDataType(), false);
    NDArray rows = map.transposed(basis).reshape(count, -1);
    double[] squares = doubles(map.squares(points));
    assertThat(squares)
        .as("squared lengths of the rows of A")
        .containsExactly(
            doubles(rows.square().sum(new int[] {1})), within(rounding(points, squares[0])));
  }

  /** log r at a stage, of each factor that is a function. */
  final List<NDArray> densities(NDArray x, Stage stage) {
    List<NDArray> densities = new ArrayList<>();
    for (Factor factor : prior().factors(x)) {
      if (factor instanceof Factor.Density density) {
        densities.add(density.log().of(x, stage));
      }
    }
    return densities;
  }

  private List<Stage> stages(NDArray points) {
    List<Stage> stages = new ArrayList<>();
    for (int t : new int[] {1, 6, Trajectory.STEPS}) {
      stages.add(stage(points, t));
    }
    stages.add(Stage.ofData(points));
    return stages;
  }

  final Stage stage(NDArray points, int step) {
    return new Trajectory(points, schedule(), new GaussianModel.Forward()).stage(points, step);
  }
}
