package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.BinaryOperator;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/** Independent bits, for which Bayes' rule gives every reverse step in closed form. */
final class BitModel implements KnownModel {

  private static final double[] RATES = {0.2, 0.5, 0.7};

  /** abar from 0.98 at time 0 to 0.05 at time 1: what the diffusion leaves still matters. */
  private static final Schedule SCHEDULE = time -> time.mul(-7).add(4);

  @Override
  public Diffusion diffusion(int steps, BinaryOperator<NDArray> network) {
    return new Diffusion(
        new Shape(3), steps, LastStep.LEARNED, SCHEDULE, new Forward(), new Reverse(), network);
  }

  @Override
  public NDArray data(NDManager manager) {
    return manager.create(new double[] {0, 1, 1, 1, 0, 1, 0, 0, 0}, new Shape(3, 3));
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
    public Distribution stationary(NDArray like) {
      return Bits.ofLogOdds(like.zerosLike());
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

    /** log q(x_t | x_s = 1) - log q(x_t | x_s = 0). */
    NDArray evidence(NDArray current, Stage stage) {
      return transition(current.onesLike(), stage)
          .logProbability(current)
          .sub(transition(current.zerosLike(), stage).logProbability(current));
    }

    /** B(x keep + r lose), as the odds of two sums of positive numbers. */
    private static Bits mixed(NDArray x, NDArray keep, NDArray lose) {
      NDArray one = x.mul(keep).add(lose.mul(RATE));
      NDArray zero = x.neg().add(1).mul(keep).add(lose.mul(1 - RATE));
      return Bits.ofLogOdds(one.log().sub(zero.log()));
    }

    @Override
    public boolean standardises() {
      return false;
    }

    @Override
    public boolean supports(double value) {
      return value == 0 || value == 1;
    }
  }

  /** Bayes for bits of the data's rates; the network's answer is added to the log odds. */
  static final class Reverse implements ReverseKernel {

    private final Forward forward = new Forward();

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      NDArray rates =
          current
              .getManager()
              .create(RATES, new Shape(1, RATES.length))
              .toType(current.getDataType(), false);
      Bits before = Forward.mixed(rates, stage.previousSignal(), stage.previousNoise());
      NDArray logOdds = forward.evidence(current, stage).add(before.logOdds());
      return Bits.ofLogOdds(logOdds.add(output.get(":, 0")));
    }
  }
}
