package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Prior;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contracts catch")
final class BrokenPartsTest {

  static Stream<Arguments> schedules() {
    return Stream.of(
        Arguments.of("that turns back", TurnsBack.class, "decreases"),
        Arguments.of("that is not a number at its end", EndsInNaN.class, "isFinite"),
        Arguments.of("that begins in noise", BeginsInNoise.class, "hasTheRightEnds"),
        Arguments.of("that leaves half of the data", LeavesHalf.class, "hasTheRightEnds"),
        Arguments.of("that flattens times", Flattens.class, "keepsShapeAndType"),
        Arguments.of("that cancels in single precision", Cancels.class, "singlePrecision"),
        Arguments.of(
            "that learns nothing", LearnsNothing.class, "gradientMatchesFiniteDifferences"),
        Arguments.of("that learns by half", LearnsByHalf.class, "gradientMatchesFiniteDifferences"),
        Arguments.of("that piles up arrays", PilesUp.class, "cleansUp"));
  }

  static Stream<Arguments> objectives() {
    return Stream.of(
        Arguments.of("that is biased in t", BiasedInTime.class, "batchesAgree"),
        Arguments.of("that forgets a step", ForgetsAStep.class, "neverAboveTheLikelihood"),
        Arguments.of("that forgets the last term", ForgetsTheLast.class, "neverAboveTheLikelihood"),
        Arguments.of("that ignores its noise", LossWithoutNoise.class, "followsItsNoise"),
        Arguments.of("that has noise of its own", LossOfOwnNoise.class, "followsItsNoise"),
        Arguments.of("that is a loss for each example", LossPerExample.class, "isFiniteScalar"),
        Arguments.of("that is cut off", LossCutOff.class, "gradientReachesTheNetwork"));
  }

