package org.dpm.networks;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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
import org.dpm.api.Grid;
import org.dpm.api.Network;
import org.dpm.api.Signature;

/**
 * Normalised radial basis functions, shared by all steps, and a linear readout for each step: the
 * paper's network for the swiss roll. Sohl-Dickstein et al. 2015, appendix D.1.
 *
 * <p>A condition is read out beside the basis functions: it adds a linear term, another for each
 * step.
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
  private final Grid grid;

  @Inject
  RbfNetwork(Settings settings, Grid grid) {
    this.settings = settings;
    this.grid = grid;
  }

  @Override
  public boolean anyTime() {
    return false;
  }

  @Override
  public Block block(Signature signature) {
    return new RbfBlock(signature, settings.units(), grid);
  }

  /** phi_k(x) = exp(-|x - c_k|^2 / (2 w_k^2)), divided by their sum, then the step's readout. */
  private static final class RbfBlock extends AbstractBlock {

    private final Signature signature;
    private final int features;
    private final Parameter centres;
    private final Parameter logWidths;
    private final StepReadout readout;

    RbfBlock(Signature signature, int units, Grid grid) {
      this.signature = signature;
      features = units + (signature.conditional() ? signature.condition() + 1 : 0);
      long size = signature.element().size();
      centres = addParameter(Weights.normal("centres", 1, new Shape(units, size)));
      logWidths = addParameter(Weights.zero("logWidths", Parameter.Type.OTHER, new Shape(units)));
      readout =
          addChildBlock("readout", new StepReadout(grid, features, signature.outputs() * size));
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
      NDArray told =
          signature.conditional() ? NDArrays.concat(new NDList(basis, inputs.get(2)), 1) : basis;
      NDList both = new NDList(told, inputs.get(1));
      NDArray answers = readout.forward(parameterStore, both, training).singletonOrThrow();
      return new NDList(
          answers.reshape(new Shape(batch, signature.outputs()).addAll(signature.element())));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      readout.initialize(manager, type, new Shape(1, features), new Shape(1));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      Shape batch = new Shape(inputShapes[0].get(0), signature.outputs());
      return new Shape[] {batch.addAll(signature.element())};
    }
  }
}
