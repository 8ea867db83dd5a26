package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;

/** The stages of a few steps, for contracts that need no way back. */
final class Trajectory {

  static final int STEPS = 12;

  static final Grid GRID = Grid.even(STEPS);

  /** From hardly any noise, abar_1 = 0.98, to hardly any signal, abar_T = 0.0025. */
  static final Schedule SCHEDULE = time -> time.mul(-11).add(5);

  private final Diffusion diffusion;

  Trajectory(NDArray data, Schedule schedule, ForwardKernel kernel) {
    Shape element = data.getShape().slice(1);
    diffusion =
        new Diffusion(
            element,
            GRID,
            LastStep.LEARNED,
            schedule,
            kernel,
            new NoWayBack(),
            (x, time, condition) -> x);
  }

  /** Step t of 1..T. */
  Stage stage(NDArray like, int step) {
    return diffusion.stage(like, step);
  }

  /** A step for each example. */
  Stage stages(NDArray like, int... steps) {
    return diffusion.stage(like, steps);
  }

  /** From any time to any earlier one, for all examples. */
  Stage stage(NDArray like, double time, double earlier) {
    return diffusion.stage(like, new double[] {time}, new double[] {earlier});
  }

  /** abar at a step. */
  double signal(NDArray like, int step) {
    return Contract.doubles(stage(like, step).signal())[0];
  }

  /** A stage of one's own making. */
  static Stage ofLogSnr(NDArray like, double previousLogSnr, double logSnr) {
    return Stage.of(
        new double[] {0.5},
        new double[] {0.25},
        column(like, logSnr),
        column(like, previousLogSnr));
  }

  private static NDArray column(NDArray like, double value) {
    NDManager manager = like.getManager();
    long[] ones = new long[like.getShape().dimension()];
    Arrays.fill(ones, 1);
    NDArray column = manager.create(new double[] {value}, new Shape(ones));
    return like.getDataType() == DataType.FLOAT64
        ? column
        : column.toType(like.getDataType(), false);
  }

  private static final class NoWayBack implements ReverseKernel {

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      throw new IllegalStateException("this trajectory goes forward only");
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      throw new IllegalStateException("this trajectory goes forward only");
    }
  }
}
