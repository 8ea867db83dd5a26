package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Where in the trajectory a batch stands: at time t, having come from an earlier time s (usually
 * one step before). Every array has the shape [B, 1, ..., 1], or ones only, so that it broadcasts
 * against data of shape [B, element...].
 *
 * <p>In the paper's symbols, with abar_t the product of (1 - beta) up to t. All are computed from
 * logarithms, so that beta near 0 and abar equal to 0 or 1 keep their meaning in single precision.
 * Each is computed when it is first asked for, and lives in the {@link ai.djl.ndarray.NDScope} that
 * is open then: a stage is not for use beyond the scope that it is first used in.
 */
public final class Stage {

  private final NDArray time;
  private final NDArray logSnr;
  private final NDArray previousLogSnr;
  private @Nullable NDArray signal;
  private @Nullable NDArray signalScale;
  private @Nullable NDArray noise;
  private @Nullable NDArray noiseScale;
  private @Nullable NDArray previousSignal;
  private @Nullable NDArray previousSignalScale;
  private @Nullable NDArray previousNoise;
  private @Nullable NDArray kept;
  private @Nullable NDArray keptScale;
  private @Nullable NDArray beta;

  private Stage(NDArray time, NDArray logSnr, NDArray previousLogSnr) {
    this.time = time;
    this.logSnr = logSnr;
    this.previousLogSnr = previousLogSnr;
  }

  /**
   * The stage at {@code time} reached from an earlier one.
   *
   * @param time t / T, in (0, 1]
   * @param logSnr log signal-to-noise ratio at {@code time}; may be minus infinity
   * @param previousLogSnr the same at the earlier time, larger; plus infinity for the data
   *     themselves
   */
  public static Stage of(NDArray time, NDArray logSnr, NDArray previousLogSnr) {
    return new Stage(time, logSnr, previousLogSnr);
  }

  /** t / T, in (0, 1]. */
  public NDArray time() {
    return time;
  }

  /** log(abar_t / (1 - abar_t)). */
  public NDArray logSnr() {
    return logSnr;
  }

  /** abar_t, the signal that is left. */
  public NDArray signal() {
    if (signal == null) {
      signal = sigmoid(logSnr);
    }
    return signal;
  }

  /**
   * sqrt(abar_t). Not the root of {@link #signal()}, whose slope would be infinite where the signal
   * is smaller than single precision can tell from 0.
   */
  public NDArray signalScale() {
    if (signalScale == null) {
      signalScale = rootOfSigmoid(logSnr);
    }
    return signalScale;
  }

  /** 1 - abar_t. */
  public NDArray noise() {
    if (noise == null) {
      noise = sigmoid(logSnr.neg());
    }
    return noise;
  }

  /** sqrt(1 - abar_t). */
  public NDArray noiseScale() {
    if (noiseScale == null) {
      noiseScale = rootOfSigmoid(logSnr.neg());
    }
    return noiseScale;
  }

  /** abar_s, at the earlier time. */
  public NDArray previousSignal() {
    if (previousSignal == null) {
      previousSignal = sigmoid(previousLogSnr);
    }
    return previousSignal;
  }

  /** sqrt(abar_s), at the earlier time. */
  public NDArray previousSignalScale() {
    if (previousSignalScale == null) {
      previousSignalScale = rootOfSigmoid(previousLogSnr);
    }
    return previousSignalScale;
  }

  /** 1 - abar_s, at the earlier time; 0 for the data. */
  public NDArray previousNoise() {
    if (previousNoise == null) {
      previousNoise = sigmoid(previousLogSnr.neg());
    }
    return previousNoise;
  }

  /** 1 - beta = abar_t / abar_s, what this stage keeps. */
  public NDArray kept() {
    if (kept == null) {
      kept = logKept().exp();
    }
    return kept;
  }

  /** sqrt(1 - beta). */
  public NDArray keptScale() {
    if (keptScale == null) {
      keptScale = logKept().mul(number(logSnr, 0.5)).exp();
    }
    return keptScale;
  }

  /**
   * beta = 1 - abar_t / abar_s, what this stage destroys: (1 - abar_t) (1 - e^d), d = logSnr_t -
   * logSnr_s, with 1 - e^d written as a hyperbolic tangent since the difference would cancel.
   */
  public NDArray beta() {
    if (beta == null) {
      NDArray half = logSnr.sub(previousLogSnr).mul(number(logSnr, 0.5)).tanh();
      beta = noise().mul(half.mul(number(half, -2))).div(half.neg().add(1f));
    }
    return beta;
  }

  /** log(beta / (1 - beta)); plus infinity where beta = 1. */
  public NDArray logOddsOfBeta() {
    return beta().log().sub(logKept());
  }

  private NDArray logKept() {
    return logSigmoid(logSnr).sub(logSigmoid(previousLogSnr));
  }

  private static NDArray sigmoid(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  private static NDArray rootOfSigmoid(NDArray x) {
    return logSigmoid(x).mul(number(x, 0.5)).exp();
  }

  private static NDArray logSigmoid(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus().neg();
  }
}
