package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Parts;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.engine.Devices;
import org.dpm.engine.GradientMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Of the bound in every parameter: through the loss, both kernels, the schedule and the network.
 */
@DisplayName("The gradient of a whole training step")
class StepGradientTest {

  private static final String PIPELINE =
      """
      data: { kind: swiss-roll }
      steps: 5
      kernel: { kind: gaussian }
      reverse: { kind: gaussian, mean: paper, variance: learned }
      schedule: { kind: learned, firstBeta: 0.1, initialLast: 0.1 }
      network: %s
      objective: { kind: variational-bound }
      training: { updates: 1 }
      """;

  private static final String SMALL_PAPER_NETWORK =
      """
      { kind: multiscale-conv, channels: 3, layers: 2, denseLayers: 1, denseWidth: 3, \
      denseChannels: 1, pixelLayers: 1, pixelWidth: 3, bumps: 3 }""";

  private static final Shape IMAGE = new Shape(1, 4, 4);
  private static final int EXAMPLES = 6;

  /** Numbers of each parameter that are tried. */
  private static final int TRIED = 12;

  private static final double STEP = 1e-4;

  /** A network that is added here is checked. */
  @ParameterizedTest(name = "is what finite differences say, with {0}")
  @ValueSource(
      strings = {
        "{ kind: mlp, width: 4, depth: 2 }",
        "{ kind: rbf, units: 3 }",
        "{ kind: unet, channels: [3, 4], blocks: 1, frequencies: 2, headChannels: 3 }",
        SMALL_PAPER_NETWORK
      })
  void isRight(String network) {
    // h^2 f''' / 6 and rounding over h: together about this, where derivatives are near one.
    assertThat(error(network, answer -> answer)).isLessThan(1e-5);
  }

  @Test
  @DisplayName("is not what finite differences say where a part of it is lost")
  void isWrong() {
    UnaryOperator<NDArray> halfOfIt = answer -> answer.add(answer.stopGradient()).mul(0.5);
    assertThat(error(SMALL_PAPER_NETWORK, halfOfIt)).isGreaterThan(0.1);
  }

  /** The largest error of the gradient, relative to one more than its size. */
  private static double error(String network, UnaryOperator<NDArray> afterNetwork) {
    Devices.engine();
    try (Registry registry = Registry.load(Optional.empty());
        NDManager manager = NDManager.newBaseManager();
        GradientMode on = GradientMode.on()) {
      Pipeline pipeline =
          new PipelineReader(registry).read("tiny.yaml", PIPELINE.formatted(network), List.of());
      Parts parts = Wiring.parts(registry, pipeline, described());
      Step step = new Step(manager, pipeline, parts, afterNetwork);
      return step.error();
    }
  }

  private static DataDescription described() {
    int size = Math.toIntExact(IMAGE.size());
    List<Double> zeros = Collections.nCopies(size, 0.0);
    List<Double> ones = Collections.nCopies(size, 1.0);
    return new DataDescription(
        Variables.of(Variable.array("image", IMAGE, new Space.Real(0))),
        zeros,
        ones,
        zeros,
        ones,
        Map.of(),
        -3,
        3);
  }

  /** A step in double precision, with every parameter moved away from where it begins. */
  private static final class Step {

    private final NDManager manager;
    private final Parts parts;
    private final Diffusion diffusion;
    private final NDArray data;
    private final List<Parameter> parameters = new ArrayList<>();

    Step(NDManager manager, Pipeline pipeline, Parts parts, UnaryOperator<NDArray> afterNetwork) {
      this.manager = manager;
      this.parts = parts;
      Engine.getInstance().setRandomSeed(3);
      Block block = parts.network().block(new Signature(IMAGE, parts.reverse().outputs()));
      block.initialize(manager, DataType.FLOAT64, new Shape(1).addAll(IMAGE), new Shape(1));
      parameters.addAll(block.getParameters().values());
      for (Parameter parameter : parts.schedule().parameters()) {
        parameter.initialize(manager, DataType.FLOAT64);
        parameters.add(parameter);
      }
      Noise noise = Noise.of(3, "parameters");
      for (Parameter parameter : parameters) {
        NDArray value = parameter.getArray();
        value.setRequiresGradient(false);
        value.addi(noise.gaussian(value).mul(0.1));
        value.setRequiresGradient(true);
      }
      data =
          Noise.of(3, "data")
              .gaussian(manager.zeros(new Shape(EXAMPLES).addAll(IMAGE), DataType.FLOAT64));
      ParameterStore store = new ParameterStore(manager, false);
      diffusion =
          new Diffusion(
              IMAGE,
              pipeline.trajectory(),
              pipeline.lastStep(),
              parts.schedule(),
              parts.forward(),
              parts.reverse(),
              (x, time, condition) ->
                  afterNetwork.apply(
                      block.forward(store, new NDList(x, time), true).singletonOrThrow()));
    }

    private NDArray loss() {
      return parts.objective().loss(data, diffusion, Noise.of(3, "step")).mean();
    }

    double error() {
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(loss());
      }
      double worst = 0;
      for (Parameter parameter : parameters) {
        double[] gradient = parameter.getArray().getGradient().toDoubleArray();
        int stride = Math.max(1, gradient.length / TRIED);
        for (int i = 0; i < gradient.length; i += stride) {
          double slope = slope(parameter.getArray(), i);
          worst = Math.max(worst, Math.abs(gradient[i] - slope) / (1 + Math.abs(slope)));
        }
      }
      return worst;
    }

    private double slope(NDArray value, int index) {
      double[] values = value.stopGradient().toDoubleArray();
      double middle = values[index];
      double slope = 0;
      for (int sign : new int[] {1, -1}) {
        values[index] = middle + sign * STEP;
        set(value, values);
        slope += sign * loss().toDoubleArray()[0] / (2 * STEP);
      }
      values[index] = middle;
      set(value, values);
      return slope;
    }

    private void set(NDArray value, double[] values) {
      try (GradientMode off = GradientMode.off()) {
        value.set(new NDIndex("..."), manager.create(values, value.getShape()));
      }
    }
  }
}
