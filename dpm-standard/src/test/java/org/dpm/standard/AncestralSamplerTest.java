package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Start;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ancestral sampler")
class AncestralSamplerTest extends EngineFixture {

  private static final int COUNT = 20_000;
  private static final Grid GRID = Grid.even(6);

  private final Diffusion diffusion =
      new KnownGaussian(0.5, 0.3, 0)
          .diffusion(
              GRID,
              LastStep.LEARNED,
              new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(0.01, 1e-6), GRID));

  @Test
  @DisplayName("draws from the data's distribution when the reverse steps are exact")
  void drawsTheData() {
    assertIsTheData(sample(new Start.End(COUNT), 1));
  }

  @Test
  @DisplayName("draws from it on an uneven grid that the model was not made for")
  void drawsOnAnotherGrid() {
    Diffusion coarse = diffusion.on(Grid.of(0.05, 0.6, 1));
    assertIsTheData(
        new AncestralSampler()
            .sample(manager, new Start.End(COUNT), coarse, noise(3), Progress.NONE));
  }

  @Test
  @DisplayName("goes on from x_t at a time between those of the grid")
  void startsBetweenTimes() {
    NDArray data =
        new KnownGaussian(0.5, 0.3, 0).data(manager.zeros(new Shape(COUNT, 1)), noise(4));
    double time = 0.6;
    NDArray x =
        diffusion
            .forward()
            .marginal(data, diffusion.stage(data, new double[] {time}, new double[1]))
            .sample(noise(5));
    Shown shown = new Shown();
    NDArray drawn =
        new AncestralSampler().sample(manager, new Start.At(x, time), diffusion, noise(6), shown);
    assertThat(shown.times).containsExactly(0.6, 3 / 6.0, 2 / 6.0, 1 / 6.0, 0.0);
    assertIsTheData(drawn);
    assertThat(x.toFloatArray()).as("the caller's own").isEqualTo(shown.states.get(0));
  }

  @Test
  @DisplayName("goes from before the grid's first time to the data in one step")
  void startsBeforeTheFirstTime() {
    NDArray x = manager.create(new float[] {0.4f, 0.7f}, new Shape(2, 1));
    Shown shown = new Shown();
    new AncestralSampler().sample(manager, new Start.At(x, 0.1), diffusion, noise(7), shown);
    assertThat(shown.times).containsExactly(0.1, 0.0);
  }

  private void assertIsTheData(NDArray drawn) {
    double[] x = doubles(drawn);
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (COUNT - 1);
    // Standard errors sqrt(v / n) of a mean, v sqrt(2 / n) of a variance; signal of 1e-6 at the
    // end shifts the mean by less than 1e-3 of its 0.5.
    assertThat(mean).isCloseTo(0.5, within(4.5 * Math.sqrt(0.3 / COUNT) + 5e-4));
    assertThat(variance).isCloseTo(0.3, within(4.5 * 0.3 * Math.sqrt(2.0 / COUNT)));
  }

  @Test
  @DisplayName("draws the same first ten of a hundred as of ten")
  void beginningsAgree() {
    double[] ten = doubles(sample(new Start.End(10), 8));
    double[] hundred = doubles(sample(new Start.End(100), 8));
    // Single precision, in batches of another size.
    assertThat(Arrays.copyOf(hundred, 10)).containsExactly(ten, within(1e-4));
    double[] others = Arrays.copyOfRange(hundred, 10, 20);
    assertThat(Math.abs(others[0] - ten[0])).isGreaterThan(1e-2);
  }

  @Test
  @DisplayName("shows every state of the way to the very same draws, and how far it is")
  void showsTheWay() {
    float[] unseen = sample(new Start.End(3), 2).toFloatArray();
    Shown shown = new Shown();
    new AncestralSampler().sample(manager, new Start.End(3), diffusion, noise(2), shown);
    assertThat(shown.times).containsExactly(1.0, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0, 0.0);
    assertThat(shown.states.get(6)).isEqualTo(unseen);
    assertThat(shown.states.get(5)).isNotEqualTo(unseen);
    assertThat(shown.done).isSorted().startsWith(0.0).endsWith(1.0).hasSize(7);
  }

  @Test
  @DisplayName("leaves its owner the draws and nothing else")
  void closesWhatItMakes() {
    List<NDArray> seen = new ArrayList<>();
    try (NDManager owner = manager.newSubManager()) {
      NDArray drawn =
          new AncestralSampler()
              .sample(
                  owner,
                  new Start.End(5),
                  diffusion,
                  noise(9),
                  new Shown() {
                    @Override
                    public void state(NDArray x, double time) {
                      seen.add(x);
                    }
                  });
      assertThat(owner.getManagedArrays()).hasSize(1);
      assertThat(drawn.getManager()).isSameAs(owner);
      assertThat(seen.remove(6)).isSameAs(drawn);
      for (NDArray state : seen) {
        assertThatThrownBy(state::toFloatArray).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  /** Keeps what it is shown. */
  private static class Shown implements Progress {

    final List<Double> done = new ArrayList<>();
    final List<Double> times = new ArrayList<>();
    final List<float[]> states = new ArrayList<>();

    @Override
    public void report(double done) {
      this.done.add(done);
    }

    @Override
    public void state(NDArray x, double time) {
      times.add(time);
      states.add(x.toFloatArray());
    }
  }

  private NDArray sample(Start start, long seed) {
    return new AncestralSampler().sample(manager, start, diffusion, noise(seed), Progress.NONE);
  }

  private static Noise noise(long seed) {
    return Noise.of(seed, "sample");
  }
}