  static Stream<Arguments> priors() {
    return Stream.of(
        Arguments.of("that mixes examples", MixesExamples.class, "examplesAreIndependent"),
        Arguments.of("that is elementwise", Elementwise.class, "isFinitePerExample"),
        Arguments.of("that is minus infinity", Impossible.class, "isFinitePerExample"),
        Arguments.of("that is constant", Constant.class, "dependsOnTheExample"),
        Arguments.of(
            "that has half its gradient", HalfGradient.class, "gradientMatchesFiniteDifferences"),
        Arguments.of(
            "that multiplies by numbers that do not live",
            Forgetful.class,
            "gradientMatchesFiniteDifferences"));
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("that ignores time", IgnoresTime.class, "timeMatters"),
        Arguments.of(
            "that does not use a parameter", IgnoresTime.class, "gradientReachesEveryParameter"),
        Arguments.of(
            "that reads its parameters itself", ReadsItself.class, "gradientReachesEveryParameter"),
        Arguments.of("that looks at the batch", LooksAtTheBatch.class, "examplesAreIndependent"),
        Arguments.of("that does not look at x", IgnoresX.class, "gradientReachesTheInput"),
        Arguments.of("that refuses all shapes", RefusesAll.class, "canBeBuilt"),
        Arguments.of("that gives one number too many", WrongSize.class, "keepsShape"));
  }

  static Stream<Arguments> samplers() {
    return Stream.of(
        Arguments.of("that ignores its noise", SamplerWithoutNoise.class, "followsItsNoise"),
        Arguments.of("that stops early", StopsEarly.class, "agreesWithAncestralSampling"),
        Arguments.of("that takes means", TakesMeans.class, "agreesWithAncestralSampling"),
        Arguments.of("that draws everything twice", Twice.class, "examplesAreIndependent"),
        Arguments.of("that draws one too many", OneTooMany.class, "countAndShape"),
        Arguments.of("that leaves arrays behind", LeavesRubbish.class, "countAndShape"));
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of("a default of the wrong type", TextForNumber.class, "defaultsParse"),
        Arguments.of("a default that is refused", RefusedDefault.class, "defaultsParse"),
        Arguments.of("a setting without a value", NoDefault.class, "defaultsParse"),
        Arguments.of("a setting that is called kind", CalledKind.class, "isTaken"),
        Arguments.of("two settings that read alike", Alike.class, "misspeltSettingIsRefused"),
        Arguments.of("a setting without description", Undescribed.class, "settingsAreDescribed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schedules")
  @DisplayName("a schedule")
  void schedule(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("objectives")
  @DisplayName("an objective")
  void objective(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("priors")
  @DisplayName("a prior")
  void prior(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  @DisplayName("a network")
  void network(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samplers")
  @DisplayName("a sampler")
  void sampler(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  @DisplayName("a plugin that has")
  void plugin(String what, Class<?> contract, String test) {
    assertCaught(what, contract, test);
  }

  private static void assertCaught(String what, Class<?> contract, String test) {
    assertThat(Verdict.on(contract, test).failed()).as(what).contains(test);
  }

  static final class TurnsBack extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-11).add(5).add(time.mul(40).sin());
    }
  }

  static final class EndsInNaN extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.neg().add(1).sub(1e-9).log().sub(time.log());
    }
  }

  static final class BeginsInNoise extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-5);
    }
  }

  static final class LeavesHalf extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.mul(-5).add(5);
    }
  }

  static final class Flattens extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> time.reshape(-1).mul(-11).add(5);
    }
  }

  /** log(abar / (1 - abar)) as it stands: 1 - abar loses its digits where there is little noise. */
  static final class Cancels extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return time -> {
        NDArray signal = time.pow(4).mul(-10).exp();
        return signal.log().sub(signal.neg().add(1).log());
      };
    }
  }

  private static Schedule slope(BiFunction<NDArray, Parameter, NDArray> logSnr) {
    RightOnesTest.LearnedSlope right = new RightOnesTest.LearnedSlope();
    return new Schedule() {
      @Override
      public List<Parameter> parameters() {
        return right.parameters();
      }

      @Override
      public NDArray logSnr(NDArray time) {
        return logSnr.apply(time, right.parameters().get(0));
      }
    };
  }

  static final class LearnsNothing extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope((time, slope) -> time.mul(-11).add(5).add(time.mul(slope.getArray()).mul(0)));
    }
  }

  static final class LearnsByHalf extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope(
          (time, slope) -> {
            NDArray value = slope.getArray().exp();
            NDArray half = value.add(value.stopGradient()).mul(number(value, 0.5));
            return time.mul(-11).mul(half.reshape(new Shape())).add(5);
          });
    }
  }

  static final class PilesUp extends ScheduleContract {
    @Override
    protected Schedule schedule() {
      return slope(
          (time, slope) -> time.mul(-11).mul(slope.getArray().exp().reshape(new Shape())).add(5));
    }
  }

  /** Always the same steps, whatever the noise: a single example always stands at the first. */
  static final class BiasedInTime extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) ->
          new VariationalBound(diffusion).estimate(data, 0, noise).mean();
    }
  }

  static final class ForgetsAStep extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        VariationalBound bound = new VariationalBound(diffusion);
        NDArray cost = bound.prior(data).add(bound.last(data, noise));
        for (int t = 3; t <= diffusion.steps(); t++) {
          cost = cost.add(bound.step(data, noise, t));
        }
        return cost.mean();
      };
    }
  }

  static final class ForgetsTheLast extends BoundContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        VariationalBound bound = new VariationalBound(diffusion);
        NDArray cost = bound.prior(data);
        for (int t = 2; t <= diffusion.steps(); t++) {
          cost = cost.add(bound.step(data, noise, t));
        }
        return cost.mean();
      };
    }
  }

  private static NDArray estimate(NDArray data, Diffusion diffusion, Noise noise) {
    return new VariationalBound(diffusion).estimate(data, noise.uniform(), noise);
  }

  static final class LossWithoutNoise extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) ->
          estimate(data, diffusion, Noise.of(0, "always the same", 0)).mean();
    }
  }

  static final class LossOfOwnNoise extends ObjectiveContract {

    private int calls;

    @Override
    protected Objective objective() {
      return (data, diffusion, noise) ->
          estimate(data, diffusion, Noise.of(0, "own", calls++)).mean();
    }
  }

  static final class LossPerExample extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return BrokenPartsTest::estimate;
    }
  }

  static final class LossCutOff extends ObjectiveContract {
    @Override
    protected Objective objective() {
      return (data, diffusion, noise) -> {
        NDArray loss = estimate(data, diffusion, noise).mean();
        // A graph there is, but of nothing.
        return loss.stopGradient().add(loss.mul(number(loss, 0)));
      };
    }
  }

  private abstract static class OnPoints extends DifferentiablePriorContract {
    @Override
    protected final NDArray points(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  static final class MixesExamples extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> Distribution.perExample(x.sub(x.mean()).square().neg());
    }
  }

  static final class Elementwise extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> x.square().neg();
    }
  }

  static final class Impossible extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> Distribution.perExample(x.log());
    }
  }

  static final class Constant extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> Distribution.perExample(x.mul(0));
    }
  }

  static final class HalfGradient extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> Distribution.perExample(x.mul(x.stopGradient()).neg());
    }
  }

  /** Its numbers are in memory that the garbage collector frees. */
  static final class Forgetful extends OnPoints {
    @Override
    protected Prior prior() {
      return (x, stage) -> {
        NDArray sum = x.zerosLike();
        for (int i = 0; i < 500; i++) {
          sum = sum.add(x.square().mul(-0.001));
        }
        return Distribution.perExample(sum);
      };
    }
  }

  static final class IgnoresTime extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return (element, outputs) ->
          new PlainBlock(element, outputs) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x, time, scale, drift.mul(0));
            }
          };
    }
  }

  static final class ReadsItself extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return (element, outputs) ->
          new PlainBlock(element, outputs) {
            @Override
            NDArray value(ParameterStore store, Parameter parameter, NDArray x) {
              return parameter == scale ? parameter.getArray() : super.value(store, parameter, x);
            }
          };
    }
  }

  static final class LooksAtTheBatch extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return (element, outputs) ->
          new PlainBlock(element, outputs) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x.sub(x.mean()), time, scale, drift);
            }
          };
    }
  }

  static final class IgnoresX extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return (element, outputs) ->
          new PlainBlock(element, outputs) {
            @Override
            NDArray answer(NDArray x, NDArray time, NDArray scale, NDArray drift) {
              return super.answer(x.mul(0).add(1), time, scale, drift);
            }
          };
    }
  }

  static final class RefusesAll extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return (element, outputs) -> {
        throw new InvalidInput("this network takes nothing");
      };
    }
  }

  static final class WrongSize extends NetworkContract {
    @Override
    protected Network network(int steps) {
      return new Network() {
        @Override
        public Block block(Shape element, int outputs) {
          return new PlainBlock(element, outputs + 1);
        }
      };
    }
  }

  static final class SamplerWithoutNoise extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) ->
          diffusion.sample(manager, count, Noise.of(0, "always the same", 0));
    }
  }

  /** Hands out what stands at a fifth of the way. */
  static final class StopsEarly extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> {
        NDArray[] kept = new NDArray[1];
        diffusion
            .sample(
                manager,
                count,
                noise,
                (x, t) -> {
                  if (t == diffusion.steps() / 5) {
                    kept[0] = x.duplicate();
                  }
                })
            .close();
        kept[0].attach(manager);
        return kept[0];
      };
    }
  }

  static final class TakesMeans extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> {
        NDArray like = manager.zeros(new Shape(count).addAll(diffusion.element()));
        NDArray x = diffusion.forward().stationary(like).sample(noise);
        for (int t = diffusion.steps(); t >= 1; t--) {
          x = diffusion.step(x, diffusion.stage(x, t)).mean();
        }
        return x;
      };
    }
  }

  static final class Twice extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) ->
          diffusion.sample(manager, (count + 1) / 2, noise).repeat(0, 2).get(":" + count);
    }
  }

  static final class OneTooMany extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> diffusion.sample(manager, count + 1, noise);
    }
  }

  static final class LeavesRubbish extends SamplerContract {
    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> diffusion.sample(manager, count, noise).mul(1);
    }
  }

  private abstract static class OnPlugin extends SettingsContract {

    private final Class<? extends Record> settings;

    OnPlugin(Class<? extends Record> settings) {
      this.settings = settings;
    }

    @Override
    protected final DpmPlugin plugin() {
      return new PluginOf(settings);
    }
  }

  static final class TextForNumber extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "fast") @JsonPropertyDescription("how fast") double slope) {}

    TextForNumber() {
      super(TextForNumber.Settings.class);
    }
  }

  static final class RefusedDefault extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "-1") @JsonPropertyDescription("how fast") double slope) {

      Settings {
        if (!(slope > 0)) {
          throw new IllegalArgumentException("slope must be positive, but is " + slope);
        }
      }
    }

    RefusedDefault() {
      super(RefusedDefault.Settings.class);
    }
  }

  static final class NoDefault extends OnPlugin {
    record Settings(@JsonPropertyDescription("how fast") double slope) {}

    NoDefault() {
      super(NoDefault.Settings.class);
    }
  }

  static final class CalledKind extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "a") @JsonPropertyDescription("which") String kind) {}

    CalledKind() {
      super(CalledKind.Settings.class);
    }
  }

  static final class Alike extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "1") @JsonPropertyDescription("one") double rate,
        @JsonProperty(defaultValue = "1") @JsonPropertyDescription("another") double Rate) {}

    Alike() {
      super(Alike.Settings.class);
    }
  }

  static final class Undescribed extends OnPlugin {
    record Settings(@JsonProperty(defaultValue = "1") double slope) {}

    Undescribed() {
      super(Undescribed.Settings.class);
    }
  }
}
