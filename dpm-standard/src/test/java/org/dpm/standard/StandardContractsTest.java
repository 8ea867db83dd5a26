package org.dpm.standard;

import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Grid;
import org.dpm.api.Objective;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.binomial.BinomialPlugin;
import org.dpm.categorical.CategoricalPlugin;
import org.dpm.gaussian.GaussianPlugin;
import org.dpm.testkit.BoundContract;
import org.dpm.testkit.KnownModel;
import org.dpm.testkit.ObjectiveContract;
import org.dpm.testkit.SamplerContract;
import org.dpm.testkit.ScheduleContract;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The standard plugin")
class StandardContractsTest {

  record Case(String name, Schedule schedule) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> schedules() {
    return Stream.of(
        new Case("constant-fraction", new ConstantFractionSchedule()),
        new Case("linear", new LinearSchedule(new LinearSchedule.Settings(1e-4, 0.02))),
        new Case("linear, falling", new LinearSchedule(new LinearSchedule.Settings(0.01, 0.001))),
        new Case("cosine", new CosineSchedule(new CosineSchedule.Settings(0.008, 1e-5))),
        new Case("cosine to nothing", new CosineSchedule(new CosineSchedule.Settings(0, 0))),
        new Case("cosine to a tenth", new CosineSchedule(new CosineSchedule.Settings(0.5, 0.1))),
        new Case(
            "log-snr-linear",
            new LogSnrLinearSchedule(new LogSnrLinearSchedule.Settings(1e-4, 1e-4), Grid.even(40))),
        new Case(
            "ou", new OrnsteinUhlenbeckSchedule(new OrnsteinUhlenbeckSchedule.Settings(0.1, 20))),
        new Case(
            "ou at a constant rate",
            new OrnsteinUhlenbeckSchedule(new OrnsteinUhlenbeckSchedule.Settings(8, 8))),
        new Case("geometric", new GeometricSchedule(new GeometricSchedule.Settings(0.01, 50))),
        new Case("linear-ot", new LinearOtSchedule()));
  }

  @Nested
  @ParameterizedClass(name = "{0}")
  @MethodSource("org.dpm.standard.StandardContractsTest#schedules")
  @DisplayName("has a fixed schedule that")
  class Fixed extends ScheduleContract {

    private final Case fixed;

    Fixed(Case fixed) {
      this.fixed = fixed;
    }

    @Override
    protected Schedule schedule() {
      return fixed.schedule();
    }
  }

  @Nested
  @DisplayName("has a learned schedule that")
  class Learned extends ScheduleContract {

    @Override
    protected Schedule schedule() {
      return new LearnedSchedule(new LearnedSchedule.Settings(1e-3, 1e-2, 40), Grid.even(8));
    }
  }

  @Nested
  @DisplayName("has a learned schedule of more steps than knots that")
  class LearnedAtKnots extends ScheduleContract {

    @Override
    protected Schedule schedule() {
      return new LearnedSchedule(new LearnedSchedule.Settings(1e-3, 1e-2, 5), Grid.even(30));
    }
  }

  @Nested
  @DisplayName("has a learned schedule on a grid of uneven steps that")
  class LearnedOnAGrid extends ScheduleContract {

    @Override
    protected Schedule schedule() {
      return new LearnedSchedule(
          new LearnedSchedule.Settings(1e-3, 1e-2, 40), Grid.of(0.05, 0.1, 0.3, 0.35, 0.8, 1));
    }
  }

  @Nested
  @DisplayName("has the variational bound, which")
  class Bound extends BoundContract {

    @Override
    protected Objective objective() {
      return new VariationalBoundObjective();
    }
  }

  @Nested
  @DisplayName("has the weighted bound without emphasis, which")
  class BoundWithoutEmphasis extends BoundContract {

    @Override
    protected Objective objective() {
      return new WeightedBoundObjective(new WeightedBoundObjective.Settings(0, 0, 1));
    }
  }

  @Nested
  @DisplayName("has the weighted bound, which")
  class WeightedBound extends ObjectiveContract {

    @Override
    protected Objective objective() {
      return new WeightedBoundObjective(new WeightedBoundObjective.Settings(4, 0, 2));
    }
  }

  @Nested
  @DisplayName("has ancestral sampling, which")
  class Ancestral extends SamplerContract {

    @Override
    protected Sampler sampler() {
      return new AncestralSampler();
    }
  }

  @Nested
  @DisplayName("has ancestral sampling, which of bits")
  class AncestralOfBits extends SamplerContract {

    @Override
    protected Sampler sampler() {
      return new AncestralSampler();
    }

    @Override
    protected KnownModel model() {
      return KnownModel.bits();
    }
  }

  @Nested
  @DisplayName("has parts, each of which")
  class Settings extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new StandardPlugin();
    }

    /** The kernels that those of 'mixed' are by default. */
    @Override
    protected List<DpmPlugin> beside() {
      return List.of(new GaussianPlugin(), new BinomialPlugin(), new CategoricalPlugin());
    }
  }
}
