package org.dpm.evaluation.diagnostics;

import org.dpm.evaluation.Bits;

/**
 * One reverse step, from x_t to x_{t-1}, or the mean one of a stretch of them, in bits per example.
 * The bounds on its entropy are those of Sohl-Dickstein et al. 2015, equation 25:
 *
 * <pre>
 * H_q(X_t|X_{t-1}) + H_q(X_{t-1}|X_0) - H_q(X_t|X_0) <= H_q(X_{t-1}|X_t) <= H_q(X_t|X_{t-1})
 * </pre>
 *
 * <p>The lower one is H_q(X_{t-1}|X_t,X_0), the entropy of whoever knows the data. The upper one
 * needs data whose entropy does not exceed that of the stationary distribution.
 *
 * @param first t of 2..T, a place on the grid
 * @param last the same for a single step, or where the stretch ends
 * @param earlier the time that the step leads to, or the whole stretch
 * @param time where it begins
 * @param contribution of the step to K, -E KL(q(x_{t-1}|x_t,x_0) || p(x_{t-1}|x_t)), never positive
 * @param lower bound on H_q(X_{t-1}|X_t)
 * @param model the mean entropy of p(x_{t-1}|x_t)
 * @param upper bound on H_q(X_{t-1}|X_t)
 */
public record StepDiagnosis(
    int first,
    int last,
    double earlier,
    double time,
    Bits contribution,
    Bits lower,
    Bits model,
    Bits upper) {

  /** How many steps there are in the stretch. */
  public int count() {
    return last - first + 1;
  }

  /** Where it is, in the middle. */
  public double place() {
    return (first + last) / 2.0;
  }

  /** What one step takes from K. */
  public double cost() {
    return -contribution.mean();
  }

  /**
   * How far the bounds are apart: by how much one step of noise widens what is known of x_t from
   * the data. The best model costs no more than this, and a model that costs more describes x_{t-1}
   * worse than the width of the forward step alone.
   */
  public double room() {
    return upper.mean() - lower.mean();
  }
}
