package org.dpm.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dpm.api.Diffusion;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.TrainingSettings;
import org.jspecify.annotations.Nullable;

/**
 * The updates of {@link Trainer}, with clocks that are read between their parts. Data are read
 * ahead as there: what is told is how long the update waits for them. Replicas have a clock each:
 * of what they do side by side the mean is told. Operations on the CPU end before the next begins,
 * so that a clock need not wait; on other devices each part ends with waiting for its result.
 */
final class MeasuredTraining implements AutoCloseable {

  private enum Phase {
    WAITING("waiting for data"),
    PROCESS("noise, kernels, loss"),
    NETWORK("network forward"),
    BACKWARD("backward"),
    OTHERS("waiting for the slowest"),
    OPTIMISER("optimiser");

    private final String title;

    Phase(String title) {
      this.title = title;
    }
  }

  private final TrainingSettings settings;
  private final Updates updates;
  private final UpdateClock whole;
  private final List<ReplicaClock> clocks = new ArrayList<>();
  private final float[] rates;
  private long counted;

  MeasuredTraining(Model model, Examples examples) {
    settings = model.pipeline().training();
    whole = new UpdateClock(model);
    updates = new Updates(model, examples, whole, this::clock);
    rates = new float[model.weights().arrays().size()];
    Arrays.fill(rates, (float) settings.optimizer().rate());
  }

  private ReplicaClock clock(Model replica) {
    ReplicaClock clock = new ReplicaClock(replica);
    clocks.add(clock);
    return clock;
  }

  /** One update; returns the number of examples in it. */
  double update() {
    updates.next(rates, 0.01);
    counted++;
    return settings.batch();
  }

  /** Adds up what passed between its readings. */
  private static class Clock {

    final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
    private long last = System.nanoTime();

    final void restart() {
      last = System.nanoTime();
    }

    final void passed(Phase phase) {
      long now = System.nanoTime();
      nanos.merge(phase, now - last, Long::sum);
      last = now;
    }

    final void passed(Phase phase, NDArray result) {
      if (!result.getDevice().equals(Device.cpu())) {
        result.stopGradient().flatten().get("0").getFloat();
      }
      passed(phase);
    }
  }

  /** Read by the thread that trains. */
  private static final class UpdateClock extends Clock implements Updates.Watch {

    private final Model model;

    UpdateClock(Model model) {
      this.model = model;
    }

    @Override
    public void updateBegins() {
      restart();
    }

    @Override
    public void batchIsRead() {
      passed(Phase.WAITING);
    }

    @Override
    public void gradientIsKnown() {
      passed(Phase.OTHERS);
    }

    @Override
    public void weightsHaveMoved() {
      passed(Phase.OPTIMISER, model.weights().arrays().get(0));
    }
  }

  /** Read by the replica's thread alone. */
  private static final class ReplicaClock extends Clock implements BatchGradient.Watch {

    private final Model replica;
    private final Diffusion diffusion;

    ReplicaClock(Model replica) {
      this.replica = replica;
      diffusion =
          new Diffusion(
              replica.layout().element(),
              replica.pipeline().trajectory(),
              replica.pipeline().lastStep(),
              replica.parts().schedule(),
              replica.parts().forward(),
              replica.parts().reverse(),
              this::network);
    }

    @Override
    public Diffusion diffusion() {
      return diffusion;
    }

    private NDArray network(NDArray x, NDArray time, @Nullable NDArray condition) {
      passed(Phase.PROCESS, x);
      NDArray answer = replica.network(true).of(x, time, condition);
      passed(Phase.NETWORK, answer);
      return answer;
    }

    @Override
    public void partBegins() {
      restart();
    }

    @Override
    public void lossIsKnown(NDArray loss) {
      passed(Phase.PROCESS, loss);
    }

    @Override
    public void gradientIsKnown() {
      passed(Phase.BACKWARD, replica.weights().arrays().get(0).getGradient());
    }
  }

  /** Counts from here on: what was before was warming up. */
  void forget() {
    whole.nanos.clear();
    clocks.forEach(clock -> clock.nanos.clear());
    counted = 0;
  }

  long updates() {
    return counted;
  }

  List<Benchmark.Part> parts() {
    Map<Phase, Double> times = new EnumMap<>(Phase.class);
    whole.nanos.forEach((phase, time) -> times.merge(phase, (double) time, Double::sum));
    for (ReplicaClock clock : clocks) {
      clock.nanos.forEach(
          (phase, time) -> {
            double share = (double) time / clocks.size();
            times.merge(phase, share, Double::sum);
            times.merge(Phase.OTHERS, -share, Double::sum);
          });
    }
    double all = times.values().stream().mapToDouble(Double::doubleValue).sum();
    return Stream.of(Phase.values())
        .map(
            phase -> {
              double time = times.getOrDefault(phase, 0.0);
              return new Benchmark.Part(phase.title, time / counted / 1e6, time / all);
            })
        .toList();
  }

  @Override
  public void close() {
    updates.close();
  }
}
