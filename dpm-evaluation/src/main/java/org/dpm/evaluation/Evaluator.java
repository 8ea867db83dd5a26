package org.dpm.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Doubles;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.core.Examples;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.Evaluation.VariableBits;

/** Measures a model on the held-out examples of a data source. */
public final class Evaluator {

  /** Trajectories up to this length are evaluated in full unless asked otherwise. */
  private static final int SHORT = 100;

  /** Steps that are looked at for each example of longer ones, where there are few examples. */
  private static final int FEW = 16;

  /** So many pairs of an example and a step are enough, where there are many. */
  private static final int ENOUGH = 40_000;

  private Evaluator() {}

  /** Measures K and what belongs beside it as a matter of course: at the times of training. */
  public static Evaluation evaluate(
      Model model, DataSource source, Path directory, Progress progress) {
    Grid grid = model.pipeline().trajectory();
    return evaluate(model, grid, source, directory, Optional.empty(), progress);
  }

  /**
   * Measures K and what belongs beside it.
   *
   * @param grid the times to judge the model at
   * @param source of the held-out examples
   * @param directory for the record only
   * @param timesteps steps of the trajectory to look at for each example; empty for all of a short
   *     trajectory and a few, evenly spread, of a long one
   */
  public static Evaluation evaluate(
      Model model,
      Grid grid,
      DataSource source,
      Path directory,
      Optional<Integer> timesteps,
      Progress progress) {
    Diffusion diffusion = model.diffusion(grid);
    Layout layout = model.layout();
    int count = source.count(Split.HELD_OUT);
    int steps = grid.steps();
    int few = timesteps.orElse(steps <= SHORT ? steps : Math.max(4, Math.min(FEW, ENOUGH / count)));
    long seed = model.pipeline().training().seed();
    float[] rows = heldOut(source, seed);
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      NDArray data = layout.toModel(own, layout.modelled(rows));
      Noise noise = Noise.of(seed, "evaluation");
      MeasuredBound bound =
          BoundEstimate.measure(diffusion, layout::perVariable, data, few, noise, progress);
      double nullBits = nullBits(diffusion, data);
      return new Evaluation(
          directory.toString(),
          count,
          layout.dimensions(),
          steps,
          Math.min(few, steps),
          diffusion.lastStep().name().toLowerCase(Locale.ROOT),
          discrete(layout) ? Evaluation.Measure.PROBABILITY : Evaluation.Measure.DENSITY,
          bound.bits(),
          bound.standardError(),
          bound.estimateError(),
          bound.exampleError(),
          variables(layout, bound.parts()),
          nullBits,
          bound.bits() - nullBits,
          bound.bits() / layout.dimensions(),
          dataBitsPerDimension(layout, bound.bits()),
          trueBits(layout, source, rows),
          model.training().seconds(),
          model.training().updates(),
          model.parameters(),
          model.pipeline().compare());
    }
  }

  /**
   * The held-out examples of a source in data units, as every evaluation of the model reads them.
   *
   * @param seed of the model's training
   * @return row-major, given cells included
   */
  public static float[] heldOut(DataSource source, long seed) {
    int[] all = IntStream.range(0, source.count(Split.HELD_OUT)).toArray();
    return new Examples(source).rows(Split.HELD_OUT, all, Noise.of(seed, "held-out reading"));
  }

  /** Whether no cell is a number on a line or on a circle, of which there are densities. */
  public static boolean discrete(Layout layout) {
    return layout.modelled().stream()
        .map(Variable::space)
        .allMatch(space -> space instanceof Space.Bit || space instanceof Space.Category);
  }

  private static Optional<List<VariableBits>> variables(Layout layout, List<Double> parts) {
    List<Variable> modelled = layout.modelled();
    return modelled.size() == 1
        ? Optional.empty()
        : Optional.of(
            IntStream.range(0, modelled.size())
                .mapToObj(i -> new VariableBits(modelled.get(i).name(), parts.get(i)))
                .toList());
  }

  private static double nullBits(Diffusion diffusion, NDArray data) {
    try (NDScope scope = new NDScope()) {
      NDArray each = Distribution.perExample(diffusion.nullLaw(data).logProbability(data));
      return StatUtils.mean(Doubles.of(each)) / Math.log(2);
    }
  }

  /**
   * -log2 probability per dimension of examples as they are stored, where they have one.
   *
   * @param bits log likelihood of an example in the units that the kernel sees
   */
  public static OptionalDouble dataBitsPerDimension(Layout layout, double bits) {
    if (!layout.hasProbability()) {
      return OptionalDouble.empty();
    }
    double toProbability = (layout.logGrain() - layout.logVolume()) / Math.log(2);
    return OptionalDouble.of(-(bits + toProbability) / layout.dimensions());
  }

  /**
   * The mean true log density in bits and in the units that the kernel sees, where it is known.
   *
   * @param rows examples in data units, row-major, given cells included
   */
  public static OptionalDouble trueBits(Layout layout, DataSource source, float[] rows) {
    int size = layout.row();
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
    double mean = sum * size / rows.length;
    return OptionalDouble.of((mean + layout.logVolume()) / Math.log(2));
  }
}
