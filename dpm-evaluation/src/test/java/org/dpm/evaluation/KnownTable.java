package org.dpm.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Grid;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Parts;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;

/**
 * Two categories that hang together, of three and of four labels, with known probabilities. The
 * network knows them: it answers with what the other category, as far as it is seen, says of each
 * label, summed over all labels that the other may have had.
 *
 * @param transition of the categorical kernel
 * @param sharpness 1 for the table's own probabilities, 0 for a network that knows nothing
 */
public record KnownTable(String transition, double sharpness) {

  public static final List<Space> SPACES =
      List.of(
          new Space.Category(List.of("red", "green", "blue")),
          new Space.Category(List.of("never", "once", "often", "always")));

  private static final int ROWS = 3;
  private static final int COLUMNS = 4;

  /** By colour and then by the other. */
  private static final double[] P = {
    0.20, 0.05, 0.02, 0.03, 0.01, 0.15, 0.04, 0.10, 0.05, 0.02, 0.30, 0.03
  };

  public static double probability(int colour, int other) {
    return P[colour * COLUMNS + other];
  }

  private int masks() {
    return transition.equals("absorbing") ? 1 : 0;
  }

  public Diffusion diffusion(int steps, LastStep lastStep) {
    String pipeline =
        """
        data: { kind: swiss-roll }
        steps: %d
        kernel: { kind: categorical, transition: %s }
        schedule: { kind: log-snr-linear, first: 0.1, last: 0.05 }
        network: { kind: mlp }
        objective: { kind: variational-bound }
        training: { updates: 1 }
        """
            .formatted(steps, transition);
    try (Registry registry = Registry.load(Optional.empty())) {
      Variables variables =
          new Variables(
              List.of(
                  Variable.column("colour", SPACES.get(0)),
                  Variable.column("other", SPACES.get(1))));
      List<Double> zeros = Collections.nCopies(2, 0.0);
      List<Double> ones = Collections.nCopies(2, 1.0);
      Parts parts =
          Wiring.parts(
              registry,
              new PipelineReader(registry).read("table.yaml", pipeline, List.of()),
              new DataDescription(variables, zeros, ones, zeros, ones, Map.of(), 0, 3));
      return new Diffusion(
          parts.layout().element(),
          Grid.even(steps),
          lastStep,
          parts.schedule(),
          parts.forward(),
          parts.reverse(),
          (x, time, condition) -> answer(parts, x, time));
    }
  }

  private NDArray answer(Parts parts, NDArray x, NDArray time) {
    NDArray signal = parts.schedule().logSnr(time).getNDArrayInternal().sigmoid().reshape(-1, 1);
    int first = ROWS + masks();
    NDArray colour = seen(x.get(":, :" + first), ROWS, signal);
    NDArray other = seen(x.get(":, " + first + ":"), COLUMNS, signal);
    NDArray table =
        x.getManager().create(P, new Shape(ROWS, COLUMNS)).toType(x.getDataType(), false);
    NDArray none = x.getManager().zeros(new Shape(x.getShape().get(0), masks()), x.getDataType());
    NDList answers =
        new NDList(other.matMul(table.transpose()).log(), none, colour.matMul(table).log(), none);
    return NDArrays.concat(answers, 1).mul(sharpness).expandDims(1);
  }

  /** q(x_t | x_0) of one category, for each label that x_0 may have. */
  private NDArray seen(NDArray x, int labels, NDArray signal) {
    NDArray stayed = x.get(":, :" + labels).mul(signal);
    NDArray noise = signal.neg().add(1);
    NDArray replaced = masks() == 1 ? x.get(":, " + labels + ":").mul(noise) : noise.div(labels);
    return stayed.add(replaced);
  }

  /** Examples of which the numbers are counted up by colour, one-hot. */
  public NDArray examples(NDArray like, int... table) {
    int first = ROWS + masks();
    int slots = first + COLUMNS + masks();
    double[] x = new double[table.length * slots];
    for (int i = 0; i < table.length; i++) {
      x[i * slots + table[i] / COLUMNS] = 1;
      x[i * slots + first + table[i] % COLUMNS] = 1;
    }
    NDArray examples = like.getManager().create(x, new Shape(table.length, slots));
    return like.getDataType() == DataType.FLOAT64
        ? examples
        : examples.toType(like.getDataType(), false);
  }
}
