package org.dpm.posterior;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.Arrays;
import java.util.Optional;
import org.dpm.api.Distribution;
import org.dpm.api.Factor;
import org.dpm.api.Factor.Density;
import org.dpm.api.Factor.Factorised;
import org.dpm.api.Factor.Measurement;
import org.dpm.api.Factor.OnTheWay;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Multipliable;
import org.dpm.api.Stage;

/**
 * What a factor r(x_0) is of x_t: by itself, or averaged over what x_t alone says of x_0. At the
 * data it is r itself.
 */
public interface FactorOnTheWay {

  /**
   * log r_t, differentiable in x; on the way up to a constant.
   *
   * @param x [B, element...]
   * @param stage where x stands
   * @return [B]
   */
  NDArray logDensity(NDArray x, Stage stage);

  /** The product of a step to a stage and r there; empty where it is known to first order only. */
  default Optional<Multipliable> times(Multipliable step, Stage stage) {
    return Optional.empty();
  }

  /**
   * Of a factor that is a function, of independent elements, or a measurement.
   *
   * @throws IllegalArgumentException for what is known exactly, and for other models
   */
  static FactorOnTheWay of(Factor factor, ForwardKernel forward) {
    if (factor instanceof Density density) {
      return density.log()::of;
    } else if (factor instanceof Factorised independent) {
      return new Independent(independent, forward);
    } else if (factor instanceof Measurement measurement) {
      return new Measured(measurement, forward);
    }
    throw new IllegalArgumentException(factor.getClass().getSimpleName() + " is conditioned on");
  }

  private static boolean isItself(OnTheWay onTheWay, Stage stage) {
    return onTheWay == OnTheWay.CONSTANT || Arrays.stream(stage.times()).allMatch(t -> t == 0);
  }

  /**
   * With b in proportion to null law times r: Q / E, where Q is the law of x_t for data of b, and E
   * that for data of the null law.
   */
  record Independent(Factorised factor, ForwardKernel forward) implements FactorOnTheWay {

    private Distribution nothing(NDArray like, Stage stage) {
      return forward.end(like, stage);
    }

    private Distribution seen(NDArray like, Stage stage) {
      Multipliable data = (Multipliable) nothing(like, Stage.ofData(like));
      Distribution belief = data.times(said(like));
      // Back from a time without signal, where it does not matter which x there is.
      NDArray silence = stage.logSnr().zerosLike().sub(Float.POSITIVE_INFINITY);
      double[] end = new double[stage.times().length];
      Arrays.fill(end, 1);
      Stage whole = Stage.of(end, stage.times(), silence, stage.logSnr());
      return forward.posterior(belief, nothing(like, whole).mean(), whole);
    }

    /** r, which says nothing of elements that are not its own. */
    private Multipliable said(NDArray like) {
      return factor.distribution().power(factor.mask()).repeated(like.getShape().get(0));
    }

    @Override
    public NDArray logDensity(NDArray x, Stage stage) {
      long batch = x.getShape().get(0);
      NDArray like = x.zerosLike();
      NDArray log =
          isItself(factor.onTheWay(), stage)
              ? factor.distribution().repeated(batch).logProbability(x)
              : seen(like, stage).logProbability(x).sub(nothing(like, stage).logProbability(x));
      NDArray own = like.add(Rows.repeated(factor.mask(), batch)).gt(0f);
      NDArray sum = Distribution.perExample(NDArrays.where(own, log, like));
      return sum.add(number(x, factor.logConstant()));
    }

    @Override
    public Optional<Multipliable> times(Multipliable step, Stage stage) {
      NDArray like = step.mean().zerosLike();
      return Optional.of(
          isItself(factor.onTheWay(), stage)
              ? step.times(said(like))
              : step.times(seen(like, stage), nothing(like, stage)));
    }
  }

  /** N(y; A E[x_0 | x_t], sigma^2 + w diag(A A^T)), w the variance that x_t alone leaves open. */
  record Measured(Measurement factor, ForwardKernel forward) implements FactorOnTheWay {

    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    @Override
    public NDArray logDensity(NDArray x, Stage stage) {
      long batch = x.getShape().get(0);
      NDArray variance = Rows.repeated(factor.deviations(), batch).square();
      NDArray expected = x;
      if (!isItself(factor.onTheWay(), stage)) {
        expected = forward.alone(x, stage).mean();
        variance = factor.map().squares(x).mul(stage.noise().reshape(-1, 1)).add(variance);
      }
      NDArray missed = Rows.repeated(factor.values(), batch).sub(factor.map().apply(expected));
      NDArray log = missed.square().div(variance).add(variance.log()).add(LOG_TWO_PI);
      return Distribution.perExample(log.mul(number(x, -0.5))).add(number(x, factor.logConstant()));
    }
  }
}
