package org.dpm.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.core.Model;
import org.dpm.core.TrainingSettings;

/**
 * The updates of {@link Trainer}, with a clock that is read between their parts. Data are read
 * ahead as there: what is told is how long the update waits for them. Operations on the CPU end
 * before the next begins, so that the clock need not wait; on other devices each part ends with
 * waiting for its result.
 */
final class MeasuredTraining implements AutoCloseable {

  private enum Phase {
    WAITING("waiting for data"),
    PROCESS("noise, kernels, loss"),
    NETWORK("network forward"),
    BACKWARD("backward"),
    OPTIMISER("optimiser");

    private final String title;

    Phase(String title) {
      this.title = title;
    }
  }

  private final Model model;
  private final Examples examples;
  private final TrainingSettings settings;
  private final BatchGradient gradient;
  private final NDManager manager;
  private final FlatAdam optimizer;
  private final BatchOrder order;
  private final ReadAhead batches;
  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private long update;
  private long counted;
  private long last;

  MeasuredTraining(Model model, Examples examples) {
    this.model = model;
    this.examples = examples;
    settings = model.pipeline().training();
    manager = model.manager().newSubManager();
    optimizer = new FlatAdam(settings.optimizer(), manager, model.weights().arrays());
    order = new BatchOrder(settings.seed(), examples.source().count(Split.TRAINING));
    Diffusion diffusion =
        new Diffusion(
            examples.source().element(),
            model.pipeline().steps(),
            model.pipeline().lastStep(),
            model.parts().schedule(),
            model.parts().forward(),
            model.parts().reverse(),
            this::network);
    gradient = new BatchGradient(model, diffusion, new Clock());
    batches = new ReadAhead(this::read, 0);
  }

  /** Called by the thread that reads ahead. */
  private float[] read(long update) {
    int[] indices = order.batch(update, settings.batch());
    float[] rows = examples.rows(Split.TRAINING, indices, noise(update).child("reading", 0));
    model.scaling().scale(rows);
    return rows;
  }

  private Noise noise(long update) {
    return Noise.of(settings.seed(), "training", update);
  }

  /** One update; returns the number of examples in it. */
  double update() {
    last = System.nanoTime();
    Noise noise = noise(update);
    try (NDScope scope = new NDScope()) {
      NDArray data = model.scaling().batch(model.manager(), batches.next());
      passed(Phase.WAITING, data);
      gradient.of(data, noise);
      float[] rates = new float[model.weights().arrays().size()];
      Arrays.fill(rates, (float) settings.optimizer().rate());
      optimizer.update(rates, 0.01);
      passed(Phase.OPTIMISER, model.weights().arrays().get(0));
    }
    update++;
    counted++;
    return settings.batch();
  }

  private final class Clock implements BatchGradient.Watch {

    @Override
    public void lossIsKnown(NDArray loss) {
      passed(Phase.PROCESS, loss);
    }

    @Override
    public void gradientIsKnown() {
      passed(Phase.BACKWARD, model.weights().arrays().get(0).getGradient());
    }
  }

  private NDArray network(NDArray x, NDArray time) {
    passed(Phase.PROCESS, x);
    NDArray answer = model.network(true).apply(x, time);
    passed(Phase.NETWORK, answer);
    return answer;
  }

  private void passed(Phase phase, NDArray result) {
    if (!result.getDevice().equals(Device.cpu())) {
      result.stopGradient().flatten().get("0").getFloat();
    }
    long now = System.nanoTime();
    nanos.merge(phase, now - last, Long::sum);
    last = now;
  }

  /** Counts from here on: what was before was warming up. */
  void forget() {
    nanos.clear();
    counted = 0;
  }

  long updates() {
    return counted;
  }

  List<Benchmark.Part> parts() {
    double all = nanos.values().stream().mapToLong(Long::longValue).sum();
    return Stream.of(Phase.values())
        .map(
            phase -> {
              double time = nanos.getOrDefault(phase, 0L);
              return new Benchmark.Part(phase.title, time / counted / 1e6, time / all);
            })
        .toList();
  }

  @Override
  public void close() {
    batches.close();
    optimizer.close();
    manager.close();
  }
}
