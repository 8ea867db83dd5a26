package org.dpm.binomial;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.Bernoulli;
import org.dpm.api.DataSummary;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Multipliable;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.testkit.ForwardKernelContract;
import org.dpm.testkit.MultipliableContract;
import org.dpm.testkit.PriorContract;
import org.dpm.testkit.ReverseKernelContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The binomial plugin")
class BinomialContractsTest {

  private static final List<Space> BITS = List.of(new Space.Bit());

  private static ForwardKernel forwardKernel(BinomialForwardKernel.RateFrom rateFrom) {
    Optional<Double> rate =
        rateFrom == BinomialForwardKernel.RateFrom.FIXED ? Optional.of(0.2) : Optional.empty();
    DataSummary summary = new DataSummary(new Shape(2), List.of(0.2, 0.7), List.of(0.4, 0.46));
    return new BinomialForwardKernel(new BinomialForwardKernel.Settings(rate, rateFrom), summary);
  }

  private static NDArray bits(NDManager manager) {
    return manager.create(new double[] {0, 0, 0, 1, 1, 0, 1, 1}, new Shape(4, 2));
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("has a forward kernel that, with its rate")
  class Forward extends ForwardKernelContract {

    private final BinomialForwardKernel.RateFrom rateFrom;

    Forward(BinomialForwardKernel.RateFrom rateFrom) {
      this.rateFrom = rateFrom;
    }

    @Override
    protected ForwardKernel kernel() {
      return forwardKernel(rateFrom);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return bits(manager);
    }

    @Override
    protected List<Space> spaces() {
      return BITS;
    }

    @Override
    protected boolean isStationary() {
      return true;
    }
  }

  @Nested
  @ParameterizedClass(name = "predicting {0}")
  @EnumSource
  @DisplayName("has a reverse kernel that,")
  class Reverse extends ReverseKernelContract {

    private final BinomialReverseKernel.Prediction prediction;

    Reverse(BinomialReverseKernel.Prediction prediction) {
      this.prediction = prediction;
    }

    @Override
    protected ReverseKernel reverse() {
      return new BinomialReverseKernel(new BinomialReverseKernel.Settings(prediction), forward());
    }

    @Override
    protected List<Space> spaces() {
      return BITS;
    }

    @Override
    protected ForwardKernel forward() {
      return forwardKernel(BinomialForwardKernel.RateFrom.FIXED);
    }

    @Override
    protected NDArray data(NDManager manager) {
      return bits(manager);
    }
  }

  @Nested
  @DisplayName("uses a distribution that")
  class Bits extends MultipliableContract {

    @Override
    protected Multipliable distribution(NDManager manager) {
      return Bernoulli.of(pair(manager, 0.3, 0.98));
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return Bernoulli.of(pair(manager, 0.5, 0.9));
    }

    @Override
    protected List<double[]> outcomes() {
      return bits();
    }

    private NDArray pair(NDManager manager, double one, double other) {
      return manager.create(new double[] {one, other}, new Shape(1, 2));
    }
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @EnumSource
  @DisplayName("has opinions on bits, which, on the way")
  class Opinions extends PriorContract {

    private final OnTheWay onTheWay;

    Opinions(OnTheWay onTheWay) {
      this.onTheWay = onTheWay;
    }

    @Override
    protected Prior prior() {
      Variables variables =
          new Variables(
              List.of(
                  Variable.column("smokes", new Space.Bit()),
                  Variable.column("sleeps", new Space.Bit())));
      return new BitsPrior(
          new BitsPrior.Settings(List.of("sleeps"), List.of(0.7), onTheWay), variables);
    }

    @Override
    protected NDArray points(NDManager manager) {
      return bits(manager);
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new BinomialPlugin();
    }

    @Override
    protected Map<String, String> required(Extension<?> extension) {
      return extension.type() == Prior.class ? Map.of("logOdds", "[1.5]") : Map.of();
    }
  }
}
