package org.dpm.evaluation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import java.util.function.Function;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.evaluation.BoundEstimate;
import org.dpm.testkit.KnownModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With more examples than any estimator takes at once, and batches that end within a condition. */
@DisplayName("Three conditions at once are told what each is told alone by")
class ConditionsTest extends EngineFixture {

  private static final int EACH = 170;
  private static final double[] CONDITIONS = {-1, 0.5, 2};
  private static final Noise NOISE = Noise.of(1, "test");

  private NDArray data;

  @BeforeEach
  void draw() {
    NDArray like = manager.zeros(new Shape((long) EACH * CONDITIONS.length, 2), DataType.FLOAT64);
    data = Noise.of(2, "data").gaussian(like);
  }

  /** A network that believes the data to be where the condition says. */
  private static Diffusion conditional(int steps) {
    return KnownModel.gaussian()
        .diffusion(
            Grid.even(steps),
            (x, time, condition) -> {
              NDArray y = Objects.requireNonNull(condition).get(":, 0").mul(0.4).reshape(-1, 1, 1);
              return y.broadcast(new Shape(x.getShape().get(0), 2, 2));
            })
        .conditional(1);
  }

  /**
   * @param tolerance for answers of the engine to batches of another size
   */
  private void agree(int steps, double tolerance, Function<Diffusion, double[]> estimator) {
    Diffusion diffusion = conditional(steps);
    double[] together =
        estimator.apply(diffusion.given(manager.create(CONDITIONS, new Shape(3, 1))));
    double[] first = {};
    for (int i = 0; i < CONDITIONS.length; i++) {
      double[] alone =
          estimator.apply(
              diffusion.given(manager.create(new double[] {CONDITIONS[i]}, new Shape(1, 1))));
      first = i == 0 ? alone : first;
      for (int row = i * EACH; row < (i + 1) * EACH; row++) {
        assertThat(together[row])
            .as("example %d, condition %d", row, i)
            .isCloseTo(alone[row], within(tolerance));
      }
    }
    assertThat(together[2 * EACH])
        .as("of the first condition")
        .isNotCloseTo(first[2 * EACH], within(0.01));
  }

  @Test
  @DisplayName("K, from all steps and from a few")
  void bound() {
    agree(6, 1e-9, diffusion -> BoundEstimate.nats(diffusion, data, 6, NOISE));
    agree(30, 1e-9, diffusion -> BoundEstimate.nats(diffusion, data, 4, NOISE));
  }

  @Test
  @DisplayName("trajectories, in one piece and in several")
  void trajectories() {
    for (int each : new int[] {2, 9}) {
      agree(
          6,
          1e-9,
          diffusion ->
              new TrajectoryLikelihood(diffusion, each)
                  .of(data, NOISE, Progress.NONE).stream()
                      .mapToDouble(TrajectoryEstimate::logLikelihood)
                      .toArray());
    }
  }

  @Test
  @DisplayName("the probability flow")
  void flow() {
    agree(
        6,
        1e-6,
        diffusion ->
            new FlowLikelihood(diffusion)
                .of(data, NOISE, Progress.NONE).stream()
                    .mapToDouble(FlowEstimate::logLikelihood)
                    .toArray());
  }
}
