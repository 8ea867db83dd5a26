package org.dpm.testkit;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.dpm.api.Bernoulli;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Factor;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.Multipliable;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Start;
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

    @Override
    protected boolean isStationary() {
      return true;
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
    protected List<Space> spaces() {
      return List.of(new Space.Bit());
    }

    @Override
    protected boolean isStationary() {
      return true;
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
    protected List<Space> spaces() {
      return List.of(new Space.Bit());
    }

    @Override
    protected boolean isStationary() {
      return true;
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.bits().data(manager).toType(DataType.FLOAT32, false);
    }
  }

  @Nested
  final class ExplodingForward extends ForwardKernelContract {

    @Override
    protected ForwardKernel kernel() {
      return new Exploding();
    }

    @Override
    protected double lowestLogSnr() {
      return -30;
    }

    @Override
    protected NDArray data(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class ClassesForward extends ForwardKernelContract {

    private final long seed;

    ClassesForward(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected ForwardKernel kernel() {
      return new ClassKernel();
    }

    @Override
    protected List<Space> spaces() {
      return List.of(new Space.Category(List.of("a", "b", "c")));
    }

    @Override
    protected boolean isStationary() {
      return true;
    }

    @Override
    protected NDArray data(NDManager manager) {
      double[] x = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
      return manager.create(x, new Shape(2, 6));
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class Normal extends MultipliableContract {

    private final long seed;

    Normal(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Multipliable distribution(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.5, -30), pair(manager, 0.01, 20));
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return DiagonalGaussian.of(pair(manager, 0.4, -31), pair(manager, 0.02, 10));
    }
  }

  @Nested
  final class NormalInSinglePrecision extends MultipliableContract {

    @Override
    protected Multipliable distribution(NDManager manager) {
      return DiagonalGaussian.of(single(manager, 0.5, -2), single(manager, 0.3, 2));
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return DiagonalGaussian.of(single(manager, 0.4, -1), single(manager, 0.5, 1));
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class ProductsOfBits extends MultipliableContract {

    private final long seed;

    ProductsOfBits(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Multipliable distribution(NDManager manager) {
      return Bernoulli.ofLogOdds(pair(manager, -2, 1.3));
    }

    @Override
    protected Multipliable other(NDManager manager) {
      return Bernoulli.ofLogOdds(pair(manager, 1, -1));
    }

    @Override
    protected List<double[]> outcomes() {
      return bits();
    }
  }

  @Nested
  final class ClassDistribution extends OnClasses {}

  @Nested
  final class AngleDistribution extends OnAngles {}

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
    protected Distribution near(NDManager manager) {
      return Bits.ofLogOdds(pair(manager, -1.9, 0.4));
    }

    @Override
    protected List<double[]> outcomes() {
      return bits();
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
    protected List<Space> spaces() {
      return List.of(new Space.Bit());
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
      return (data, diffusion, noise) -> new VariationalBound(diffusion).estimate(data, noise);
    }
  }

  @Nested
  final class QuadraticPrior extends DifferentiablePriorContract {

    @Override
    protected Prior prior() {
      Factor.LogDensity log =
          (x, stage) ->
              Distribution.perExample(x.square().mul(number(x, -0.5)).mul(stage.signal()));
      return like -> List.of(new Factor.Density(log));
    }

    @Override
    protected NDArray points(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  final class EveryFactor extends PriorContract {

    @Override
    protected Prior prior() {
      return measured(new Sum())
          .and(
              like -> {
                NDArray one = like.get("0:1").onesLike();
                NDArray mask = one.getManager().create(new double[] {1, 0}, new Shape(1, 2));
                return List.of(
                    new Factor.Known(one.mul(0.3).mul(mask), mask),
                    new Factor.Factorised(
                        DiagonalGaussian.of(one, one), mask, 0, Factor.OnTheWay.DIFFUSED),
                    new Factor.OtherModel(
                        KnownModel.gaussian().diffusion(Grid.even(4), 0),
                        one,
                        one.zerosLike(),
                        0,
                        true,
                        3));
              });
    }

    @Override
    protected NDArray points(NDManager manager) {
      return KnownModel.gaussian().data(manager);
    }
  }

  @Nested
  final class Path extends GaussianPathContract {

    @Override
    protected GaussianPath path() {
      return new GaussianModel.Path();
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
    protected Network network(Grid grid) {
      return PlainBlock::new;
    }
  }

  @Nested
  @ParameterizedClass
  @MethodSource("org.dpm.testkit.RightOnesTest#seeds")
  final class AncestralOfNumbers extends SamplerContract {

    private final long seed;

    AncestralOfNumbers(long seed) {
      this.seed = seed;
    }

    @Override
    protected long seed() {
      return seed;
    }

    @Override
    protected Sampler sampler() {
      return new Ancestral();
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
      return new Ancestral();
    }

    @Override
    protected KnownModel model() {
      return KnownModel.bits();
    }
  }

  /** The equation of the flow, by Heun's method on the grid; then the last step as it is drawn. */
  @Nested
  final class HeunOfNumbers extends SamplerContract {

    @Override
    protected Sampler sampler() {
      return new Heun();
    }
  }

  static NDArray pair(NDManager manager, double one, double other) {
    return manager.create(new double[] {one, other}, new Shape(1, 2));
  }

  static NDArray single(NDManager manager, double one, double other) {
    return pair(manager, one, other).toType(DataType.FLOAT32, false);
  }

  /** Step by step back. */
  static class Ancestral implements Sampler {

    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      int from = diffusion.grid().nearest(start.time());
      NDArray x = start.x(owner, diffusion, noise.child("start"));
      progress.state(x, start.time());
      for (int t = from; t >= 1; t--) {
        NDArray before = x;
        try (NDScope scope = new NDScope()) {
          x = next(before, t, diffusion, noise.at(t));
          NDScope.unregister(x);
        }
        x.attach(owner);
        before.close();
        progress.state(x, diffusion.grid().time(t - 1));
        progress.report(1 - (t - 1.0) / from);
      }
      return x;
    }

    NDArray next(NDArray x, int t, Diffusion diffusion, Noise own) {
      return step(diffusion.back(x, diffusion.stage(x, t)), own, t == 1);
    }

    NDArray step(Distribution back, Noise own, boolean last) {
      return back.sample(own);
    }
  }

  /** dx/dlambda = a' D + s' (x - a D) / s on the variance-preserving path, twice a step. */
  static final class Heun extends Ancestral {

    @Override
    NDArray next(NDArray x, int t, Diffusion diffusion, Noise own) {
      Stage stage = diffusion.stage(x, t);
      if (t == 1) {
        return super.next(x, t, diffusion, own);
      }
      NDArray gap = stage.previousLogSnr().sub(stage.logSnr());
      NDArray slope = slope(x, stage, diffusion);
      NDArray end = x.add(slope.mul(gap));
      NDArray there = slope(end, diffusion.stage(x, t - 1), diffusion);
      return x.add(slope.add(there).mul(gap).mul(0.5));
    }

    /** a' = a s^2 / 2 and s' = -s a^2 / 2. */
    private static NDArray slope(NDArray x, Stage stage, Diffusion diffusion) {
      NDArray expected = diffusion.data(x, stage).mean();
      NDArray a = stage.signal().sqrt();
      return expected.mul(a).sub(x.mul(stage.signal())).mul(0.5);
    }
  }

  static Prior measured(Factor.LinearMap map) {
    return like -> {
      NDArray seen = map.apply(like.get("0:1"));
      return List.of(
          new Factor.Measurement(map, seen, seen.onesLike().mul(0.1), 0, Factor.OnTheWay.DIFFUSED));
    };
  }

  /** x_1 + 2 x_2, and x_2. */
  static class Sum implements Factor.LinearMap {

    private static NDArray matrix(NDArray like) {
      return like.getManager().create(new double[] {1, 0, 2, 1}, new Shape(2, 2));
    }

    @Override
    public NDArray apply(NDArray x) {
      return x.matMul(matrix(x));
    }

    @Override
    public NDArray transposed(NDArray y) {
      return y.matMul(matrix(y).transpose());
    }

    @Override
    public NDArray squares(NDArray like) {
      return matrix(like).square().sum(new int[] {0}, true);
    }
  }

  /** x_t = x_0 + s e with s^2 = e^-lambda. */
  static class Exploding implements ForwardKernel {

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return true;
    }

    @Override
    public Optional<GaussianPath> path() {
      return Optional.of(
          new GaussianPath() {
            @Override
            public NDArray logSignalScale(NDArray logSnr) {
              return logSnr.zerosLike();
            }

            @Override
            public NDArray logNoiseScale(NDArray logSnr) {
              return logSnr.mul(number(logSnr, -0.5));
            }

            @Override
            public NDArray velocityScale(NDArray logSnr) {
              return logSnr.onesLike();
            }
          });
    }

    private static NDArray variance(NDArray logSnr) {
      return logSnr.neg().exp();
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return DiagonalGaussian.of(
          like.zerosLike(), like.onesLike().mul(variance(stage.logSnr()).add(1)));
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      NDArray variance = variance(stage.logSnr());
      NDArray total = variance.add(1);
      return DiagonalGaussian.of(current.div(total), variance.div(total));
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      NDArray added = variance(stage.logSnr()).sub(variance(stage.previousLogSnr()));
      return DiagonalGaussian.of(previous, added);
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return DiagonalGaussian.of(data, variance(stage.logSnr()));
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      return posterior(DiagonalGaussian.of(data, data.zerosLike()), current, stage);
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      if (!(belief instanceof DiagonalGaussian about)) {
        throw new IllegalArgumentException("a belief about numbers must be Gaussian");
      }
      NDArray later = variance(stage.logSnr());
      NDArray ofCurrent = variance(stage.previousLogSnr()).div(later);
      NDArray ofData = ofCurrent.neg().add(1);
      NDArray mean = about.mean().mul(ofData).add(current.mul(ofCurrent));
      NDArray own = variance(stage.previousLogSnr()).mul(ofData);
      return DiagonalGaussian.of(mean, about.variance().mul(ofData.square()).add(own));
    }
  }

  /** Three classes of which one is drawn anew, all alike, with probability beta. */
  static final class ClassKernel implements ForwardKernel {

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Category ? OptionalInt.of(Classes.K) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return false;
    }

    private static NDArray logMixed(NDArray x, NDArray keep, NDArray lose) {
      return x.mul(keep).add(lose.div(Classes.K)).log();
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return new Classes(like.zerosLike());
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return new Classes(logMixed(current, stage.signal(), stage.noise()));
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return new Classes(logMixed(previous, stage.kept(), stage.beta()));
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return new Classes(logMixed(data, stage.signal(), stage.noise()));
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      NDArray before = logMixed(data, stage.previousSignal(), stage.previousNoise());
      return new Classes(before.add(logMixed(current, stage.kept(), stage.beta())));
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      if (!(belief instanceof Classes about)) {
        throw new IllegalArgumentException("a belief about classes must be of classes");
      }
      NDArray sum = current.zerosLike();
      for (int k = 0; k < Classes.K; k++) {
        double[] one = new double[Classes.K];
        one[k] = 1;
        NDArray mask = current.getManager().create(one, new Shape(1, 1, Classes.K));
        NDArray data = Classes.flat(Classes.apart(current).zerosLike().add(mask), current);
        NDArray weight = Classes.apart(about.mean()).mul(mask).sum(new int[] {2}, true);
        NDArray each = Classes.apart(posterior(data, current, stage).mean());
        sum = sum.add(Classes.flat(each.mul(weight), current));
      }
      return new Classes(sum.log());
    }
  }

  /** Law of blocks of three numbers of which one is 1, by logits. */
  abstract static class OnClasses extends DistributionContract {

    private static final double[] LOGITS = {0.3, -1, 0.5, 1.2, 0, -0.4};
    private static final double[] OTHERS = {-0.5, 0.2, 0.1, 0, 0.7, 0.3};

    Distribution law(NDArray logits) {
      return new Classes(logits);
    }

    @Override
    protected final Distribution distribution(NDManager manager) {
      return law(manager.create(LOGITS, new Shape(1, 6)));
    }

    @Override
    protected final Distribution other(NDManager manager) {
      return new Classes(manager.create(OTHERS, new Shape(1, 6)));
    }

    @Override
    protected final Distribution near(NDManager manager) {
      return new Classes(manager.create(LOGITS, new Shape(1, 6)).mul(0.9));
    }

    @Override
    protected final List<double[]> outcomes() {
      return oneHot(Classes.K);
    }
  }

  /** Laws on the circle, by mean and concentration. */
  abstract static class OnAngles extends DistributionContract {

    Distribution law(NDArray mean, NDArray concentration) {
      return new WrappedCauchy(mean, concentration);
    }

    @Override
    protected final Distribution distribution(NDManager manager) {
      return law(pair(manager, 0.5, -3), pair(manager, 0.4, 0.7));
    }

    @Override
    protected final Distribution other(NDManager manager) {
      return new WrappedCauchy(pair(manager, 0.9, 2.5), pair(manager, 0.6, 0.5));
    }

    @Override
    protected final Distribution near(NDManager manager) {
      return new WrappedCauchy(pair(manager, 0.55, -2.95), pair(manager, 0.45, 0.72));
    }

    @Override
    protected final Support support() {
      return Support.circle(-Math.PI, 2 * Math.PI);
    }
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
