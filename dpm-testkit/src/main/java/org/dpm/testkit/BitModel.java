package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalInt;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;

/** Independent bits, for which Bayes' rule gives every belief, and so every reverse step. */
final class BitModel implements KnownModel {

  private static final double[] RATES = {0.2, 0.5, 0.7};

  /** abar from 0.98 at time 0 to 0.0067 at time 1. */
  private static final Schedule SCHEDULE = time -> time.mul(-9).add(4);

  @Override
  public Diffusion diffusion(Grid grid, Diffusion.Answer network) {
    return new Diffusion(
        new Shape(3), grid, LastStep.LEARNED, SCHEDULE, new Forward(), new Reverse(), network);
  }

  @Override
  public NDArray data(NDManager manager) {
    return manager.create(new double[] {0, 1, 1, 1, 0, 1, 0, 0, 0}, new Shape(3, 3));
  }

  @Override
  public NDArray draws(NDArray like, Noise noise) {
    return Bits.ofLogOdds(logOdds(like).add(like.zerosLike())).sample(noise);
  }

  private static NDArray logOdds(NDArray like) {
    NDArray rates =
        like.getManager()
            .create(RATES, new Shape(1, RATES.length))
            .toType(like.getDataType(), false);
    return rates.log().sub(rates.neg().add(1).log());
  }

  @Override
  public double[] logLikelihood(Diffusion diffusion, NDArray data) {
    EnumerationOracle oracle = EnumerationOracle.of(diffusion, data.getManager());
    double[] all = oracle.logLikelihood();
    int[] states = oracle.indices(data);
    double[] logLikelihood = new double[states.length];
    for (int i = 0; i < states.length; i++) {
      logLikelihood[i] = all[states[i]];
    }
    return logLikelihood;
  }

  @Override
  public String toString() {
    return "bit model";
  }

  /** Each bit is drawn anew, as one half, with probability beta. */
  static final class Forward implements ForwardKernel {

    private static final double RATE = 0.5;

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Bit ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return false;
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return Bits.ofLogOdds(like.zerosLike());
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return Bits.ofLogOdds(told(current, stage));
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return mixed(previous, stage.kept(), stage.beta());
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return mixed(data, stage.signal(), stage.noise());
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      Bits before = mixed(data, stage.previousSignal(), stage.previousNoise());
      return Bits.ofLogOdds(before.logOdds().add(evidence(current, stage)));
    }

    /** Both values of x_0, each with its posterior. */
    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      if (!(belief instanceof Bits about)) {
        throw new IllegalArgumentException(
            "a belief about bits must be of bits, but is " + belief.getClass());
      }
      NDArray ifOne = posterior(current.onesLike(), current, stage).mean();
      NDArray ifZero = posterior(current.zerosLike(), current, stage).mean();
      NDArray one = about.mean();
      NDArray zero = Bits.ofLogOdds(about.logOdds().neg()).mean();
      NDArray sum = ifOne.mul(one).add(ifZero.mul(zero));
      NDArray rest = ifOne.neg().add(1).mul(one).add(ifZero.neg().add(1).mul(zero));
      return Bits.ofLogOdds(sum.log().sub(rest.log()));
    }

    /** log q(x_t | x_s = 1) - log q(x_t | x_s = 0). */
    NDArray evidence(NDArray current, Stage stage) {
      return transition(current.onesLike(), stage)
          .logProbability(current)
          .sub(transition(current.zerosLike(), stage).logProbability(current));
    }

    /** log q(x_t | x_0 = 1) - log q(x_t | x_0 = 0). */
    NDArray told(NDArray current, Stage stage) {
      return marginal(current.onesLike(), stage)
          .logProbability(current)
          .sub(marginal(current.zerosLike(), stage).logProbability(current));
    }

    /** B(x keep + r lose), as the odds of two sums of positive numbers. */
    private static Bits mixed(NDArray x, NDArray keep, NDArray lose) {
      NDArray one = x.mul(keep).add(lose.mul(RATE));
      NDArray zero = x.neg().add(1).mul(keep).add(lose.mul(1 - RATE));
      return Bits.ofLogOdds(one.log().sub(zero.log()));
    }
  }

  /** Bayes for bits of the data's rates; the network's answer is added to the log odds of x_0. */
  static final class Reverse implements ReverseKernel {

    private final Forward forward = new Forward();

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      NDArray prior = logOdds(current);
      return Bits.ofLogOdds(forward.told(current, stage).add(prior).add(output.get(":, 0")));
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return forward.posterior(data(current, output, stage), current, stage);
    }
  }
}
