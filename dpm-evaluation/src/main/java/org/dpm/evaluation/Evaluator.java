package org.dpm.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;

/** Measures a model on the held-out examples of a data source. */
public final class Evaluator {

  /** Trajectories up to this length are evaluated in full unless asked otherwise. */
  private static final int SHORT = 100;

  /** Steps that are looked at for each example of longer ones, where there are few examples. */
  private static final int FEW = 16;

  /** So many pairs of an example and a step are enough, where there are many. */
  private static final int ENOUGH = 40_000;

  private Evaluator() {}

  /** Measures K and what belongs beside it as a matter of course: at the steps of training. */
  public static Evaluation evaluate(
      Model model, DataSource source, Path directory, DoubleConsumer progress) {
    return evaluate(model, model.pipeline().steps(), source, directory, Optional.empty(), progress);
  }

  /**
   * Measures K and what belongs beside it.
   *
   * @param steps T to judge the model at
   * @param source of the held-out examples
   * @param directory for the record only
   * @param timesteps steps of the trajectory to look at for each example; empty for all of a short
   *     trajectory and a few, evenly spread, of a long one
   * @param progress is told the fraction that is done
   */
  public static Evaluation evaluate(
      Model model,
      int steps,
      DataSource source,
      Path directory,
      Optional<Integer> timesteps,
      DoubleConsumer progress) {
    Diffusion diffusion = model.diffusion(steps);
    int count = source.count(Split.HELD_OUT);
    int few = timesteps.orElse(steps <= SHORT ? steps : Math.max(4, Math.min(FEW, ENOUGH / count)));
    long seed = model.pipeline().training().seed();
    int[] all = IntStream.range(0, count).toArray();
    float[] rows =
        new Examples(source).rows(Split.HELD_OUT, all, Noise.of(seed, "held-out reading", 0));
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      NDArray data = model.scaling().toModel(own, rows);
      Noise noise = Noise.of(seed, "evaluation", 0);
      MeasuredBound bound = BoundEstimate.measure(diffusion, data, few, noise, progress);
      double nullBits = nullBits(diffusion, data);
      long dimensions = source.element().size();
      return new Evaluation(
          directory.toString(),
          count,
          dimensions,
          steps,
          Math.min(few, steps),
          diffusion.lastStep().name().toLowerCase(Locale.ROOT),
          bound.bits(),
          bound.standardError(),
          bound.estimateError(),
          bound.exampleError(),
          nullBits,
          bound.bits() - nullBits,
          bound.bits() / dimensions,
          dataBits(model, bound.bits(), dimensions),
          trueBits(model, source, rows),
          model.training().seconds(),
          model.training().updates(),
          model.parameters(),
          model.pipeline().compare());
    }
  }

  private static double nullBits(Diffusion diffusion, NDArray data) {
    try (NDScope scope = new NDScope()) {
      NDArray each =
          Distribution.perExample(diffusion.forward().stationary(data).logProbability(data));
      return each.mean().getFloat() / Math.log(2);
    }
  }

  /**
   * -log2 probability per dimension of the stored whole numbers, where the data are such numbers.
   *
   * @param bits log likelihood of an example in the units that the kernel sees
   */
  public static OptionalDouble dataBits(Model model, double bits, long dimensions) {
    double grain = model.data().grain();
    if (grain <= 0) {
      return OptionalDouble.empty();
    }
    double inData = bits - model.scaling().logVolume() / Math.log(2);
    return OptionalDouble.of(-inData / dimensions - Math.log(grain) / Math.log(2));
  }

  /**
   * The mean true log density in bits and in the units that the kernel sees, where it is known.
   *
   * @param rows examples in data units, row-major
   */
  public static OptionalDouble trueBits(Model model, DataSource source, float[] rows) {
    int size = Math.toIntExact(source.element().size());
    float[] row = new float[size];
    double sum = 0;
    for (int from = 0; from < rows.length; from += size) {
      System.arraycopy(rows, from, row, 0, size);
      OptionalDouble density = source.trueLogDensity(row);
      if (density.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += density.getAsDouble();
    }
    int count = rows.length / size;
    double mean = sum / count;
    return OptionalDouble.of((mean + model.scaling().logVolume()) / Math.log(2));
  }
}
