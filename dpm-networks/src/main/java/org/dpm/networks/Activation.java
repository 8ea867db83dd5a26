package org.dpm.networks;

import ai.djl.ndarray.NDArray;
import java.util.Locale;

/** The nonlinearity of a hidden layer. */
enum Activation {
  RELU(Math.sqrt(2)),
  SILU(1.7),
  TANH(1.6),
  SIGMOID(4),
  SOFTPLUS(2);

  private final double gain;

  Activation(double gain) {
    this.gain = gain;
  }

  NDArray of(NDArray x) {
    return switch (this) {
      case RELU -> x.getNDArrayInternal().relu();
      case SILU -> x.mul(x.getNDArrayInternal().sigmoid());
      case TANH -> x.tanh();
      case SIGMOID -> x.getNDArrayInternal().sigmoid();
      case SOFTPLUS -> x.getNDArrayInternal().softPlus();
    };
  }

  /** The same in TorchScript. */
  String script(String x) {
    return "torch.%s(%s)".formatted(name().toLowerCase(Locale.ROOT), x);
  }

  /**
   * What weights are multiplied with at the start so that layers neither fade nor grow: one over
   * the root mean square of the function at standard normal inputs where it passes through zero,
   * one over its slope at zero where it does not.
   */
  double gain() {
    return gain;
  }
}
