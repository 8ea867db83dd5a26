package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * A stage on a Gaussian path: the scales of signal and noise at both of its ends, and what follows
 * from them for every path alike, with d = lambda_t - lambda_s:
 *
 * <pre>
 * q(x_t | x_s)      = N((a_t / a_s) x_s, s_t^2 (1 - e^d))
 * q(x_s | x_t, x_0) = N(a_s (1 - e^d) x_0 + (a_t / a_s) (s_s^2 / s_t^2) x_t, s_s^2 (1 - e^d))
 * </pre>
 *
 * <p>Shapes are those of the {@link Stage}.
 */
public final class GaussianStage {

  private final GaussianPath path;
  private final Stage stage;
  private final NDArray logSignal;
  private final NDArray logNoise;
  private final NDArray logPreviousSignal;
  private final NDArray logPreviousNoise;
  private @Nullable NDArray signal;
  private @Nullable NDArray noise;
  private @Nullable NDArray noiseVariance;
  private @Nullable NDArray total;
  private @Nullable NDArray previousSignal;
  private @Nullable NDArray kept;
  private @Nullable NDArray ofData;
  private @Nullable NDArray ofCurrent;
  private @Nullable NDArray variance;

  private GaussianStage(GaussianPath path, Stage stage) {
    this.path = path;
    this.stage = stage;
    logSignal = path.logSignalScale(stage.logSnr());
    logNoise = path.logNoiseScale(stage.logSnr());
    logPreviousSignal = path.logSignalScale(stage.previousLogSnr());
    logPreviousNoise = path.logNoiseScale(stage.previousLogSnr());
  }

  /** The stage on the path; computed once for all that ask for it. */
  public static GaussianStage of(GaussianPath path, Stage stage) {
    return stage.derived(path, () -> new GaussianStage(path, stage));
  }

  /** a_t. */
  public NDArray signal() {
    if (signal == null) {
      signal = logSignal.exp();
    }
    return signal;
  }

  /** s_t. */
  public NDArray noise() {
    if (noise == null) {
      noise = logNoise.exp();
    }
    return noise;
  }

  /** s_t^2. */
  public NDArray noiseVariance() {
    if (noiseVariance == null) {
      noiseVariance = squared(logNoise);
    }
    return noiseVariance;
  }

  /** a_t^2 + s_t^2: the variance of x_t for data of unit variance. */
  public NDArray total() {
    if (total == null) {
      total = squared(logSignal).add(noiseVariance());
    }
    return total;
  }

  /** s_t^2 / (a_t^2 + s_t^2) = sigmoid(-lambda_t): what x_t leaves open of data of N(0, 1). */
  public NDArray open() {
    return stage.noise();
  }

  /** c, of the velocity. */
  public NDArray velocityScale() {
    return path.velocityScale(stage.logSnr());
  }

  /** a_s; 1 for the data. */
  public NDArray previousSignal() {
    if (previousSignal == null) {
      previousSignal = logPreviousSignal.exp();
    }
    return previousSignal;
  }

  /** s_s; 0 for the data. */
  public NDArray previousNoise() {
    return logPreviousNoise.exp();
  }

  /** a_t / a_s. */
  public NDArray kept() {
    if (kept == null) {
      kept = logSignal.sub(logPreviousSignal).exp();
    }
    return kept;
  }

  /** s_t^2 (1 - e^d), the variance of q(x_t | x_s). */
  public NDArray added() {
    return noiseVariance().mul(stage.lostShare());
  }

  /** a_s (1 - e^d): the factor of x_0 in the mean of q(x_s | x_t, x_0). */
  public NDArray ofData() {
    if (ofData == null) {
      ofData = previousSignal().mul(stage.lostShare());
    }
    return ofData;
  }

  /** (a_t / a_s) (s_s^2 / s_t^2): the factor of x_t in the mean of q(x_s | x_t, x_0). */
  public NDArray ofCurrent() {
    if (ofCurrent == null) {
      ofCurrent = kept().mul(squared(logPreviousNoise.sub(logNoise)));
    }
    return ofCurrent;
  }

  /** s_s^2 (1 - e^d), the variance of q(x_s | x_t, x_0); 0 for a step to the data. */
  public NDArray variance() {
    if (variance == null) {
      variance = squared(logPreviousNoise).mul(stage.lostShare());
    }
    return variance;
  }

  /** The square of what has this logarithm. */
  private static NDArray squared(NDArray log) {
    return log.mul(number(log, 2)).exp();
  }
}
