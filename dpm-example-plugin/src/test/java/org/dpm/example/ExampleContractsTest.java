package org.dpm.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dpm.api.DpmPlugin;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.ReverseKernelContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("The example plugin")
final class ExampleContractsTest {

  private static WideGaussianKernel kernelOfVariance(double variance) {
    return new WideGaussianKernel(new WideGaussianKernel.Settings(variance));
  }

  private static NDArray examples(NDManager manager) {
    return manager.create(new double[] {1.2, -0.4, -3, 0.1}, new Shape(2, 2));
  }

  @Nested
  @DisplayName("has a forward kernel that")
  final class Forward extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return kernelOfVariance(2.5);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }
  }

  @Nested
  @DisplayName("has a reverse kernel that")
  final class Reverse extends ReverseKernelContract {

    @Override
    protected ReverseKernel reverse() {
      return new WideGaussianReverseKernel(forward());
    }

    @Override
    protected ForwardKernel forward() {
      return kernelOfVariance(2.5);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  final class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new ExamplePlugin();
    }
  }
}
