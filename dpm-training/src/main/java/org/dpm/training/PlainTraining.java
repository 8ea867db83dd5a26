package org.dpm.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import org.dpm.api.Diffusion;
import org.dpm.api.InvalidInput;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.TrainingSettings;

/**
 * What our updates are compared with: the paper's image network in DJL's own layers, trained by
 * DJL's trainer with its Adam, on the same batches and the same loss.
 */
final class PlainTraining implements AutoCloseable {

  private final Model model;
  private final TrainingSettings settings;
  private final ai.djl.Model plain;
  private final ai.djl.training.Trainer trainer;
  private final Diffusion diffusion;
  private final Batches batches;
  private long update;

  /**
   * @param model whose parts and data are used, and whose weights are not
   */
  PlainTraining(Model model, Examples examples) {
    this.model = model;
    settings = model.pipeline().training();
    Device device = model.manager().getDevice();
    plain = ai.djl.Model.newInstance("plain", device, Engine.getInstance().getEngineName());
    plain.setBlock(network(model));
    Adam adam =
        Adam.builder()
            .optLearningRateTracker(Tracker.fixed((float) settings.optimizer().rate()))
            .build();
    trainer =
        plain.newTrainer(
            new DefaultTrainingConfig(Loss.l2Loss())
                .optOptimizer(adam)
                .optDevices(new Device[] {device}));
    Shape element = model.layout().element();
    trainer.initialize(new Shape(1).addAll(element), new Shape(1));
    batches = new Batches(examples, settings);
    diffusion =
        new Diffusion(
            element,
            model.pipeline().trajectory(),
            model.pipeline().lastStep(),
            model.parts().schedule(),
            model.parts().forward(),
            model.parts().reverse(),
            (x, time, condition) -> trainer.forward(new NDList(x, time)).singletonOrThrow());
  }

  private static PlainPaperNetwork network(Model model) {
    return new PlainPaperNetwork(model.layout().element(), model.parts().reverse().outputs());
  }

  /** The same network has the same number of weights. */
  static void requirePublishedSizes(Model model) {
    Shape element = model.layout().element();
    if (element.dimension() != 3) {
      throw new InvalidInput(
          "--plain compares with the paper's image network, but these data have the shape %s. Use it with fashion-mnist-paper."
              .formatted(element));
    }
    long expected = PlainPaperNetwork.weights(element, model.parts().reverse().outputs());
    long schedule =
        model.parts().schedule().parameters().stream().mapToLong(p -> p.getShape().size()).sum();
    long ours = model.parameters() - schedule;
    if (ours != expected) {
      throw new InvalidInput(
          "--plain compares with the paper's image network at the published sizes, which has %,d weights for images of shape %s, but this pipeline's network has %,d: it is another. Use it with fashion-mnist-paper."
              .formatted(expected, element, ours));
    }
  }

  /** One update; returns the number of examples in it. */
  double update() {
    try (NDManager own = trainer.getManager().newSubManager()) {
      NDArray data = model.layout().toModel(own, model.layout().modelled(batches.rows(update)));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray loss =
            model.parts().objective().loss(data, diffusion, batches.noise(update)).mean();
        collector.backward(loss);
      }
      trainer.step();
    }
    update++;
    return settings.batch();
  }

  @Override
  public void close() {
    trainer.close();
    plain.close();
  }
}
