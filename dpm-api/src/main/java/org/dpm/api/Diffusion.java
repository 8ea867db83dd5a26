package org.dpm.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pieces put together: what objectives, samplers, estimators and posteriors are written
 * against. A trajectory goes through the times of a {@link Grid}, from t_0 = 0 (data, without
 * noise) to t_T = 1 (noise).
 */
public final class Diffusion {

  /** What the last reverse step p(x_0 | x_t) is. */
  public enum LastStep {
    /**
     * What x_t by itself says of the data, {@link ForwardKernel#alone}: the forward kernel T_pi(x_0
     * | x_1; beta_1) of the paper, appendix B.2, wherever the diffusion is reversible. There is
     * nothing to learn.
     */
    FORWARD,
    /** The reverse kernel's, like every other step. */
    LEARNED
  }

  /** A network with its weights. */
  @FunctionalInterface
  public interface Answer {
    /**
     * Answers for a batch.
     *
     * @param x [B, element...]
     * @param time [B]
     * @param condition [B, condition + 1], or null for a network that is told none
     * @return [B, outputs, element...]
     */
    NDArray of(NDArray x, NDArray time, @Nullable NDArray condition);
  }

  private final Shape element;
  private final Grid grid;
  private final LastStep lastStep;
  private final Schedule schedule;
  private final ForwardKernel forward;
  private final ReverseKernel reverse;
  private final Answer network;

  /** How many numbers a condition has; 0 for none. */
  private final int condition;

  /** [n, condition], or null where none is given. */
  private final @Nullable NDArray given;

  /**
   * A diffusion without a condition.
   *
   * @param element shape of one example
   */
  public Diffusion(
      Shape element,
      Grid grid,
      LastStep lastStep,
      Schedule schedule,
      ForwardKernel forward,
      ReverseKernel reverse,
      Answer network) {
    this(element, grid, lastStep, schedule, forward, reverse, network, 0, null);
  }

  private Diffusion(
      Shape element,
      Grid grid,
      LastStep lastStep,
      Schedule schedule,
      ForwardKernel forward,
      ReverseKernel reverse,
      Answer network,
      int condition,
      @Nullable NDArray given) {
    this.element = element;
    this.grid = grid;
    this.lastStep = lastStep;
    this.schedule = schedule;
    this.forward = forward;
    this.reverse = reverse;
    this.network = network;
    this.condition = condition;
    this.given = given;
  }

  /** The same, of a network that is told a condition of so many numbers, of which none is given. */
  public Diffusion conditional(int numbers) {
    return with(grid, numbers, null);
  }

  /**
   * The same given a condition.
   *
   * @param y [n, condition]: n = 1 for all, or n conditions, each for B / n successive rows of the
   *     batches to come
   */
  public Diffusion given(NDArray y) {
    if (condition == 0) {
      throw new IllegalArgumentException("this model has no condition");
    }
    if (y.getShape().dimension() != 2 || y.getShape().get(1) != condition) {
      throw new IllegalArgumentException(
          "a condition must have the shape (n, %d), but has %s".formatted(condition, y.getShape()));
    }
    return with(grid, condition, y);
  }

  /**
   * The same for some rows of a batch, in another order, or with repetition: those who slice or
   * reorder a batch ask this of the rows that they take.
   *
   * @param batch how many rows there were
   * @param indices which of them there are now
   */
  public Diffusion rows(int batch, int... indices) {
    if (given == null || given.getShape().get(0) == 1) {
      return this;
    }
    int each = Math.toIntExact(batch / conditions(batch));
    int[] chosen = Arrays.stream(indices).map(i -> i / each).toArray();
    return with(grid, condition, given.get(given.getManager().create(chosen)));
  }

  /** The same at other times. */
  public Diffusion on(Grid other) {
    return with(other, condition, given);
  }

  private Diffusion with(Grid grid, int condition, @Nullable NDArray given) {
    return new Diffusion(
        element, grid, lastStep, schedule, forward, reverse, network, condition, given);
  }

  /** Shape of one example, without the batch axis. */
  public Shape element() {
    return element;
  }

  public Grid grid() {
    return grid;
  }

