package org.dpm.gaussian;

import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.dpm.api.GaussianPath;

/** The four paths, each with its scales written out in double precision. */
enum Paths {
  VARIANCE_PRESERVING(
      VariancePreserving::new,
      l -> Math.sqrt(1 / (1 + Math.exp(-l))),
      l -> Math.sqrt(1 / (1 + Math.exp(l)))),
  VARIANCE_EXPLODING(() -> new VarianceExploding(time -> time), l -> 1, l -> Math.exp(-l / 2)),
  SUB_VP(SubVariancePreserving::new, Paths::subSignal, l -> 1 - Math.pow(subSignal(l), 2)),
  CONDITIONAL_OT(
      ConditionalOptimalTransport::new,
      l -> 1 / (1 + Math.exp(-l / 2)),
      l -> 1 / (1 + Math.exp(l / 2)));

  private final Supplier<GaussianPath> path;
  private final DoubleUnaryOperator signal;
  private final DoubleUnaryOperator noise;

  Paths(Supplier<GaussianPath> path, DoubleUnaryOperator signal, DoubleUnaryOperator noise) {
    this.path = path;
    this.signal = signal;
    this.noise = noise;
  }

  /** The a of which (1 - a^2) / a = r: half of sqrt(r^2 + 4) - r. */
  private static double subSignal(double lambda) {
    double r = Math.exp(-lambda / 2);
    return 2 / (Math.sqrt(r * r + 4) + r);
  }

  GaussianPath path() {
    return path.get();
  }

  /** a. */
  double signal(double lambda) {
    return signal.applyAsDouble(lambda);
  }

  /** s. */
  double noise(double lambda) {
    return noise.applyAsDouble(lambda);
  }

  /** Noise that explodes has no end. */
  double lowestLogSnr() {
    return this == VARIANCE_EXPLODING ? -30 : Double.NEGATIVE_INFINITY;
  }

  /** The step of the paper is variance-preserving. */
  boolean takes(GaussianReverseKernel.Prediction prediction) {
    return this == VARIANCE_PRESERVING || prediction != GaussianReverseKernel.Prediction.PAPER;
  }
}
