package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;
import org.dpm.testkit.DistributionContract;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.ObjectiveContract;
import org.dpm.testkit.ReverseKernelContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The Gaussian plugin")
class GaussianContractsTest {

  /** Two elements that z-scoring leaves with moments of their own, as pixels have. */
  private static final DataSummary DATA =
      new DataSummary(
          new Shape(2), List.of(1.0, 3.0), List.of(0.5, 2.0), List.of(2.0, 2.0), List.of(1.5, 1.5));

  private static NDArray examples(NDManager manager) {
    return manager.create(new double[] {1.2, -0.4, -1, 0.1, 0.3, 2}, new Shape(3, 2));
  }

  @Nested
  @DisplayName("has a forward kernel that")
  class Forward extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return new GaussianForwardKernel();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }
  }

  @Nested
  @ParameterizedClass(name = "predicting {0} with variance {1}")
  @CsvSource({
    "PAPER, LEARNED", "PAPER, FORWARD", "PAPER, POSTERIOR",
    "NOISE, LEARNED", "NOISE, FORWARD", "NOISE, POSTERIOR",
    "DATA, LEARNED", "DATA, FORWARD", "DATA, POSTERIOR",
    "PRECONDITIONED, LEARNED", "PRECONDITIONED, FORWARD", "PRECONDITIONED, POSTERIOR",
    "VELOCITY, LEARNED", "VELOCITY, FORWARD", "VELOCITY, POSTERIOR"
  })
  @DisplayName("has a reverse kernel that,")
  class Reverse extends ReverseKernelContract {

    private final GaussianReverseKernel.Settings settings;

    Reverse(GaussianReverseKernel.Mean mean, GaussianReverseKernel.Variance variance) {
      settings = new GaussianReverseKernel.Settings(mean, variance);
    }

    @Override
    protected ReverseKernel reverse() {
      return new GaussianReverseKernel(settings, forward(), DATA);
    }

    @Override
    protected ForwardKernel forward() {
      return new GaussianForwardKernel();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }
  }

  @Nested
  @DisplayName("uses a distribution that")
  class Normal extends DistributionContract {

    @Override
    protected Distribution distribution(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.5, -30), pair(manager, 1e-3, 20));
    }

    @Override
    protected Distribution other(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.4, -31), pair(manager, 2e-3, 10));
    }

    private NDArray pair(NDManager manager, double one, double other) {
      return manager.create(new double[] {one, other}, new Shape(1, 2));
    }
  }

  @Nested
  @DisplayName("has noise regression, which")
  class Simple extends ObjectiveContract {

    @Override
    protected Objective objective() {
      return new NoiseRegression();
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new GaussianPlugin();
    }
  }
}
