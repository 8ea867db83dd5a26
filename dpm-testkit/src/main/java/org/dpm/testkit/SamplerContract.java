package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Sampler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a sampler draws from the model it is given. */
@DisplayName("A sampler")
public abstract class SamplerContract extends Contract {

  private static final int STEPS = 30;
  private static final int COUNT = 20_000;

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
        NDArray x = sampler().sample(owner, count, diffusion(), noise("few"));
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
  @DisplayName("draws from the model: as stepping back through it does")
  void agreesWithAncestralSampling() {
    Sampled one = new Sampled(1);
    NDArray x = draw(COUNT, noise("draws"));
    NDArray expected = diffusion().sample(manager, COUNT, noise("ancestral"));
    assertAgree("mean", one.draws(x), one.draws(expected));
    assertAgree("square", one.draws(x.square()), one.draws(expected.square()));
    Draws[] drawn = one.draws(x);
    Draws[] ancestral = one.draws(expected);
    for (int i = 0; i < drawn.length; i++) {
      drawn[i].assertLike("number " + i, ancestral[i], 3 * drawn.length);
    }
  }

  private static void assertAgree(String what, Draws[] actual, Draws[] expected) {
    int comparisons = 3 * actual.length;
    for (int i = 0; i < actual.length; i++) {
      double chance =
          Math.hypot(actual[i].tolerance(comparisons), expected[i].tolerance(comparisons));
      // A sampler that solves an equation in this many steps is a little off, and may be.
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
    Draws single = new Sampled(1).draws(manager.create(x, new Shape(COUNT, size)))[0];
    for (int i = 0; i < products.length; i++) {
      products[i] = (x[2 * i * size] - single.mean()) * (x[(2 * i + 1) * size] - single.mean());
    }
    new Draws(products).assertExpectation("covariance of neighbours", 0, 1, 1e-3);
  }

  private NDArray draw(long count, Noise noise) {
    return sampler().sample(manager, count, diffusion(), noise);
  }

  private Diffusion diffusion() {
    int outputs = model().diffusion(STEPS, (x, time) -> x).reverse().outputs();
    return model().diffusion(STEPS, (x, time) -> x.expandDims(1).zerosLike().repeat(1, outputs));
  }
}
