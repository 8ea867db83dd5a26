package org.dpm.evaluation.diagnostics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.Bits;

/**
 * K taken apart: its two ends and every step or stretch of steps between, each with the entropies
 * that belong to it. All in bits per example, in the units that the kernel sees.
 *
 * @param examples how many were looked at
 * @param bound K of these examples, the sum of all that follows
 * @param prior what the end of the diffusion contributes, -KL(q(x_T|x_0) || p(x_T))
 * @param last what the last reverse step contributes, E log p(x_0|x_1)
 * @param steps t = 2..T, in order; stretches of them where the trajectory is long
 */
public record StepProfile(
    int examples, Bits bound, Bits prior, Bits last, List<StepDiagnosis> steps) {

  /** Examples at a time, which bounds the memory of the network's answers. */
  private static final int BATCH = 1000;

  public StepProfile {
    steps = List.copyOf(steps);
  }

  /**
   * Looks at every step of every example once; or, of a long trajectory, at stretches: in each at
   * one step of every example, so that the examples together see all steps of the stretch alike.
   * What a step costs on average, and with it K, has no bias by that, but a single step cannot be
   * told from its neighbours.
   *
   * @param data [N, element...] as the kernel sees them; where the diffusion is given conditions,
   *     each is for N / n successive ones
   * @param length steps in a stretch, 1 for single steps
   * @param noise row i of the data is its example i
   */
  public static StepProfile of(
      Diffusion diffusion, NDArray data, int length, Noise noise, Progress progress) {
    return new Measurement(diffusion, data, noise).profile(length, progress);
  }

  /** T. */
  public int trajectory() {
    return steps.get(steps.size() - 1).last();
  }

  /** Several numbers for each example of a batch, of which the diffusion has the conditions. */
  @FunctionalInterface
  private interface Numbers {
    List<NDArray> of(Diffusion rows, NDArray x, Noise own);
  }

  /** Goes through the steps, and at each through the examples, batch by batch. */
  private static final class Measurement {

    private final Diffusion diffusion;
    private final NDArray data;
    private final Noise noise;
    private final double[] total;

    Measurement(Diffusion diffusion, NDArray data, Noise noise) {
      this.diffusion = diffusion;
      this.data = data;
      this.noise = noise;
      this.total = new double[Math.toIntExact(data.getShape().get(0))];
    }

    StepProfile profile(int length, Progress progress) {
      try (GradientMode off = GradientMode.off()) {
        Bits prior =
            single("prior", (rows, x, own) -> List.of(new VariationalBound(rows).prior(x)));
        Bits end =
            single("last", (rows, x, own) -> List.of(new VariationalBound(rows).last(x, own)));
        List<StepDiagnosis> steps = new ArrayList<>();
        for (int first = 2; first <= diffusion.steps(); first += length) {
          int last = Math.min(first + length - 1, diffusion.steps());
          steps.add(diagnosis(first, last));
          progress.report((last - 1.0) / (diffusion.steps() - 1));
        }
        return new StepProfile(total.length, Bits.ofNats(total), prior, end, steps);
      }
    }

    private Bits single(String purpose, Numbers cost) {
      return contribution(1, each(noise.child(purpose), cost).get(0));
    }

    private StepDiagnosis diagnosis(int first, int last) {
      int count = last - first + 1;
      Noise own = noise.child("step").at(first);
      List<double[]> nats = each(own, (rows, x, some) -> step(rows, x, first, count, some));
      return new StepDiagnosis(
          first,
          last,
          diffusion.grid().time(first - 1),
          diffusion.grid().time(last),
          contribution(count, nats.get(0)),
          Bits.ofNats(nats.get(1)),
          Bits.ofNats(nats.get(2)),
          Bits.ofNats(nats.get(3)));
    }

    /** Cost, lower bound, the model's entropy and upper bound, of each example. */
    private static List<NDArray> step(Diffusion rows, NDArray x, int first, int count, Noise own) {
      ForwardKernel forward = rows.forward();
      int[] t = spread(first, count, Math.toIntExact(x.getShape().get(0)), own);
      Stage stage = rows.stage(x, t);
      int[] earlier = Arrays.stream(t).map(step -> step - 1).toArray();
      Distribution before = forward.marginal(x, rows.stage(x, earlier));
      Distribution now = forward.marginal(x, stage);
      // Drawn one from the other, so that most of the chance in their entropies is the same.
      NDArray previous = before.sample(own);
      NDArray current = forward.transition(previous, stage).sample(own);
      Distribution truth = forward.posterior(x, current, stage);
      Distribution model = rows.back(current, stage);
      NDArray upper = forward.transition(previous, stage).entropy();
      NDArray lower = upper.add(before.entropy()).sub(now.entropy());
      return List.of(
          Distribution.perExample(truth.divergence(model)),
          Distribution.perExample(lower),
          Distribution.perExample(model.entropy()),
          Distribution.perExample(upper));
    }

    /** A single step for all examples, or one for each, spread evenly over the stretch. */
    private static int[] spread(int first, int count, int examples, Noise own) {
      return count == 1
          ? new int[] {first}
          : Arrays.stream(own.spread(examples)).mapToInt(u -> first + (int) (u * count)).toArray();
    }

    /** The costs of one term, or of several alike, enter K with the other sign. */
    private Bits contribution(int count, double[] costs) {
      double[] contributions = Arrays.stream(costs).map(cost -> -cost).toArray();
      for (int i = 0; i < total.length; i++) {
        total[i] += count * contributions[i];
      }
      return Bits.ofNats(contributions);
    }

    /** In the order of the examples. */
    private List<double[]> each(Noise own, Numbers numbers) {
      List<double[]> each = new ArrayList<>();
      for (int from = 0; from < total.length; from += BATCH) {
        int to = Math.min(from + BATCH, total.length);
        try (NDManager manager = data.getManager().newSubManager();
            NDScope scope = new NDScope()) {
          NDArray batch = data.get(new NDIndex(from + ":" + to));
          batch.attach(manager);
          Diffusion rows = diffusion.rows(total.length, IntStream.range(from, to).toArray());
          List<NDArray> found = numbers.of(rows, batch, own.from(from));
          for (int k = 0; k < found.size(); k++) {
            if (from == 0) {
              each.add(new double[total.length]);
            }
            double[] values = Doubles.of(found.get(k));
            System.arraycopy(values, 0, each.get(k), from, values.length);
          }
        }
      }
      return each;
    }
  }
}
