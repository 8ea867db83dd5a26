package org.dpm.training.diagnostics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.core.engine.GradientMode;
import org.dpm.training.Bits;

/**
 * K taken apart: its two ends and every step between, each with the entropies that belong to it.
 * All in bits per example, in the units that the kernel sees.
 *
 * @param examples how many were looked at
 * @param bound K of these examples, the sum of all that follows
 * @param prior what the end of the diffusion contributes, -KL(q(x_T|x_0) || pi)
 * @param last what the last reverse step contributes, E log p(x_0|x_1)
 * @param steps t = 2..T
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
    return new Measurement(diffusion, data, noise).profile();
  }

  /** T. */
  public int trajectory() {
    return steps.size() + 1;
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

    StepProfile profile() {
      try (GradientMode off = GradientMode.off()) {
        Bits prior = contribution(each("prior", 0, (x, own) -> List.of(bound.prior(x))).get(0));
        Bits last = contribution(each("last", 1, (x, own) -> List.of(bound.last(x, own))).get(0));
        List<StepDiagnosis> steps = new ArrayList<>();
        for (int t = 2; t <= diffusion.steps(); t++) {
          steps.add(diagnosis(t));
        }
        return new StepProfile(total.length, Bits.ofNats(total), prior, last, steps);
      }
    }

    private StepDiagnosis diagnosis(int t) {
      List<double[]> nats = each("step", t, (x, own) -> step(x, t, own));
      return new StepDiagnosis(
          t,
          contribution(nats.get(0)),
          Bits.ofNats(nats.get(1)),
          Bits.ofNats(nats.get(2)),
          Bits.ofNats(nats.get(3)));
    }

    /** Cost, lower bound, the model's entropy and upper bound, of each example. */
    private List<NDArray> step(NDArray x, int t, Noise own) {
      Stage stage = diffusion.stage(x, t);
      Distribution before = forward.marginal(x, diffusion.stage(x, t - 1));
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

    /** The costs of one term enter K with the other sign. */
    private Bits contribution(double[] costs) {
      double[] contributions = Arrays.stream(costs).map(cost -> -cost).toArray();
      for (int i = 0; i < total.length; i++) {
        total[i] += contributions[i];
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
