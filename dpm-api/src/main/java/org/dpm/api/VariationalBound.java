package org.dpm.api;

import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * K, the lower bound on the log likelihood, term by term, for any kernel that returns
 * distributions. Sohl-Dickstein et al. 2015, equation 14, kept a bound for each single example:
 *
 * <pre>
 * -K = KL(q(x_T|x_0) || p(x_T)) + sum_{t=2..T} E_q KL(q(x_{t-1}|x_t,x_0) || p(x_{t-1}|x_t))
 *      - E_q log p(x_0|x_1)
 * </pre>
 *
 * <p>The paper writes the first and last terms as entropies, which is the same on average for data
 * that have the stationary distribution's moments. All methods return [B], or one number for each
 * group of elements if asked for, in nats, signed as costs: their sum is -K.
 */
public final class VariationalBound {

  private final Diffusion diffusion;
  private final UnaryOperator<NDArray> reduction;

  /** For each example. */
  public VariationalBound(Diffusion diffusion) {
    this(diffusion, Distribution::perExample);
  }

  /**
   * For groups of elements.
   *
   * @param reduction adds [B, element...] up to one number for each example, [B], or for each group
   *     of elements, [B, groups]
   */
  public VariationalBound(Diffusion diffusion, UnaryOperator<NDArray> reduction) {
    this.diffusion = diffusion;
    this.reduction = reduction;
  }

  /** KL(q(x_T|x_0) || p(x_T)): how much of the data the whole diffusion leaves. */
  public NDArray prior(NDArray data) {
    Stage last = diffusion.stage(data, diffusion.steps());
    Distribution end = diffusion.forward().marginal(data, last);
    return reduction.apply(end.divergence(diffusion.forward().end(data, last)));
  }

  /**
   * KL(q(x_s|x_t,x_0) || p(x_s|x_t)) at one x_t drawn from q(x_t|x_0), of a step that does not lead
   * to the data.
   *
   * @param step t of 2..T for each example, or a single one for all
   */
  public NDArray step(NDArray data, Noise noise, int... step) {
    return step(diffusion, data, noise, step);
  }

  private NDArray step(Diffusion diffusion, NDArray data, Noise noise, int... step) {
    Stage stage = diffusion.stage(data, step);
    NDArray current = diffusion.forward().marginal(data, stage).sample(noise);
    Distribution truth = diffusion.forward().posterior(data, current, stage);
    return reduction.apply(truth.divergence(diffusion.back(current, stage)));
  }

  /**
   * -log p(x_0|x_1) at one x_1 drawn from q(x_1|x_0).
   *
   * <p>Where p is the forward kernel this is H_q(X_1|X_0) and a small remainder: the paper's "no
   * edge effect", of which only the remainder is left to chance.
   */
  public NDArray last(NDArray data, Noise noise) {
    return last(diffusion, data, noise);
  }

  private NDArray last(Diffusion diffusion, NDArray data, Noise noise) {
    Stage stage = diffusion.stage(data, 1);
    Distribution first = diffusion.forward().marginal(data, stage);
    NDArray current = first.sample(noise);
    NDArray cost = diffusion.back(current, stage).logProbability(data).neg();
    if (diffusion.lastStep() == Diffusion.LastStep.FORWARD) {
      cost = cost.add(first.logProbability(current)).add(first.entropy());
    }
    return reduction.apply(cost);
  }

  /** -K from every step once: exact but for one draw of x_t at each. Without gradient. */
  public NDArray total(NDArray data, Noise noise) {
    Noise own = noise.child("every step");
    NDArray total = closed(() -> prior(data).add(last(data, own.at(1))));
    for (int t = 2; t <= diffusion.steps(); t++) {
      int step = t;
      NDArray sum = total;
      total = closed(() -> sum.add(step(data, own.at(step), step)));
      sum.close();
    }
    total.attach(data.getManager());
    return total;
  }

  /** An unbiased estimate of -K from one step for each example, spread evenly over the batch. */
  public NDArray estimate(NDArray data, Noise noise) {
    int batch = Math.toIntExact(data.getShape().get(0));
    return estimate(data, diffusion.steps(firstStep(), noise.spread(batch)), noise);
  }

  /** The first step that is in question: 2 where the last reverse step is the forward kernel. */
  public int firstStep() {
    return diffusion.lastStep() == Diffusion.LastStep.FORWARD ? 2 : 1;
  }

  /**
   * The same from given steps: what each costs stands for as many steps as there are. The mean over
   * steps that are uniform from {@link #firstStep} to T is -K; where some come more often than
   * others, they count for as much more.
   *
   * @param steps one for each example
   */
  public NDArray estimate(NDArray data, int[] steps, Noise noise) {
    int choices = diffusion.steps() + 1 - firstStep();
    NDArray prior = prior(data);
    if (diffusion.lastStep() == Diffusion.LastStep.FORWARD) {
      NDArray inner = step(data, noise, steps);
      return prior.add(last(data, noise)).add(inner.mul(number(data, choices)));
    }
    return prior.add(stepOrLast(data, noise, steps).mul(number(data, choices)));
  }

  /** Examples at step 1 and the others take different formulas: each kind in a batch of its own. */
  private NDArray stepOrLast(NDArray data, Noise noise, int[] steps) {
    int[] ends = IntStream.range(0, steps.length).filter(i -> steps[i] == 1).toArray();
    int[] inner = IntStream.range(0, steps.length).filter(i -> steps[i] > 1).toArray();
    if (ends.length == 0) {
      return step(data, noise, steps);
    }
    NDArray last = last(diffusion.rows(steps.length, ends), rows(data, ends), noise.subset(ends));
    if (inner.length == 0) {
      return last;
    }
    int[] innerSteps = IntStream.of(inner).map(i -> steps[i]).toArray();
    NDArray others =
        step(
            diffusion.rows(steps.length, inner),
            rows(data, inner),
            noise.subset(inner),
            innerSteps);
    int[] place = new int[steps.length];
    for (int i = 0; i < ends.length; i++) {
      place[ends[i]] = i;
    }
    for (int i = 0; i < inner.length; i++) {
      place[inner[i]] = ends.length + i;
    }
    return rows(NDArrays.concat(new NDList(last, others)), place);
  }

  private static NDArray rows(NDArray array, int[] indices) {
    return array.get(array.getManager().create(indices));
  }

  private static NDArray closed(Supplier<NDArray> computation) {
    try (NDScope scope = new NDScope()) {
      NDArray result = computation.get();
      NDScope.unregister(result);
      return result;
    }
  }
}