  /** T. */
  public int steps() {
    return grid.steps();
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
   * The stages of the given steps of the grid, from t_i to t_{i-1}, in the number type and on the
   * device of {@code like}.
   *
   * @param index i of 1..T for each example, or a single one for all
   */
  public Stage stage(NDArray like, int... index) {
    double[] time = new double[index.length];
    double[] earlier = new double[index.length];
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 1 || index[i] > steps()) {
        throw new IllegalArgumentException(
            "step must be 1 to %d, but is %d".formatted(steps(), index[i]));
      }
      time[i] = grid.time(index[i]);
      earlier[i] = grid.time(index[i] - 1);
    }
    return stage(like, time, earlier);
  }

  /**
   * Stages between any two times, for each example or one for all.
   *
   * @param time t, in (0, 1]
   * @param earlier s, below t; 0 for the data
   */
  public Stage stage(NDArray like, double[] time, double[] earlier) {
    int count = time.length;
    // One call of the schedule for both ends of every stage.
    double[] asked = new double[2 * count];
    double[] clean = new double[count];
    for (int i = 0; i < count; i++) {
      if (!(time[i] > 0 && time[i] <= 1 && earlier[i] >= 0 && earlier[i] < time[i])) {
        throw new IllegalArgumentException(
            "a stage must lead from a time in (0, 1] to an earlier one, but leads from %s to %s"
                .formatted(time[i], earlier[i]));
      }
      asked[i] = time[i];
      // The data have no noise: the schedule is asked for t, and infinity added.
      asked[count + i] = earlier[i] == 0 ? time[i] : earlier[i];
      clean[i] = earlier[i] == 0 ? Double.POSITIVE_INFINITY : 0;
    }
    NDList ends = schedule.logSnr(column(like, asked)).split(2);
    boolean anyClean = Arrays.stream(clean).anyMatch(c -> c > 0);
    NDArray previous = anyClean ? fromData(ends.get(1), column(like, clean)) : ends.get(1);
    return Stage.of(time, earlier, ends.get(0), previous);
  }

  /** Where t itself has no signal, minus infinity and infinity would not be a number. */
  private static NDArray fromData(NDArray logSnr, NDArray clean) {
    return NDArrays.where(clean.gt(0f), clean, logSnr);
  }

  private NDArray column(NDArray like, double[] values) {
    long[] shape = new long[element.dimension() + 1];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    if (like.getDataType() == DataType.FLOAT64) {
      return like.getManager().create(values, new Shape(shape));
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    NDArray column = like.getManager().create(floats, new Shape(shape));
    return like.getDataType() == DataType.FLOAT32
        ? column
        : column.toType(like.getDataType(), false);
  }

  /**
   * Steps of the grid for a batch, from numbers that are uniform on [0, 1).
   *
   * @param first the first step to consider, 1 or 2
   * @param uniform one for each example, such as {@link Noise#spread}
   */
  public int[] steps(int first, double... uniform) {
    int choices = steps() + 1 - first;
    return Arrays.stream(uniform)
        .mapToInt(u -> first + Math.min((int) (u * choices), choices - 1))
        .toArray();
  }

  /** The network's answer, [B, outputs, element...], to x_t at a stage. */
  public NDArray output(NDArray current, Stage stage) {
    NDArray time = stage.time().reshape(-1);
    long batch = current.getShape().get(0);
    return network.of(
        reverse.input(current, stage),
        time.size() == batch ? time : time.broadcast(batch),
        condition == 0 ? null : told(current));
  }

  /** [y, 1] for each row, or zeros where there is no y. */
  private NDArray told(NDArray current) {
    int batch = Math.toIntExact(current.getShape().get(0));
    if (given == null) {
      return current.getManager().zeros(new Shape(batch, condition + 1), current.getDataType());
    }
    long n = conditions(batch);
    NDArray y = n == batch ? given : given.repeat(0, batch / n);
    NDArray one = current.getManager().ones(new Shape(batch, 1), current.getDataType());
    return NDArrays.concat(new NDList(y, one), 1);
  }

  private long conditions(long batch) {
    long n = given == null ? 1 : given.getShape().get(0);
    if (batch % n != 0) {
      throw new IllegalArgumentException(
          "%d conditions cannot be shared by a batch of %d".formatted(n, batch));
    }
    return n;
  }

  /**
   * What the network believes of x_0.
   *
   * @param current x_t, [B, element...]
   * @throws IllegalStateException if the reverse kernel does not denoise
   */
  public Distribution data(NDArray current, Stage stage) {
    if (!reverse.denoises()) {
      throw new IllegalStateException(
          reverse.getClass().getSimpleName() + " predicts steps, and says nothing of the data");
    }
    return reverse.data(current, output(current, stage), stage);
  }

  /**
   * p(x_s | x_t), the reverse step of a stage; where that leads to the data, by the convention of
   * {@link #lastStep()}.
   *
   * @param current x_t, [B, element...]
   */
  public Distribution back(NDArray current, Stage stage) {
    if (lastStep == LastStep.FORWARD && stage.leadsToData()) {
      return forward.alone(current, stage);
    }
    return reverse.transition(current, output(current, stage), stage);
  }

  /** p(x_T), where reverse trajectories begin: the law of x at time 1 for data of the null law. */
  public Distribution end(NDArray like) {
    return forward.end(like, stage(like, steps()));
  }

  /** The null law of the data, whose log probability is L_null. */
  public Distribution nullLaw(NDArray like) {
    return forward.end(like, Stage.ofData(like));
  }
}
