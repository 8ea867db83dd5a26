package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.List;
import java.util.stream.LongStream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.VariationalBound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each contract on an implementation that is right, with several seeds: {@code
 * -Ddpm.testkit.seeds=200} tries that many.
 */
@DisplayName("What is right passes with any seed:")
final class RightOnesTest {

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("dpm.testkit.seeds", 2));
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class GaussianForward extends ForwardKernelContract {

    private final long seed;

    GaussianForward(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected ForwardKernel kernel() {
      return new GaussianModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  final class GaussianForwardInSinglePrecision extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return new GaussianModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager).toType(DataType.FLOAT32, false);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class BitForward extends ForwardKernelContract {

    private final long seed;

    BitForward(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected ForwardKernel kernel() {
      return new BitModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager);
    }
  }

  @Nested
  final class BitForwardInSinglePrecision extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return new BitModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager).toType(DataType.FLOAT32, false);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class Normal extends DistributionContract {

    private final long seed;

    Normal(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Distribution distribution(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.5, -30), pair(manager, 0.01, 20));
    }

    @Override
    protected Distribution other(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.4, -31), pair(manager, 0.02, 10));
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class BitDistribution extends DistributionContract {

    private final long seed;

    BitDistribution(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Distribution distribution(NDManager manager) {
      return Bits.ofLogOdds(pair(manager, -2, 0.3));
    }

    @Override
    protected Distribution other(NDManager manager) {
      return Bits.ofLogOdds(pair(manager, 1, -1));
    }

    @Override
    protected List<Double> outcomes() {
      return List.of(0.0, 1.0);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class GaussianReverse extends ReverseKernelContract {

    private final long seed;

    GaussianReverse(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected ReverseKernel reverse() {
      return new GaussianModel.Reverse();
    }

    @Override
    protected ForwardKernel forward() {
      return new GaussianModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class BitReverse extends ReverseKernelContract {

    private final long seed;

    BitReverse(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected ReverseKernel reverse() {
      return new BitModel.Reverse();
    }

    @Override
    protected ForwardKernel forward() {
      return new BitModel.Forward();
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager);
    }
  }

  @Nested
  final class FixedSchedule extends ScheduleContract {

    @Override
    protected Schedule schedule() {
      return time -> time.neg().add(1).log().sub(time.log());
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class SlopeSchedule extends ScheduleContract {

    private final long seed;

    SlopeSchedule(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Schedule schedule() {
      return new LearnedSlope();
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class Bound extends BoundContract {

    private final long seed;

    Bound(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Objective objective() {
      return (data, diffusion, noise) ->
          new VariationalBound(diffusion).estimate(data, noise.uniform(), noise).mean();
    }
  }

  @Nested
  final class QuadraticPrior extends DifferentiablePriorContract {

    @Override
    protected Prior prior() {
      return (x, stage) ->
          Distribution.perExample(x.square().mul(number(x, -0.5)).mul(stage.signal()));
    }

    @Override
    protected NDArray points(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class PlainNetwork extends NetworkContract {

    private final long seed;

    PlainNetwork(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Network network(int steps) {
      return PlainBlock::new;
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class Ancestral extends SamplerContract {

    private final long seed;

    Ancestral(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> diffusion.sample(manager, count, noise);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class AncestralOfBits extends SamplerContract {

    private final long seed;

    AncestralOfBits(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Sampler sampler() {
      return (manager, count, diffusion, noise) -> diffusion.sample(manager, count, noise);
    }

    @Override
    protected KnownModel model() {
      return KnownModel.bits();
    }
  }

  @Nested
  final class Plugin extends SettingsContract {

    @Override
    protected DpmPlugin plugin() {
      return new PluginOf(PluginOf.Right.class);
    }
  }

  static NDArray pair(NDManager manager, double one, double other) {
    return manager.create(new double[] {one, other}, new Shape(1, 2));
  }

  /** A straight line, of which the slope is learned. */
  static final class LearnedSlope implements Schedule {

    private final Parameter slope =
        Parameter.builder()
            .setName("slope")
            .setType(Parameter.Type.OTHER)
            .optShape(new Shape(1))
            .optInitializer(Initializer.ZEROS)
            .build();

    @Override
    public List<Parameter> parameters() {
      return List.of(slope);
    }

    @Override
    public NDArray logSnr(NDArray time) {
      NDArray value = slope.getArray().exp();
      value.attach(time.getManager());
      return time.mul(-11).mul(value.reshape(new Shape())).add(5);
    }
  }
}
