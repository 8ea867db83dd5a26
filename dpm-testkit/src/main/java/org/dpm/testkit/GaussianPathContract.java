package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.dpm.api.GaussianPath;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a path leads from the data to noise, and that its three functions are of one path. */
@DisplayName("A Gaussian path")
public abstract class GaussianPathContract extends Contract {

  /** What is tested. */
  protected abstract GaussianPath path();

  @Test
  @DisplayName("begins with the data exactly: a = 1 and s = 0")
  void beginsWithTheData() {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      NDArray clean = logSnrs(type, Double.POSITIVE_INFINITY);
      // Adding 0 makes a plain zero of minus zero.
      assertThat(doubles(path().logSignalScale(clean))[0] + 0.0).as("log a").isEqualTo(0.0);
      assertThat(doubles(path().logNoiseScale(clean)))
          .as("log s")
          .containsExactly(Double.NEGATIVE_INFINITY);
      assertThat(doubles(path().velocityScale(clean)))
          .as("c, by which x_0 = c x_0")
          .containsExactly(new double[] {1}, within(rounding(clean, 0)));
    }
  }

  @Test
  @DisplayName("ends in noise exactly: s / a is infinite, and each is a number or its limit")
  void endsInNoise() {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      NDArray lost = logSnrs(type, Double.NEGATIVE_INFINITY);
      double signal = doubles(path().logSignalScale(lost))[0];
      double noise = doubles(path().logNoiseScale(lost))[0];
      assertThat(signal - noise).as("log a - log s").isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(signal).as("log a").isLessThanOrEqualTo(0);
      assertThat(doubles(path().velocityScale(lost))[0]).as("c").isFinite();
    }
  }

  @Test
  @DisplayName("has for log a - log s half of lambda")
  void ratioIsLambda() {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      NDArray logSnr = logSnrs(type);
      double[] ratio = doubles(path().logSignalScale(logSnr).sub(path().logNoiseScale(logSnr)));
      assertAlike("log a - log s", logSnr, ratio, doubles(logSnr.mul(0.5)));
    }
  }

  @Test
  @DisplayName("loses signal and gains noise all the way")
  void signalShrinksAndNoiseGrows() {
    NDArray logSnr = logSnrs(DataType.FLOAT64);
    double[] signal = doubles(path().logSignalScale(logSnr));
    double[] noise = doubles(path().logNoiseScale(logSnr));
    // In the order of time: lambda falls.
    for (int i = 1; i < signal.length; i++) {
      assertThat(signal[i]).as("log a, point %d", i).isLessThanOrEqualTo(signal[i - 1]);
      assertThat(noise[i]).as("log s, point %d", i).isGreaterThanOrEqualTo(noise[i - 1]);
      assertThat(signal[i] - noise[i]).isLessThan(signal[i - 1] - noise[i - 1]);
    }
  }

  @Test
  @DisplayName("moves along its velocity where the data stay")
  void velocityIsTheDirection() {
    // dx/dlambda = a' x_0 + s' e is in proportion to v = c e - ((1 - c a) / s) x_0.
    double step = 1e-4;
    NDArray logSnr = logSnrs(DataType.FLOAT64, 12, 6, 3, 1, 0, -1, -3, -6, -12);
    double[] signal = exponentials(path().logSignalScale(logSnr));
    double[] noise = exponentials(path().logNoiseScale(logSnr));
    double[] c = doubles(path().velocityScale(logSnr));
    for (int i = 0; i < c.length; i++) {
      double lambda = doubles(logSnr)[i];
      NDArray around = logSnrs(DataType.FLOAT64, lambda - step, lambda + step);
      double[] signals = exponentials(path().logSignalScale(around));
      double[] noises = exponentials(path().logNoiseScale(around));
      double ofSignal = (signals[1] - signals[0]) / (2 * step);
      double ofNoise = (noises[1] - noises[0]) / (2 * step);
      double scale = Math.abs(ofNoise) + Math.abs(ofSignal) * noise[i];
      // Differences are right to step^2 / 6, and to rounding over step.
      assertThat((ofSignal * noise[i] * c[i] + ofNoise * (1 - c[i] * signal[i])) / scale)
          .as("a' s c + s' (1 - c a) at lambda = %s", lambda)
          .isCloseTo(0, within(1e-6));
    }
  }

  @Test
  @DisplayName("gives x_0 back from the velocity, also in single precision")
  void velocityTellsTheData() {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      NDArray logSnr = logSnrs(type, 12, 6, 3, 1, 0, -1, -3, -6, -12);
      NDArray data = noise("data").gaussian(logSnr);
      NDArray e = noise("e").gaussian(logSnr);
      NDArray a = path().logSignalScale(logSnr).exp();
      NDArray s = path().logNoiseScale(logSnr).exp();
      NDArray c = path().velocityScale(logSnr);
      NDArray current = data.mul(a).add(e.mul(s));
      NDArray velocity = c.mul(e).sub(c.mul(a).neg().add(1).div(s).mul(data));
      double[] found = doubles(c.mul(current).sub(s.mul(velocity)));
      double[] expected = doubles(data);
      double[] noise = doubles(s);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i])
            .as("c x_t - s v, point %d", i)
            .isCloseTo(expected[i], within(rounding(data, noise[i])));
      }
    }
  }

  @Test
  @DisplayName("has the right slopes in lambda, finite however deep in the noise")
  void slopesAreFinite() {
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
      // Not at 20, from where on the engine takes softplus(x) for x: a step of 2e-9.
      NDArray logSnr = logSnrs(type, 60, 19, 4, 0.5, -0.5, -4, -19, -60);
      NDArray asked = logSnr.duplicate();
      asked.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        LateBackward.of(collector, sum(asked));
      }
      double[] gradient = doubles(asked.getGradient());
      assertThat(Arrays.stream(gradient).allMatch(Double::isFinite))
          .as("slopes %s are finite", Arrays.toString(gradient))
          .isTrue();
      new Slopes(logSnr, moved -> doubles(sum(moved))[0]).assertMatch("slope in lambda", gradient);
    }
  }

  private NDArray sum(NDArray logSnr) {
    NDArray scales =
        path().logSignalScale(logSnr).add(path().logNoiseScale(logSnr).mul(number(logSnr, 0.3)));
    return scales.add(path().velocityScale(logSnr)).sum();
  }

  /** From 30 down to -30, if none are given. */
  private NDArray logSnrs(DataType type, double... values) {
    double[] all = values;
    if (values.length == 0) {
      all = new double[121];
      for (int i = 0; i < all.length; i++) {
        all[i] = 30 - 0.5 * i;
      }
    }
    NDArray logSnr = manager.create(all);
    return type == DataType.FLOAT64 ? logSnr : logSnr.toType(type, false);
  }

  private static double[] exponentials(NDArray logarithms) {
    return Arrays.stream(doubles(logarithms)).map(Math::exp).toArray();
  }
}
