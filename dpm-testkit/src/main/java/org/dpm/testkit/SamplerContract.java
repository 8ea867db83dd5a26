package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Stage;
import org.dpm.api.Start;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a sampler draws from the model it is given. */
@DisplayName("A sampler")
public abstract class SamplerContract extends Contract {

  private static final int STEPS = 40;
  private static final int COUNT = 20_000;

  /**
   * From a time at which there is as much noise as signal left, so that the last step, to the data,
   * still has much to draw.
   */
  private static final Grid GRID = grid();

  private static Grid grid() {
    double[] times = new double[STEPS];
    Arrays.setAll(times, i -> 0.4 + 0.6 * i / (STEPS - 1));
    times[STEPS - 1] = 1;
    return Grid.of(times);
  }

  /** What is tested. */
  protected abstract Sampler sampler();

  /** The model to draw from: one that the sampler can be used with. */
  protected KnownModel model() {
    return KnownModel.gaussian();
  }

  @Test
  @DisplayName("draws as many examples as it was asked for, into the manager it was given")
  void countAndShape() {
    try (NDManager owner = manager.newSubManager()) {
      for (long count : new long[] {1, 7}) {
        int before = owner.getManagedArrays().size();
        NDArray x =
            sampler().sample(owner, new Start.End(count), diffusion(), noise("few"), Progress.NONE);
        assertThat(x.getShape()).isEqualTo(new Shape(count).addAll(diffusion().element()));
        assertThat(x.getManager()).as("owner of the draws").isSameAs(owner);
        assertThat(owner.getManagedArrays()).as("arrays left in the manager").hasSize(before + 1);
      }
    }
  }

  @Test
  @DisplayName("draws the same for the same noise and something else for other noise")
  void followsItsNoise() {
    double[] first = doubles(draw(100, noise("draw")));
    double[] again = doubles(draw(100, noise("draw")));
    double[] other = doubles(draw(100, noise("other")));
    assertThat(Arrays.equals(first, again)).as("equal for the same noise").isTrue();
    assertThat(Arrays.equals(first, other)).as("equal for other noise").isFalse();
  }

  @Test
  @DisplayName("draws each example as it would among more, or fewer")
  void fewAreTheBeginningOfMany() {
    NDArray many = draw(100, noise("draw"));
    double[] all = doubles(many);
    int size = all.length / 100;
    assertAlike(
        "the first 7 of 100, drawn alone",
        many,
        doubles(draw(7, noise("draw"))),
        Arrays.copyOf(all, 7 * size));
    assertAlike(
        "examples 40 to 44 of 100, drawn alone",
        many,
        doubles(draw(5, noise("draw").from(40))),
        Arrays.copyOfRange(all, 40 * size, 45 * size));
  }

  @Test
  @DisplayName("begins where it is told to, and draws from the model from there")
  void beginsWhereItIsTold() {
    for (int index : new int[] {STEPS, STEPS / 2, 1}) {
      freed(
          () -> {
            double time = GRID.time(index);
            NDArray like = like(COUNT);
            Stage stage = diffusion().stage(like, index);
            NDArray data = model().draws(like, noise("data").at(index));
            NDArray x = diffusion().forward().marginal(data, stage).sample(noise("x").at(index));
            NDArray drawn =
                sampler()
                    .sample(
                        manager,
                        new Start.At(x, time),
                        diffusion(),
                        noise("draws").at(index),
                        Progress.NONE);
            assertModel("from time " + time, drawn);
            assertRemembers("from time " + time, x, drawn, data);
            drawn.close();
          });
    }
  }

  /** That the draws have at least as much to do with where they began as the data themselves. */
  private void assertRemembers(String what, NDArray x, NDArray drawn, NDArray data) {
    Sampled one = Sampled.single(diffusion().element().size());
    Draws[] ofDrawn = one.draws(standardised(x).mul(standardised(drawn)));
    Draws[] ofData = one.draws(standardised(x).mul(standardised(data)));
    for (int i = 0; i < ofDrawn.length; i++) {
      double chance =
          Math.hypot(ofDrawn[i].tolerance(ofDrawn.length), ofData[i].tolerance(ofDrawn.length));
      assertThat(ofDrawn[i].mean())
          .as("correlation of number %d with where it began, %s", i, what)
          .isGreaterThan(ofData[i].mean() - chance - 0.03);
    }
  }

