package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.ObjIntConsumer;

/**
 * The pieces put together: what objectives, samplers, estimators and posteriors are written
 * against. A trajectory has T steps, x_0 (data) to x_T (noise).
 */
public final class Diffusion {

  /** What the last reverse step p(x_0 | x_1) is. */
  public enum LastStep {
    /**
     * The forward kernel T_pi(x_0 | x_1; beta_1), as in the paper, appendix B.2: nothing to learn.
     */
    FORWARD,
    /** The reverse kernel, like every other step. */
    LEARNED
  }

  private final Shape element;
  private final int steps;
  private final LastStep lastStep;
  private final Schedule schedule;
  private final ForwardKernel forward;
  private final ReverseKernel reverse;
  private final BinaryOperator<NDArray> network;

  /**
   * @param element shape of one example
   * @param steps T, at least 2
   * @param network maps x_t [B, element...] and time [B] to [B, outputs, element...]
   */
  public Diffusion(
      Shape element,
      int steps,
      LastStep lastStep,
      Schedule schedule,
      ForwardKernel forward,
      ReverseKernel reverse,
      BinaryOperator<NDArray> network) {
    if (steps < 2) {
      throw new IllegalArgumentException("steps must be at least 2, but is " + steps);
    }
    this.element = element;
    this.steps = steps;
    this.lastStep = lastStep;
    this.schedule = schedule;
    this.forward = forward;
    this.reverse = reverse;
    this.network = network;
  }

  /** Shape of one example, without the batch axis. */
  public Shape element() {
    return element;
  }

  /** T. */
  public int steps() {
    return steps;
  }

  public LastStep lastStep() {
    return lastStep;
  }

  public Schedule schedule() {
    return schedule;
  }

  public ForwardKernel forward() {
    return forward;
  }

  public ReverseKernel reverse() {
    return reverse;
  }

  /**
   * The stages of the given steps, in the number type and on the device of {@code like}.
   *
   * @param step t of 1..T for each example, or a single one for all
   */
  public Stage stage(NDArray like, int... step) {
    int count = step.length;
    // One call of the schedule for both ends of every step.
    float[] time = new float[2 * count];
    float[] clean = new float[count];
    for (int i = 0; i < count; i++) {
      if (step[i] < 1 || step[i] > steps) {
        throw new IllegalArgumentException("step must be 1 to " + steps + ", but is " + step[i]);
      }
      time[i] = (float) step[i] / steps;
      // Step 0 has no noise: the schedule is asked for step 1 and infinity added.
      time[count + i] = (float) Math.max(step[i] - 1, 1) / steps;
      clean[i] = step[i] == 1 ? Float.POSITIVE_INFINITY : 0;
    }
    NDList ends = schedule.logSnr(column(like, time)).split(2);
    return Stage.of(
        column(like, Arrays.copyOf(time, count)),
        ends.get(0),
        ends.get(1).add(column(like, clean)));
  }

  private NDArray column(NDArray like, float[] values) {
    long[] shape = new long[element.dimension() + 1];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    NDArray column = like.getManager().create(values, new Shape(shape));
    return column.toType(like.getDataType(), false);
  }

  /**
   * Steps from {@code first} to T spread evenly over a batch: example i of B stands at the fraction
   * mod(offset + i / B, 1) of the way. With an offset uniform on [0, 1) each example's step is
   * uniform too, and the batch covers the trajectory far more evenly than independent draws would.
   *
   * @param first the first step to consider, 1 or 2
   */
  public int[] spread(int first, int batch, double offset) {
    int choices = steps + 1 - first;
    int[] spread = new int[batch];
    for (int i = 0; i < batch; i++) {
      double fraction = (offset + (double) i / batch) % 1;
      spread[i] = first + Math.min((int) (fraction * choices), choices - 1);
    }
    return spread;
  }

  /** The network's answer, [B, outputs, element...], to x_t at a stage. */
  public NDArray output(NDArray current, Stage stage) {
    NDArray time = stage.time().reshape(-1);
    long batch = current.getShape().get(0);
    return network.apply(current, time.size() == batch ? time : time.broadcast(batch));
  }

  /**
   * p(x_s | x_t) as the reverse kernel has it. For the step from x_1 to x_0 use {@link #last}.
   *
   * @param current x_t, [B, element...]
   */
  public Distribution step(NDArray current, Stage stage) {
    return reverse.transition(current, output(current, stage), stage);
  }

  /** p(x_0 | x_1), by the convention of {@link #lastStep()}. */
  public Distribution last(NDArray current) {
    Stage first = stage(current, 1);
    return switch (lastStep) {
      case FORWARD -> forward.transition(current, first);
      case LEARNED -> step(current, first);
    };
  }

  /**
   * Draws by the definition of the model: x_T from pi, then every step of p in turn (ancestral
   * sampling).
   *
   * @param manager owns the result
   * @return [count, element...], as the kernel sees data
   */
  public NDArray sample(NDManager manager, long count, Noise noise) {
    return sample(manager, count, noise, (x, step) -> {});
  }

  /**
   * The same, showing the way.
   *
   * @param visitor is shown x_t and t for t = T, ..., 0; the array is closed after the call
   */
  public NDArray sample(
      NDManager manager, long count, Noise noise, ObjIntConsumer<NDArray> visitor) {
    NDArray x;
    try (NDScope scope = new NDScope()) {
      NDArray like = manager.zeros(new Shape(count).addAll(element), DataType.FLOAT32);
      x = forward.stationary(like).sample(noise);
      NDScope.unregister(x);
    }
    visitor.accept(x, steps);
    for (int t = steps; t >= 1; t--) {
      NDArray next;
      try (NDScope scope = new NDScope()) {
        next = (t == 1 ? last(x) : step(x, stage(x, t))).sample(noise);
        NDScope.unregister(next);
      }
      x.close();
      x = next;
      visitor.accept(x, t - 1);
    }
    x.attach(manager);
    return x;
  }
}
