package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.BoundEstimate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Replicas of a model")
class ReplicasTest {

  /** With parameters of a schedule beside those of the network. */
  private static final String ROLL =
      """
      data: { kind: swiss-roll, count: 100, heldOut: 1200 }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: learned }
      network: { kind: mlp, width: 8, depth: 1 }
      objective: { kind: variational-bound }
      training: { updates: 1, batch: 12, microBatch: 2, replicas: %d }
      """;

  private static final Noise NOISE = Noise.of(1, "gradient");

  private interface Use<R> {
    R of(Model model);
  }

  private static <R> R with(int replicas, Use<R> use) {
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline =
          new PipelineReader(registry).read("roll.yaml", ROLL.formatted(replicas), List.of());
      Examples examples = new Examples(Wiring.dataSource(registry, pipeline));
      try (Model model = Model.create(registry, pipeline, examples.describe(1))) {
        return use.of(model);
      }
    }
  }

  /** The weights after some updates from batches of noise. */
  private static float[] learned(int replicas) {
    return with(
        replicas,
        model -> {
          BatchGradient gradient = new BatchGradient(model);
          try (FlatAdam adam =
              new FlatAdam(
                  model.pipeline().training().optimizer(), model.manager(), gradient.weights())) {
            for (int update = 0; update < 3; update++) {
              float[] rows = new float[24];
              Noise noise = NOISE.child("rows").at(update);
              for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) noise.gaussian();
              }
              gradient.of(rows, NOISE.child("update").at(update));
              adam.update(new float[] {0.01f, 0.01f}, 1);
            }
          }
          return flat(model);
        });
  }

  private static float[] flat(Model model) {
    NDArray network = model.weights().arrays().get(0);
    NDArray schedule = model.weights().arrays().get(1);
    return network.concat(schedule).toFloatArray();
  }

  @Test
  @DisplayName("learn together what one model learns alone")
  void learnTogether() {
    float[] alone = learned(1);
    assertThat(alone).isNotEqualTo(with(1, ReplicasTest::flat));
    for (int replicas : new int[] {2, 3}) {
      // The same parts of a batch, added up in another order: Adam's first steps divide small
      // gradients by themselves, so that a rounding in one of them is seen at a hundredth of a
      // step.
      assertThat(learned(replicas)).containsExactly(alone, within(1e-4f));
    }
  }

  @Test
  @DisplayName("have the same weights, and gradients of their own")
  void shareWeights() {
    with(
        2,
        model -> {
          List<Model> replicas = model.replicas().models();
          model.weights().arrays().get(0).muli(2);
          assertThat(flat(replicas.get(0))).isEqualTo(flat(model));
          assertThat(flat(replicas.get(1))).isEqualTo(flat(model));
          BatchGradient gradient = new BatchGradient(model);
          gradient.of(new float[] {1, 2, 3, 4}, NOISE);
          List<float[]> gradients = new ArrayList<>();
          gradient.weights().forEach(w -> gradients.add(w.get(0).getGradient().toFloatArray()));
          assertThat(gradients.get(0)).isNotEqualTo(gradients.get(1));
          return model;
        });
  }

  @Test
  @DisplayName("estimate the same K, and draw the same samples")
  void sameNumbers() {
    List<float[]> numbers = new ArrayList<>();
    for (int replicas : new int[] {1, 2}) {
      numbers.add(
          with(
              replicas,
              model -> {
                try (NDManager own = model.manager().newSubManager()) {
                  NDArray data = model.sample(own, 1200, 3);
                  double[] nats =
                      BoundEstimate.nats(
                          model.diffusion(),
                          model.layout().toModel(own, data.toFloatArray()),
                          3,
                          NOISE);
                  float[] both = new float[nats.length + 2400];
                  IntStream.range(0, nats.length).forEach(i -> both[i] = (float) nats[i]);
                  System.arraycopy(data.toFloatArray(), 0, both, nats.length, 2400);
                  return both;
                }
              }));
    }
    assertThat(numbers.get(1)).containsExactly(numbers.get(0), within(1e-3f));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("dpm-replica"))
        .collect(Collectors.toSet());
  }

  @Test
  @DisplayName("divide what the network is asked among them, unless it is recorded")
  void divide() {
    with(
        3,
        model -> {
          Set<Thread> others = threads();
          try (NDManager own = model.manager().newSubManager()) {
            NDArray x = own.arange(14f).reshape(7, 2).div(14);
            NDArray time = own.arange(7f).div(7);
            NDArray recorded;
            try (GradientMode on = GradientMode.on()) {
              recorded = model.network(false).of(x, time, null);
            }
            assertThat(threads()).isSubsetOf(others);
            try (GradientMode off = GradientMode.off()) {
              NDArray divided = model.network(false).of(x, time, null);
              assertThat(threads().stream().filter(t -> !others.contains(t))).hasSize(3);
              assertThat(divided.getShape()).isEqualTo(recorded.getShape());
              assertThat(divided.toFloatArray())
                  .containsExactly(recorded.toFloatArray(), within(1e-5f));
            }
            return model;
          }
        });
  }

  @Test
  @DisplayName("do each piece once, in threads of their own, and tell what came of it in order")
  void order() {
    with(
        3,
        model -> {
          Set<Thread> threads = ConcurrentHashMap.newKeySet();
          List<Integer> squares =
              model
                  .replicas()
                  .each(
                      8,
                      (i, replica) -> {
                        threads.add(Thread.currentThread());
                        return i * i;
                      });
          assertThat(squares).containsExactly(0, 1, 4, 9, 16, 25, 36, 49);
          assertThat(threads).hasSize(3).doesNotContain(Thread.currentThread());
          return model;
        });
  }

  @Test
  @DisplayName("pass on what went wrong in a thread")
  void failure() {
    with(
        2,
        model -> {
          assertThatThrownBy(
                  () ->
                      model
                          .replicas()
                          .each(
                              4,
                              (i, replica) -> {
                                if (i == 3) {
                                  throw new IllegalStateException("piece 3");
                                }
                                return i;
                              }))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("piece 3");
          return model;
        });
  }
}
