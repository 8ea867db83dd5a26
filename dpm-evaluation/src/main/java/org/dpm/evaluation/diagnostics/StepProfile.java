package org.dpm.evaluation.diagnostics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
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
 * @param prior what the end of the diffusion contributes, -KL(q(x_T|x_0) || pi)
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
   * Looks at every step of every example once.
   *
   * @param data [N, element...] as the kernel sees them
   */
  public static StepProfile of(Diffusion diffusion, NDArray data, Noise noise) {
    return of(diffusion, data, 1, noise, done -> {});
  }

  /**
   * Looks at stretches of a long trajectory: in each at one step of every example, so that the
   * examples together see all steps of the stretch alike. What a step costs on average, and with it
   * K, has no bias by that, but a single step cannot be told from its neighbours.
   *
   * @param data [N, element...] as the kernel sees them
   * @param length steps in a stretch, at least 1
   * @param progress is told the fraction that is done
   */
  public static StepProfile of(
      Diffusion diffusion, NDArray data, int length, Noise noise, DoubleConsumer progress) {
    return new Measurement(diffusion, data, noise).profile(length, progress);
  }

  /** T. */
  public int trajectory() {
    return steps.get(steps.size() - 1).last();
  }

  /** Goes through the steps, and at each through the examples, batch by batch. */
  private static final class Measurement {

    private final Diffusion diffusion;
    private final ForwardKernel forward;
    private final VariationalBound bound;
    private final NDArray data;
    private final Noise noise;
    private final double[] total;

    Measurement(Diffusion diffusion, NDArray data, Noise noise) {
      this.diffusion = diffusion;
      this.forward = diffusion.forward();
      this.bound = new VariationalBound(diffusion);
      this.data = data;
      this.noise = noise;
      this.total = new double[Math.toIntExact(data.getShape().get(0))];
    }

    StepProfile profile(int length, DoubleConsumer progress) {
      try (GradientMode off = GradientMode.off()) {
        Bits prior = contribution(1, each("prior", 0, (x, own) -> List.of(bound.prior(x))).get(0));
        Bits end = contribution(1, each("last", 1, (x, own) -> List.of(bound.last(x, own))).get(0));
        List<StepDiagnosis> steps = new ArrayList<>();
        for (int first = 2; first <= diffusion.steps(); first += length) {
          int last = Math.min(first + length - 1, diffusion.steps());
          steps.add(diagnosis(first, last));
          progress.accept((last - 1.0) / (diffusion.steps() - 1));
        }
        return new StepProfile(total.length, Bits.ofNats(total), prior, end, steps);
      }
    }

    private StepDiagnosis diagnosis(int first, int last) {
      int count = last - first + 1;
      List<double[]> nats = each("step", first, (x, own) -> step(x, first, count, own));
      return new StepDiagnosis(
          first,
          last,
          contribution(count, nats.get(0)),
          Bits.ofNats(nats.get(1)),
          Bits.ofNats(nats.get(2)),
          Bits.ofNats(nats.get(3)));
    }

    /** Cost, lower bound, the model's entropy and upper bound, of each example. */
    private List<NDArray> step(NDArray x, int first, int count, Noise own) {
      int[] t = spread(first, count, Math.toIntExact(x.getShape().get(0)), own);
      Stage stage = diffusion.stage(x, t);
      int[] earlier = Arrays.stream(t).map(step -> step - 1).toArray();
      Distribution before = forward.marginal(x, diffusion.stage(x, earlier));
      Distribution now = forward.marginal(x, stage);
      // Drawn one from the other, so that most of the chance in their entropies is the same.
      NDArray previous = before.sample(own);
      NDArray current = forward.transition(previous, stage).sample(own);
      Distribution truth = forward.posterior(x, current, stage);
      Distribution model = diffusion.step(current, stage);
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
      if (count == 1) {
        return new int[] {first};
      }
      double offset = own.child("offset", 0).uniform();
      return IntStream.range(0, examples)
          .map(i -> first + (int) ((offset + (double) i / examples) % 1 * count))
          .toArray();
    }

    /** The costs of one term, or of several alike, enter K with the other sign. */
    private Bits contribution(int count, double[] costs) {
      double[] contributions = Arrays.stream(costs).map(cost -> -cost).toArray();
      for (int i = 0; i < total.length; i++) {
        total[i] += count * contributions[i];
      }
      return Bits.ofNats(contributions);
    }

    /** Several numbers for each example, in the order of the examples. */
    private List<double[]> each(
        String purpose, int t, BiFunction<NDArray, Noise, List<NDArray>> numbers) {
      List<double[]> each = new ArrayList<>();
      for (int from = 0; from < total.length; from += BATCH) {
        int to = Math.min(from + BATCH, total.length);
        Noise own = noise.child(purpose, t).child("batch", from);
        try (NDManager manager = data.getManager().newSubManager();
            NDScope scope = new NDScope()) {
          NDArray batch = data.get(new NDIndex(from + ":" + to));
          batch.attach(manager);
          List<NDArray> found = numbers.apply(batch, own);
          for (int k = 0; k < found.size(); k++) {
            if (from == 0) {
              each.add(new double[total.length]);
            }
            double[] values = found.get(k).toType(DataType.FLOAT64, false).toDoubleArray();
            System.arraycopy(values, 0, each.get(k), from, values.length);
          }
        }
      }
      return each;
    }
  }
}
