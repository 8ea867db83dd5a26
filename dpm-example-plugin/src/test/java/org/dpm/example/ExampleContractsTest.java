package org.dpm.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Factor;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.testkit.DifferentiablePriorContract;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.GaussianPathContract;
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
  @DisplayName("has a path that")
  final class Path extends GaussianPathContract {

    @Override
    protected GaussianPath path() {
      return new SuperellipsePath();
    }
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
  @DisplayName("has a prior that")
  final class Either extends DifferentiablePriorContract {

    @Override
    protected Prior prior() {
      return EitherPriorTest.either(near(-1), near(2), Prior.NOTHING);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return examples(manager);
    }
  }

  /** e^(-|x - y|^2). */
  private static Prior near(double y) {
    return like ->
        List.of(new Factor.Density((x, stage) -> Distribution.perExample(x.sub(y).square()).neg()));
  }

  @Nested
  @DisplayName("has parts, each of which")
  final class Settings extends SettingsContract {

    /** With a prior that 'either' can be of: the plugin itself has none. */
    @Override
    protected DpmPlugin plugin() {
      return new DpmPlugin() {
        @Override
        public String id() {
          return "example";
        }

        @Override
        public List<Extension<?>> extensions() {
          return Stream.concat(
                  new ExamplePlugin().extensions().stream(),
                  Stream.of(
                      new Extension<>(
                          Prior.class,
                          "example/anything",
                          Anything.Settings.class,
                          Anything.class)))
              .toList();
        }
      };
    }

    @Override
    protected Map<String, String> required(Extension<?> extension) {
      String anything = "{ kind: example/anything }";
      return extension.kind().equals("example/either")
          ? Map.of("priors", "[%s, %s]".formatted(anything, anything))
          : Map.of();
    }
  }

  private static final class Anything implements Prior {

    record Settings() {}

    @Inject
    Anything() {}

    @Override
    public List<Factor> factors(NDArray like) {
      return List.of();
    }
  }
}
