package org.dpm.posterior;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;

/** The particles of all runs by their weights: each run is resampled by itself. */
final class Population {

  private final int particles;
  private final double threshold;
  private final Noise noise;
  private final long first;
  private final double[] logWeights;
  private final double[] logEvidence;
  private int round;

  /**
   * @param first the number of the first run
   */
  Population(long first, int runs, int particles, double threshold, Noise noise) {
    this.first = first;
    this.particles = particles;
    this.threshold = threshold;
    this.noise = noise;
    logWeights = new double[runs * particles];
    logEvidence = new double[runs];
  }

  /** Multiplies the weights; {@code where} says at what step, for messages. */
  void weigh(double[] logs, String where) {
    for (int i = 0; i < logs.length; i++) {
      logWeights[i] += logs[i];
      if (Double.isNaN(logWeights[i])) {
        throw new InvalidInput(
            "%s: the weight of a draw is not a number. Does r stay finite there?".formatted(where));
      }
    }
    for (int run = 0; run < logEvidence.length; run++) {
      if (weights(run).logMean() == Double.NEGATIVE_INFINITY) {
        throw new InvalidInput(
            ("%s: r, or what is known, is impossible for every one of %d draws. It may contradict"
                    + " the model; otherwise draw more particles.")
                .formatted(where, particles));
      }
    }
  }

  /**
   * Resamples the runs that have become too unequal, or all of them.
   *
   * @return which particle each continues
   */
  int[] resample(boolean all) {
    int[] ancestors = IntStream.range(0, logWeights.length).toArray();
    round++;
    for (int run = 0; run < logEvidence.length; run++) {
      ParticleWeights weights = weights(run);
      if (all || particles == 1 || weights.effectiveShare() < threshold) {
        settle(run, weights, ancestors);
      }
    }
    return ancestors;
  }

  /** The shape of the tail of all weights as they are, {@link ParetoTail}. */
  double tail() {
    double[] logs = logWeights.clone();
    for (int i = 0; i < logs.length; i++) {
      logs[i] += logEvidence[i / particles];
    }
    return ParetoTail.shape(logs);
  }

  /** How many particles there are in all runs. */
  int size() {
    return logWeights.length;
  }

  private void settle(int run, ParticleWeights weights, int[] ancestors) {
    int from = run * particles;
    logEvidence[run] += weights.logMean();
    int[] chosen = weights.ancestors(noise.from(first + run).at(round).uniform());
    for (int i = 0; i < particles; i++) {
      ancestors[from + i] = from + chosen[i];
    }
    Arrays.fill(logWeights, from, from + particles, 0);
  }

  /** The logarithm of each run's product of mean weights; complete once all are resampled. */
  double[] logEvidence() {
    return logEvidence.clone();
  }

  private ParticleWeights weights(int run) {
    return new ParticleWeights(
        Arrays.copyOfRange(logWeights, run * particles, (run + 1) * particles));
  }
}
