package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a loss is what training can follow: a scalar with a gradient, and on average one number. */
@DisplayName("An objective")
public abstract class ObjectiveContract extends Contract {

  static final int STEPS = 5;

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
  @DisplayName("is a single finite number")
  void isFiniteScalar() {
    for (KnownModel model : models()) {
      NDArray loss = objective().loss(model.data(manager), diffusion(model, 0.2), noise("loss"));
      assertThat(loss.getShape()).as("shape of the loss").isEqualTo(new Shape());
      assertThat(doubles(loss)[0]).as("loss on the %s", model).isFinite();
    }
  }

  @Test
  @DisplayName("is the same for the same noise and another for other noise")
  void followsItsNoise() {
    for (KnownModel model : models()) {
      Diffusion diffusion = diffusion(model, 0.2);
      NDArray data = model.data(manager).repeat(0, 50);
      double first = doubles(objective().loss(data, diffusion, noise("loss")))[0];
      double again = doubles(objective().loss(data, diffusion, noise("loss")))[0];
      double other = doubles(objective().loss(data, diffusion, noise("other")))[0];
      assertThat(again).as("loss on the %s, same noise", model).isEqualTo(first);
      assertThat(other).as("loss on the %s, other noise", model).isNotEqualTo(first);
    }
  }

  @Test
  @DisplayName("sends a gradient to the network")
  void gradientReachesTheNetwork() {
    for (KnownModel model : models()) {
      NDArray answer = manager.create(0.2);
      answer.setRequiresGradient(true);
      NDArray data = model.data(manager);
      BinaryOperator<NDArray> network = (x, time) -> blank(x, outputs(model)).add(answer);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(
            collector, objective().loss(data, model.diffusion(STEPS, network), noise("loss")));
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
      Diffusion diffusion = diffusion(model, 0.2);
      NDArray data = model.data(manager).get("0:1");
      Draws together = inLargeBatches(data, diffusion);
      Draws alone =
          new Draws(
              LongStream.range(0, SINGLE)
                  .mapToDouble(i -> value(data, diffusion, noise("single").child("repeat", i)))
                  .toArray());
      assertThat(together.mean())
          .as("mean loss on the %s, in a batch of 100, compared with alone", model)
          .isCloseTo(
              alone.mean(),
              within(together.toleranceOfAverages() + alone.toleranceOfAverages() + 1e-9));
    }
  }

  /** Losses of batches in which every example stands many times. */
  final Draws inLargeBatches(NDArray data, Diffusion diffusion) {
    NDArray batch = data.repeat(0, COPIES);
    return new Draws(
        LongStream.range(0, LARGE)
            .mapToDouble(i -> value(batch, diffusion, noise("batch").child("repeat", i)))
            .toArray());
  }

  private double value(NDArray data, Diffusion diffusion, Noise noise) {
    try (NDScope scope = new NDScope()) {
      return doubles(objective().loss(data, diffusion, noise))[0];
    }
  }

  /** The model with a network that gives one answer to everything; zero for the exact model. */
  static Diffusion diffusion(KnownModel model, double answer) {
    return model.diffusion(STEPS, (x, time) -> blank(x, outputs(model)).add(answer));
  }

  private static int outputs(KnownModel model) {
    return model.diffusion(2, (x, time) -> x).reverse().outputs();
  }

  private static NDArray blank(NDArray x, int outputs) {
    return x.expandDims(1).zerosLike().repeat(1, outputs);
  }
}
