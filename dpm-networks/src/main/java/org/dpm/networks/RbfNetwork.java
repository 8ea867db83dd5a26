package org.dpm.networks;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.dpm.api.Network;

/**
 * Normalised radial basis functions, shared by all steps, and a linear readout for each step: the
 * paper's network for the swiss roll. Sohl-Dickstein et al. 2015, appendix D.1.
 */
final class RbfNetwork implements Network {

  /**
   * @param units how many basis functions
   */
  record Settings(
      @JsonProperty(defaultValue = "16")
          @JsonPropertyDescription("number of radial basis functions")
          int units) {

    Settings {
      if (units < 1) {
        throw new IllegalArgumentException("units must be at least 1, but is " + units);
      }
    }
  }

  private final Settings settings;
  private final int steps;

  @Inject
  RbfNetwork(Settings settings, @Named("steps") int steps) {
    this.settings = settings;
    this.steps = steps;
  }

  @Override
  public boolean anyTime() {
    return false;
  }

  @Override
  public Block block(Shape element, int outputs) {
    return new RbfBlock(element, outputs, settings.units(), steps);
  }

  /** phi_k(x) = exp(-|x - c_k|^2 / (2 w_k^2)), divided by their sum, then the step's readout. */
  private static final class RbfBlock extends AbstractBlock {

    private final Shape element;
    private final int outputs;
    private final Parameter centres;
    private final Parameter logWidths;
    private final StepReadout readout;

    RbfBlock(Shape element, int outputs, int units, int steps) {
      this.element = element;
      this.outputs = outputs;
      long size = element.size();
      centres = addParameter(Weights.normal("centres", 1, new Shape(units, size)));
      logWidths = addParameter(Weights.zero("logWidths", Parameter.Type.OTHER, new Shape(units)));
      readout = addChildBlock("readout", new StepReadout(steps, units, outputs * size));
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameterStore,
        NDList inputs,
        boolean training,
        PairList<String, Object> params) {
      NDArray x = inputs.get(0);
      long batch = x.getShape().get(0);
      NDArray centre = parameterStore.getValue(centres, x.getDevice(), training);
      NDArray logWidth = parameterStore.getValue(logWidths, x.getDevice(), training);
      NDArray offsets = x.reshape(batch, 1, -1).sub(centre);
      NDArray distances = offsets.square().sum(new int[] {2});
      NDArray basis =
          distances
              .mul(logWidth.mul(number(logWidth, -2)).exp())
              .mul(number(distances, -0.5))
              .softmax(1);
      NDList features = new NDList(basis, inputs.get(1));
      NDArray answers = readout.forward(parameterStore, features, training).singletonOrThrow();
      return new NDList(answers.reshape(new Shape(batch, outputs).addAll(element)));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      long units = logWidths.getShape().get(0);
      readout.initialize(manager, type, new Shape(1, units), new Shape(1));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
    }
  }
}
