package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.engine.Devices;
import org.dpm.engine.GradientMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plain version of the paper's network")
class PlainPaperNetworkTest {

  private static final String PIPELINE =
      """
      data: { kind: swiss-roll }
      steps: 10
      kernel: { kind: gaussian }
      schedule: { kind: cosine }
      network: { kind: multiscale-conv }
      objective: { kind: variational-bound }
      training: { updates: 1 }
      """;

  private static final Shape IMAGE = new Shape(2, 4, 8);
  private static final int PIXELS = 32;
  private static final int OUTPUTS = 2;
  private static final int EXAMPLES = 3;

  @Test
  @DisplayName("has as many weights as it says, and as our own at its default sizes")
  void hasPublishedSizes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(count(ours(manager)))
          .isEqualTo(count(plain(manager)))
          .isEqualTo(PlainPaperNetwork.weights(IMAGE, OUTPUTS));
    }
  }

  @Test
  @DisplayName("computes what our own does with the same weights")
  void isTheSameFunction() {
    try (NDManager manager = NDManager.newBaseManager();
        GradientMode off = GradientMode.off()) {
      Block ours = ours(manager);
      Block plain = plain(manager);
      copy(ours, plain);
      NDArray like = manager.zeros(new Shape(EXAMPLES).addAll(IMAGE), DataType.FLOAT64);
      NDArray x = Noise.of(4, "points").gaussian(like);
      NDArray time = manager.create(new double[] {0.1, 0.5, 1});
      double[] expected = answer(manager, ours, x, time);
      assertThat(answer(manager, plain, x, time)).containsExactly(expected, within(1e-10));
      assertThat(expected[0]).isNotCloseTo(expected[1], within(1e-3));
    }
  }

  private static double[] answer(NDManager manager, Block block, NDArray x, NDArray time) {
    ParameterStore store = new ParameterStore(manager, false);
    return block.forward(store, new NDList(x, time), false).singletonOrThrow().toDoubleArray();
  }

  private static Block ours(NDManager manager) {
    Devices.engine();
    try (Registry registry = Registry.load(Optional.empty())) {
      var pipeline = new PipelineReader(registry).read("tiny.yaml", PIPELINE, List.of());
      List<Double> zeros = Collections.nCopies(Math.toIntExact(IMAGE.size()), 0.0);
      List<Double> ones = Collections.nCopies(Math.toIntExact(IMAGE.size()), 1.0);
      var variables = Variables.of(Variable.array("image", IMAGE, new Space.Real(0)));
      var data = new DataDescription(variables, zeros, ones, zeros, ones, Map.of(), -3, 3);
      Network network = Wiring.parts(registry, pipeline, data).network();
      return initialised(manager, network.block(new Signature(IMAGE, OUTPUTS)));
    }
  }

  private static Block plain(NDManager manager) {
    Devices.engine();
    return initialised(manager, new PlainPaperNetwork(IMAGE, OUTPUTS));
  }

  private static Block initialised(NDManager manager, Block block) {
    Engine.getInstance().setRandomSeed(3);
    block.initialize(manager, DataType.FLOAT64, new Shape(1).addAll(IMAGE), new Shape(1));
    return block;
  }

  private static long count(Block block) {
    return block.getParameters().values().stream().mapToLong(p -> p.getArray().size()).sum();
  }

  /**
   * Random weights for ours, and the same for the plain version, which has them in the same order
   * but lays some of them out in another way.
   */
  private static void copy(Block ours, Block plain) {
    Noise noise = Noise.of(3, "parameters");
    for (Parameter parameter : ours.getParameters().values()) {
      NDArray value = parameter.getArray();
      value.addi(noise.gaussian(value).mul(0.1));
    }
    Iterator<Pair<String, Parameter>> targets = plain.getParameters().iterator();
    for (String name : PLAIN_ORDER) {
      NDArray target = targets.next().getValue().getArray();
      NDArray laidOut = laidOut(name, named(ours, name));
      target.set(new NDIndex("..."), laidOut.reshape(target.getShape()));
    }
    assertThat(targets).isExhausted();
  }

  private static final List<String> PLAIN_ORDER = plainOrder();

  private static List<String> plainOrder() {
    List<String> names = new ArrayList<>();
    for (int layer = 1; layer <= 4; layer++) {
      names.add("layer%dscale1".formatted(layer));
      names.add("layer%dbias".formatted(layer));
      names.add("layer%dscale2".formatted(layer));
      names.add("layer%dscale3".formatted(layer));
    }
    for (int layer = 1; layer <= 4; layer++) {
      names.addAll(List.of("dense" + layer, "dense%dBias".formatted(layer)));
    }
    names.addAll(List.of("spread", "spreadBias"));
    for (int layer = 1; layer <= 2; layer++) {
      names.addAll(List.of("pixel" + layer, "pixel%dBias".formatted(layer)));
    }
    names.addAll(List.of("readout", "readoutBias"));
    return names;
  }

  private static NDArray named(Block ours, String name) {
    return ours.getParameters().get(name).getArray();
  }

  /** Where the dense path ends, ours goes pixel by pixel, theirs channel by channel. */
  private static NDArray laidOut(String name, NDArray value) {
    return name.startsWith("spread") ? value.reshape(PIXELS, 2, -1).transpose(1, 0, 2) : value;
  }
}
