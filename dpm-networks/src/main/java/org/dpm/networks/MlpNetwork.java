package org.dpm.networks;

import ai.djl.nn.Block;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.util.Optional;
import org.dpm.api.Grid;
import org.dpm.api.Network;
import org.dpm.api.Signature;

/**
 * A multilayer perceptron over all elements of x_t at once, with a choice of how time enters. A
 * condition is more elements.
 */
final class MlpNetwork implements Network {

  private static final int DEFAULT_TIME_FEATURES = 16;

  /**
   * @param width units of each hidden layer
   * @param depth hidden layers
   * @param timeFeatures how many bumps, or sines and cosines together
   */
  record Settings(
      @JsonProperty(defaultValue = "128") @JsonPropertyDescription("units of each hidden layer")
          int width,
      @JsonProperty(defaultValue = "3") @JsonPropertyDescription("number of hidden layers")
          int depth,
      @JsonProperty(defaultValue = "silu")
          @JsonPropertyDescription("nonlinearity of the hidden layers")
          Activation activation,
      @JsonProperty(defaultValue = "fourier")
          @JsonPropertyDescription(
              "how time enters: a readout for each step, or features of time in every hidden layer")
          TimeInput time,
      @JsonPropertyDescription(
              "number of features of time, 16 if not given; not with time: readout, which has none")
          Optional<Integer> timeFeatures) {

    Settings {
      if (width < 1) {
        throw new IllegalArgumentException("width must be at least 1, but is " + width);
      }
      if (depth < 1) {
        throw new IllegalArgumentException("depth must be at least 1, but is " + depth);
      }
      timeFeatures.ifPresent(count -> requireFits(time, count));
    }

    private static void requireFits(TimeInput time, int count) {
      if (time == TimeInput.READOUT) {
        throw new IllegalArgumentException(
            "timeFeatures must not be given with time: readout, but is " + count);
      }
      if (count < 2 || (time == TimeInput.FOURIER && count % 2 != 0)) {
        String need = time == TimeInput.FOURIER ? "even and at least 2" : "at least 2";
        throw new IllegalArgumentException(
            "timeFeatures must be %s, but is %d".formatted(need, count));
      }
    }
  }

  private final Settings settings;
  private final Grid grid;

  @Inject
  MlpNetwork(Settings settings, Grid grid) {
    this.settings = settings;
    this.grid = grid;
  }

  @Override
  public boolean anyTime() {
    return settings.time() != TimeInput.READOUT;
  }

  @Override
  public Block block(Signature signature) {
    int width = settings.width();
    HiddenLayers hidden =
        new HiddenLayers(
            MlpBlock.inputs(signature),
            width,
            settings.depth(),
            settings.activation(),
            timeFeatures());
    long numbers = signature.outputs() * signature.element().size();
    return new MlpBlock(
        signature,
        hidden,
        anyTime() ? new LinearReadout(width, numbers) : new StepReadout(grid, width, numbers));
  }

  private Optional<TimeFeatures> timeFeatures() {
    int count = settings.timeFeatures().orElse(DEFAULT_TIME_FEATURES);
    return switch (settings.time()) {
      case READOUT -> Optional.empty();
      case BUMPS -> Optional.of(new TimeFeatures.Bumps(count));
      case FOURIER -> Optional.of(TimeFeatures.Fourier.forSteps(count, grid.steps()));
    };
  }
}
