package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where in the trajectory a batch stands: at time t, next to an earlier time s, which may be that
 * of the data, time 0. Every array has the shape [B, 1, ..., 1], or ones only, so that it
 * broadcasts against data of shape [B, element...].
 *
 * <p>lambda is the log signal-to-noise ratio, log(abar / (1 - abar)), with abar the fraction of the
 * signal that is left in the paper's sense, the product of (1 - beta). All are computed from
 * logarithms, so that beta near 0 and abar equal to 0 or 1 keep their meaning in single precision.
 * What a {@link GaussianPath} makes of lambda is in {@link GaussianStage}.
 *
 * <p>Each is computed when it is first asked for, and lives in the {@link ai.djl.ndarray.NDScope}
 * that is open then: a stage is not for use beyond the scope that it is first used in.
 */
public final class Stage {

  private final double[] times;
  private final double[] earlier;
  private final NDArray logSnr;
  private final NDArray previousLogSnr;
  private final Map<Object, Object> derived = new HashMap<>();

  private Stage(double[] times, double[] earlier, NDArray logSnr, NDArray previousLogSnr) {
    if (times.length != earlier.length || times.length != logSnr.getShape().get(0)) {
      throw new IllegalArgumentException(
          "times must be as many as signal-to-noise ratios, but are %d and %d beside %s"
              .formatted(times.length, earlier.length, logSnr.getShape()));
    }
    this.times = times;
    this.earlier = earlier;
    this.logSnr = logSnr;
    this.previousLogSnr = previousLogSnr;
  }

  /**
   * A stage at given times, one for each example or one for all.
   *
   * @param times t, in [0, 1]
   * @param earlier s, at most t; 0 for the data
   * @param logSnr lambda at t, [times, 1, ..., 1]; may be minus infinity
   * @param previousLogSnr lambda at s; plus infinity for the data
   */
  public static Stage of(double[] times, double[] earlier, NDArray logSnr, NDArray previousLogSnr) {
    return new Stage(times.clone(), earlier.clone(), logSnr, previousLogSnr);
  }

  /** The data's own: time 0, without noise, next to nothing. For x like {@code like}. */
  public static Stage ofData(NDArray like) {
    long[] ones = new long[Math.max(1, like.getShape().dimension())];
    Arrays.fill(ones, 1);
    NDArray clean = like.getManager().full(new Shape(ones), Float.POSITIVE_INFINITY);
    clean = like.getDataType() == DataType.FLOAT64 ? clean.toType(DataType.FLOAT64, false) : clean;
    return new Stage(new double[1], new double[1], clean, clean);
  }

  /** t of each example, or the one of all. */
  public double[] times() {
    return times.clone();
  }

  /** s of each example, or the one of all. */
  public double[] previousTimes() {
    return earlier.clone();
  }

  /** Whether s is time 0 for every example: a step back from here leads to the data. */
  public boolean leadsToData() {
    return Arrays.stream(earlier).allMatch(time -> time == 0);
  }

  /** t, in (0, 1]; 0 for the data. */
  public NDArray time() {
    return derived("time", () -> column(times));
  }

  /** s. */
  public NDArray previousTime() {
    return derived("previous time", () -> column(earlier));
  }

  private NDArray column(double[] values) {
    NDArray column;
    if (logSnr.getDataType() == DataType.FLOAT64) {
      column = logSnr.getManager().create(values, logSnr.getShape());
    } else {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      column = logSnr.getManager().create(floats, logSnr.getShape());
    }
    return column;
  }

  /** lambda_t. */
  public NDArray logSnr() {
    return logSnr;
  }

  /** lambda_s; plus infinity for the data. */
  public NDArray previousLogSnr() {
    return previousLogSnr;
  }

  /** abar_t, the signal that is left. */
  public NDArray signal() {
    return derived("signal", () -> sigmoid(logSnr));
  }

  /** 1 - abar_t. */
  public NDArray noise() {
    return derived("noise", () -> sigmoid(logSnr.neg()));
  }

  /** abar_s. */
  public NDArray previousSignal() {
    return derived("previous signal", () -> sigmoid(previousLogSnr));
  }

  /** 1 - abar_s; 0 for the data. */
  public NDArray previousNoise() {
    return derived("previous noise", () -> sigmoid(previousLogSnr.neg()));
  }

  /** 1 - beta = abar_t / abar_s, what this stage keeps. */
  public NDArray kept() {
    return derived("kept", () -> logKept().exp());
  }

  /**
   * beta = 1 - abar_t / abar_s, what this stage destroys: (1 - abar_t) times {@link #lostShare}.
   */
  public NDArray beta() {
    return derived("beta", () -> noise().mul(lostShare()));
  }

  /** log(beta / (1 - beta)); plus infinity where beta = 1. */
  public NDArray logOddsOfBeta() {
    return beta().log().sub(logKept());
  }

  /**
   * 1 - e^(lambda_t - lambda_s): which share of the ratio of noise to signal at t has come since s.
   * 1 for a step from the data. Written as a hyperbolic tangent, since the difference would cancel.
   */
  public NDArray lostShare() {
    return derived(
        "lost share",
        () -> {
          NDArray half = logSnr.sub(previousLogSnr).mul(number(logSnr, 0.5)).tanh();
          return half.mul(number(half, -2)).div(half.neg().add(1f));
        });
  }

  private NDArray logKept() {
    return logSigmoid(logSnr).sub(logSigmoid(previousLogSnr));
  }

  /**
   * Something that is computed from this stage, once for all that ask for it.
   *
   * @param key what it is, with equality: unique to whoever computes it
   */
  @SuppressWarnings("unchecked") // under one key there is one type
  public <T> T derived(Object key, Supplier<T> computation) {
    @Nullable Object known = derived.get(key);
    if (known == null) {
      known = computation.get();
      derived.put(key, known);
    }
    return (T) known;
  }

  private static NDArray sigmoid(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  private static NDArray logSigmoid(NDArray x) {
    return x.neg().getNDArrayInternal().softPlus().neg();
  }
}
