package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a loss is what training can follow: with a gradient, and on average one number. */
@DisplayName("An objective")
public abstract class ObjectiveContract extends Contract {

  static final Grid GRID = Grid.even(5);

  /** Losses of large batches, of which the mean is compared; each is an average already. */
  private static final int LARGE = 30;

  private static final int COPIES = 100;
  private static final int SINGLE = 400;

  /** What is tested. */
  protected abstract Objective objective();

  /** The models to try it on: those whose kernels it can be used with. */
  protected List<KnownModel> models() {
    return List.of(KnownModel.gaussian());
  }

  @Test
  @DisplayName("is a finite number for each example")
  void isFinitePerExample() {
    for (KnownModel model : models()) {
      NDArray data = model.data(manager);
      NDArray loss = objective().loss(data, model.diffusion(GRID, 0.2), noise("loss"));
      assertThat(loss.getShape())
          .as("shape of the loss")
          .isEqualTo(new Shape(data.getShape().get(0)));
      assertThat(numbers(loss)).as("loss on the %s", model).allMatch(Double::isFinite, "finite");
    }
  }

  @Test
  @DisplayName("is the same for the same noise and another for other noise")
  void followsItsNoise() {
    for (KnownModel model : models()) {
      Diffusion diffusion = model.diffusion(GRID, 0.2);
      NDArray data = model.data(manager).repeat(0, 50);
      double[] first = doubles(objective().loss(data, diffusion, noise("loss")));
      double[] again = doubles(objective().loss(data, diffusion, noise("loss")));
      double[] other = doubles(objective().loss(data, diffusion, noise("other")));
      assertThat(again).as("loss on the %s, same noise", model).isEqualTo(first);
      assertThat(other).as("loss on the %s, other noise", model).isNotEqualTo(first);
    }
  }

  @Test
  @DisplayName("is each example's own, whatever the rest of the batch")
  void examplesAreIndependent() {
    for (KnownModel model : models()) {
      Diffusion diffusion = model.diffusion(GRID, 0.2);
      NDArray data = model.data(manager).repeat(0, 4);
      double[] together = doubles(objective().loss(data, diffusion, noise("loss")));
      for (int i = 0; i < together.length; i++) {
        NDArray alone = data.get(i + ":" + (i + 1));
        assertAlike(
            "loss of example %d on the %s, alone".formatted(i, model),
            data,
            doubles(objective().loss(alone, diffusion, noise("loss").from(i))),
            new double[] {together[i]});
      }
    }
  }

  @Test
  @DisplayName("sends a gradient to the network")
  void gradientReachesTheNetwork() {
    for (KnownModel model : models()) {
      NDArray answer = manager.create(0.2);
      answer.setRequiresGradient(true);
      NDArray data = model.data(manager);
      int outputs = model.diffusion(GRID, 0).reverse().outputs();
      Diffusion diffusion =
          model.diffusion(
              GRID,
              (x, time, condition) -> x.expandDims(1).zerosLike().repeat(1, outputs).add(answer));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, objective().loss(data, diffusion, noise("loss")).sum());
      }
      assertThat(doubles(answer.getGradient())[0])
          .as("gradient in the network's answer, on the %s", model)
          .isFinite()
          .isNotZero();
    }
  }

  @Test
  @DisplayName("has the same expectation for one example as for a batch of it")
  void batchesAgree() {
    for (KnownModel model : models()) {
      Diffusion diffusion = model.diffusion(GRID, 0.2);
      NDArray data = model.data(manager).get("0:1");
      Draws together = inLargeBatches(data, diffusion);
      Draws alone =
          new Draws(
              IntStream.range(0, SINGLE)
                  .mapToDouble(i -> value(data, diffusion, noise("single " + i)))
                  .toArray());
      assertThat(together.mean())
          .as("mean loss on the %s, in a batch of 100, compared with alone", model)
          .isCloseTo(
              alone.mean(),
              within(together.toleranceOfAverages() + alone.toleranceOfAverages() + 1e-9));
    }
  }

  @Test
  @DisplayName("asks an example about all times, as often as a batch of it")
  void timesAreCovered() {
    int parts = GRID.steps();
    for (KnownModel model : models()) {
      NDArray data = model.data(manager).get("0:1");
      double[] together = new double[parts];
      double[] alone = new double[parts];
      Diffusion ofBatch = listening(model, together);
      Diffusion ofOne = listening(model, alone);
      objective().loss(data.repeat(0, SINGLE), ofBatch, noise("batch"));
      for (int i = 0; i < SINGLE; i++) {
        value(data, ofOne, noise("single " + i));
      }
      double ofAll = Arrays.stream(together).sum();
      for (int part = 0; part < parts; part++) {
        // Of 400 draws a share is right to 0.025, and never 5.5 times that off.
        assertThat(alone[part] / Arrays.stream(alone).sum())
            .as("share of times in part %d of %d, on the %s", part + 1, parts, model)
            .isCloseTo(together[part] / ofAll, within(0.14));
      }
    }
  }

  /** Counts in which part of [0, 1] the network is asked. */
  private static Diffusion listening(KnownModel model, double... counts) {
    Diffusion plain = model.diffusion(GRID, 0.2);
    int outputs = plain.reverse().outputs();
    return model.diffusion(
        GRID,
        (x, time, condition) -> {
          for (double t : doubles(time)) {
            counts[Math.min(counts.length - 1, (int) Math.floor(t * counts.length - 1e-6))]++;
          }
          return x.expandDims(1).zerosLike().repeat(1, outputs).add(0.2);
        });
  }

  /** Losses of batches in which every example stands many times. */
  final Draws inLargeBatches(NDArray data, Diffusion diffusion) {
    NDArray batch = data.repeat(0, COPIES);
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < LARGE; i++) {
      losses.add(value(batch, diffusion, noise("batch " + i)));
    }
    return new Draws(losses.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private double value(NDArray data, Diffusion diffusion, Noise noise) {
    try (NDScope scope = new NDScope()) {
      return doubles(objective().loss(data, diffusion, noise).mean())[0];
    }
  }
}
