package org.dpm.gaussian;

import org.dpm.api.GaussianPath;

/** The four paths, each with its scales written out in double precision. */
enum Paths {
  VARIANCE_PRESERVING,
  VARIANCE_EXPLODING,
  SUB_VP,
  CONDITIONAL_OT;

  GaussianPath path() {
    return switch (this) {
      case VARIANCE_PRESERVING -> new VariancePreserving();
      case VARIANCE_EXPLODING -> new VarianceExploding();
      case SUB_VP -> new SubVariancePreserving();
      case CONDITIONAL_OT -> new ConditionalOptimalTransport();
    };
  }

  /** a. */
  double signal(double lambda) {
    return switch (this) {
      case VARIANCE_PRESERVING -> Math.sqrt(1 / (1 + Math.exp(-lambda)));
      case VARIANCE_EXPLODING -> 1;
      case SUB_VP -> {
        // (1 - a^2) / a = r, so that a is half of sqrt(r^2 + 4) - r.
        double r = Math.exp(-lambda / 2);
        yield 2 / (Math.sqrt(r * r + 4) + r);
      }
      case CONDITIONAL_OT -> 1 / (1 + Math.exp(-lambda / 2));
    };
  }

  /** s. */
  double noise(double lambda) {
    return switch (this) {
      case VARIANCE_PRESERVING -> Math.sqrt(1 / (1 + Math.exp(lambda)));
      case VARIANCE_EXPLODING -> Math.exp(-lambda / 2);
      case SUB_VP -> 1 - Math.pow(signal(lambda), 2);
      case CONDITIONAL_OT -> 1 / (1 + Math.exp(lambda / 2));
    };
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
