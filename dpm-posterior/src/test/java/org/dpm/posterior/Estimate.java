package org.dpm.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.function.ToDoubleFunction;

/**
 * Expectations from independent runs, each weighted by its estimate of Z, which makes them
 * consistent in all particles together; with the standard error that the runs' scatter says.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Estimate(float[][][] runs, double[] logEvidence) {

  static Estimate of(PosteriorDraws draws) {
    int count = draws.logEvidence().length;
    NDArray x = draws.x();
    float[] flat = x.toFloatArray();
    int particles = Math.toIntExact(x.getShape().get(0)) / count;
    int size = flat.length / count / particles;
    float[][][] runs = new float[count][particles][size];
    for (int i = 0; i < flat.length; i++) {
      runs[i / size / particles][i / size % particles][i % size] = flat[i];
    }
    return new Estimate(runs, draws.logEvidence());
  }

  record Value(double value, double standardError) {

    /** Within 4 standard errors: by chance in one of 16,000 comparisons. */
    void assertIs(String what, double exact) {
      assertThat(value)
          .as("%s, standard error %.4f", what, standardError)
          .isCloseTo(exact, within(4 * standardError));
    }

    boolean is(double exact) {
      return Math.abs(value - exact) <= 4 * standardError;
    }
  }

  Value logEvidenceValue() {
    double[] ratio = ratios();
    double variance = 0;
    for (double r : ratio) {
      variance += (r - 1) * (r - 1);
    }
    double mean = new ParticleWeights(logEvidence).logMean();
    return new Value(mean, Math.sqrt(variance / (ratio.length - 1.0) / ratio.length));
  }

  Value expectation(ToDoubleFunction<float[]> function) {
    double[] ratio = ratios();
    double[] means = new double[runs.length];
    double sum = 0;
    for (int i = 0; i < runs.length; i++) {
      for (float[] draw : runs[i]) {
        means[i] += function.applyAsDouble(draw) / runs[i].length;
      }
      sum += ratio[i] * means[i] / runs.length;
    }
    double squares = 0;
    for (int i = 0; i < runs.length; i++) {
      squares += Math.pow(ratio[i] * (means[i] - sum), 2);
    }
    return new Value(sum, Math.sqrt(squares / (runs.length - 1.0) / runs.length));
  }

  /** Each run's estimate of Z over their mean. */
  private double[] ratios() {
    double[] normalised = new ParticleWeights(logEvidence).normalised();
    for (int i = 0; i < normalised.length; i++) {
      normalised[i] *= normalised.length;
    }
    return normalised;
  }
}
