package org.dpm.gaussian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Multipliable;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.GaussianPathContract;
import org.dpm.testkit.KnownModel;
import org.dpm.testkit.MultipliableContract;
import org.dpm.testkit.ObjectiveContract;
import org.dpm.testkit.ReverseKernelContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The Gaussian plugin")
class GaussianContractsTest {

  /** Two elements that z-scoring leaves with moments of their own, as pixels have. */
  private static final DataSummary DATA =
      new DataSummary(new Shape(2), List.of(-0.5, 0.75), List.of(1 / 3.0, 4 / 3.0));

  private static NDArray examples(NDManager manager) {
    return manager.create(new double[] {1.2, -0.4, -1, 0.1, 0.3, 2}, new Shape(3, 2));
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("has a path,")
  class Path extends GaussianPathContract {

    private final Paths which;

    Path(Paths which) {
      this.which = which;
    }

    @Override
    protected GaussianPath path() {
      return which.path();
    }
  }

  @Nested
  @ParameterizedClass(name = "on the path {0}")
  @EnumSource
  @DisplayName("has a forward kernel that,")
  class Forward extends ForwardKernelContract {

    private final Paths which;

    Forward(Paths which) {
      this.which = which;
    }

    @Override
    protected ForwardKernel kernel() {
      return new GaussianForwardKernel(which.path());
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }

    @Override
    protected boolean isStationary() {
      return which == Paths.VARIANCE_PRESERVING;
    }

    @Override
    protected double lowestLogSnr() {
      return which.lowestLogSnr();
    }
  }

  @Nested
  @DisplayName("has a forward kernel that, in single precision,")
  class ForwardInSinglePrecision extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return new GaussianForwardKernel(new VariancePreserving());
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager).toType(DataType.FLOAT32, false);
    }

    @Override
    protected boolean isStationary() {
      return true;
    }
  }

  static Stream<Arguments> reverse() {
    return Stream.of(GaussianReverseKernel.Prediction.values())
        .flatMap(
            prediction ->
                Stream.of(GaussianReverseKernel.Variance.values())
                    .flatMap(
                        variance ->
                            Stream.of(Paths.values())
                                .filter(path -> path.takes(prediction))
                                // Every variance on one path, and every path with one variance.
                                .filter(
                                    path ->
                                        path == Paths.VARIANCE_PRESERVING
                                            || variance == GaussianReverseKernel.Variance.LEARNED)
                                .map(path -> Arguments.of(prediction, variance, path))));
  }

  @Nested
  @ParameterizedClass(name = "predicting {0} with variance {1} on the path {2}")
  @MethodSource("org.dpm.gaussian.GaussianContractsTest#reverse")
  @DisplayName("has a reverse kernel that,")
  class Reverse extends ReverseKernelContract {

    private final GaussianReverseKernel.Settings settings;
    private final Paths which;

    Reverse(
        GaussianReverseKernel.Prediction prediction,
        GaussianReverseKernel.Variance variance,
        Paths which) {
      settings = new GaussianReverseKernel.Settings(prediction, variance);
      this.which = which;
    }

    @Override
    protected ReverseKernel reverse() {
      GaussianPath path = which.path();
      return new GaussianReverseKernel(
          settings, new GaussianForwardKernel(path), path, schedule(), grid(), DATA);
    }

    /** The step of the paper is one to the neighbour; its belief is read off that. */
    @Override
    protected boolean goesAnywhere() {
      return settings.prediction() != GaussianReverseKernel.Prediction.PAPER;
    }

    @Override
    protected ForwardKernel forward() {
      return new GaussianForwardKernel(which.path());
    }

    @Override
    protected NDArray data(NDManager manager) {
      return examples(manager);
    }
  }

  @Nested
  @DisplayName("uses a distribution that")
  class Normal extends MultipliableContract {

    @Override
    protected Multipliable distribution(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.5, -30), pair(manager, 1e-3, 20));
    }

    @Override
    protected Multipliable other(NDManager manager) {
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
      return new NoiseRegression(
          models().get(0).diffusion(Grid.even(2), 0).forward().path().orElseThrow());
    }

    @Override
    protected List<KnownModel> models() {
      return List.of(KnownModel.gaussian());
    }
  }
}
