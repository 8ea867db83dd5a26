package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.Prior;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That log r(x) is one number for each example, and its own. */
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
  @DisplayName("gives every example one finite number")
  void isFinitePerExample() {
    NDArray points = points(manager);
    for (int t = 1; t <= Trajectory.STEPS; t++) {
      NDArray density = prior().logDensity(points, stage(points, t));
      assertThat(density.getShape()).isEqualTo(new Shape(points.getShape().get(0)));
      assertThat(numbers(density)).as("log r at step %d", t).allMatch(Double::isFinite, "finite");
    }
  }

  @Test
  @DisplayName("depends on x")
  void dependsOnTheExample() {
    NDArray points = points(manager);
    double[] density = doubles(prior().logDensity(points, stage(points, 1)));
    double[] distinct = Arrays.stream(density).distinct().toArray();
    assertThat(distinct).as("different values of log r").hasSizeGreaterThan(1);
  }

  @Test
  @DisplayName("treats each example as if it were alone")
  void examplesAreIndependent() {
    NDArray points = points(manager);
    for (int t : new int[] {1, 6, Trajectory.STEPS}) {
      double[] together = doubles(prior().logDensity(points, stage(points, t)));
      for (int i = 0; i < together.length; i++) {
        NDArray alone = points.get(i + ":" + (i + 1));
        assertThat(doubles(prior().logDensity(alone, stage(alone, t))))
            .as("log r of example %d at step %d, alone", i, t)
            .containsExactly(new double[] {together[i]}, within(rounding(points, together[i])));
      }
    }
  }

  final Stage stage(NDArray points, int step) {
    return new Trajectory(points, schedule(), new GaussianModel.Forward()).stage(points, step);
  }
}