  private static NDArray standardised(NDArray x) {
    NDArray centred = x.sub(x.mean(new int[] {0}, true));
    return centred.div(centred.square().mean(new int[] {0}, true).sqrt());
  }

  @Test
  @DisplayName("draws from the model, when it begins at the end of the diffusion")
  void drawsFromTheModel() {
    freed(() -> assertModel("from the end", draw(COUNT, noise("draws"))));
  }

  private void assertModel(String what, NDArray x) {
    NDArray expected = model().draws(like(COUNT), noise("exact " + what));
    Sampled one = Sampled.single(diffusion().element().size());
    assertAgree("mean, " + what, one.draws(x), one.draws(expected));
    assertAgree("square, " + what, one.draws(x.square()), one.draws(expected.square()));
    Draws[] drawn = one.draws(x);
    Draws[] exact = one.draws(expected);
    for (int i = 0; i < drawn.length; i++) {
      drawn[i].assertLike("number " + i + ", " + what, exact[i], drawn.length);
    }
  }

  private static void assertAgree(String what, Draws[] actual, Draws[] expected) {
    int comparisons = 3 * actual.length;
    for (int i = 0; i < actual.length; i++) {
      double chance =
          Math.hypot(actual[i].tolerance(comparisons), expected[i].tolerance(comparisons));
      // A sampler that solves an equation in this many steps is a little off, and may be; so is
      // one that begins with noise where a little signal is left.
      double discretisation = 0.02 * (1 + Math.abs(expected[i].mean()));
      assertThat(actual[i].mean())
          .as("%s of number %d, over %d draws", what, i, COUNT)
          .isCloseTo(expected[i].mean(), within(chance + discretisation));
    }
  }

  @Test
  @DisplayName("draws examples that have nothing to do with each other")
  void examplesAreIndependent() {
    double[] x = doubles(draw(COUNT, noise("pairs")));
    int size = x.length / COUNT;
    double[] products = new double[COUNT / 2];
    Draws single = Sampled.single(size).draws(manager.create(x, new Shape(COUNT, size)))[0];
    for (int i = 0; i < products.length; i++) {
      products[i] = (x[2 * i * size] - single.mean()) * (x[(2 * i + 1) * size] - single.mean());
    }
    new Draws(products).assertExpectation("covariance of neighbours", 0, 1, 1e-3);
  }

  @Test
  @DisplayName("says how far it is, and shows the states it goes through, down to the draws")
  void tellsItsProgress() {
    List<Double> reports = new ArrayList<>();
    List<Double> times = new ArrayList<>();
    List<double[]> states = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void report(double done) {
            reports.add(done);
          }

          @Override
          public void state(NDArray x, double time) {
            times.add(time);
            states.add(doubles(x));
          }
        };
    NDArray drawn =
        sampler().sample(manager, new Start.End(5), diffusion(), noise("draw"), progress);
    assertThat(reports).as("reports").isSorted().allMatch(done -> done >= 0 && done <= 1);
    if (!reports.isEmpty()) {
      assertThat(reports.get(reports.size() - 1)).as("last report").isCloseTo(1, within(1e-9));
    }
    if (!times.isEmpty()) {
      assertThat(times).as("times of the states").isSortedAccordingTo((s, t) -> t.compareTo(s));
      assertThat(times.get(times.size() - 1)).as("time of the last state").isZero();
      assertThat(states.get(states.size() - 1)).as("last state").isEqualTo(doubles(drawn));
    }
  }

  private NDArray draw(long count, Noise noise) {
    return sampler().sample(manager, new Start.End(count), diffusion(), noise, Progress.NONE);
  }

  private NDArray like(long count) {
    return manager.zeros(new Shape(count).addAll(diffusion().element()), DataType.FLOAT32);
  }

  private Diffusion diffusion() {
    return model().diffusion(GRID, 0);
  }
}
