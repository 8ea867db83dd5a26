package org.dpm.evaluation.likelihood;

/**
 * The weights of one example's trajectories, given as logarithms one by one: their mean, and how
 * far it can be trusted. Kept relative to the largest, so that nothing over- or underflows.
 */
final class LogWeights {

  private int count;
  private double largest = Double.NEGATIVE_INFINITY;
  private double sum;
  private double squares;
  private double logarithms;

  /** One more weight; minus infinity for a trajectory that the model cannot take. */
  void add(double logWeight) {
    count++;
    logarithms += logWeight;
    if (logWeight > largest) {
      double shrink = Math.exp(largest - logWeight);
      sum *= shrink;
      squares *= shrink * shrink;
      largest = logWeight;
    }
    if (logWeight > Double.NEGATIVE_INFINITY) {
      double weight = Math.exp(logWeight - largest);
      sum += weight;
      squares += weight * weight;
    }
  }

  /** What the weights say so far. */
  TrajectoryEstimate estimate() {
    double effective = squares > 0 ? sum * sum / squares : 0;
    // The relative variance of a mean of S weights, (S sum w^2 / (sum w)^2 - 1) / (S - 1).
    double relative = count > 1 ? Math.max(0, count / effective - 1) / (count - 1) : Double.NaN;
    return new TrajectoryEstimate(
        logarithms / count, largest + Math.log(sum / count), Math.sqrt(relative), effective);
  }
}
