package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.dpm.api.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a prior, of which some factor is a function, can be followed uphill. */
@DisplayName("A differentiable prior")
public abstract class DifferentiablePriorContract extends PriorContract {

  @Test
  @DisplayName("has the gradient in x that its values say")
  void gradientMatchesFiniteDifferences() {
    NDArray points = points(manager);
    for (int t : new int[] {1, 6, Trajectory.STEPS}) {
      Stage stage = stage(points, t);
      NDArray x = points.duplicate();
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, sum(x, stage));
      }
      double[] gradient = doubles(x.getGradient());
      assertThat(Arrays.stream(gradient).map(Math::abs).sum())
          .as("gradient at step %d", t)
          .isPositive();
      new Slopes(points, moved -> doubles(sum(moved, stage))[0])
          .assertMatch("gradient at step " + t, gradient);
    }
  }

  private NDArray sum(NDArray x, Stage stage) {
    NDArray sum = x.zerosLike().sum();
    for (NDArray density : densities(x, stage)) {
      sum = sum.add(density.sum());
    }
    return sum;
  }
}
