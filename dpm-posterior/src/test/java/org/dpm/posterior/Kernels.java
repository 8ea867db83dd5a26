package org.dpm.posterior;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;

/** Kernels, as a pipeline has them. */
public final class Kernels {

  private Kernels() {}

  /** The Gaussian kernel on a path. */
  public static ForwardKernel gaussian(String path) {
    try (Registry registry = Registry.load(Optional.empty());
        Model model =
            model(
                registry,
                "kernel: { kind: gaussian, path: { kind: %s } }".formatted(path),
                Variables.columns(List.of("x", "y")),
                0,
                1)) {
      return model.parts().forward();
    }
  }

  /** Columns of bits. */
  static Variables bits(int count) {
    return new Variables(
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> Variable.column("x" + i, new Space.Bit()))
            .toList());
  }

  /**
   * A model that has learned nothing, of cells of one mean and deviation. The data source is not
   * asked: what it would tell is said here.
   *
   * @param kernel a line of a pipeline, or several
   */
  static Model model(
      Registry registry, String kernel, Variables variables, double mean, double deviation) {
    String pipeline =
        """
        data: { kind: heartbeat }
        schedule: { kind: log-snr-linear, first: 0.02, last: 0.02 }
        network: { kind: mlp, width: 4, depth: 1 }
        objective: { kind: variational-bound }
        training: { updates: 1 }
        """;
    String steps = kernel.contains("steps:") ? "" : "steps: 2\n";
    int size = variables.size();
    boolean numbers = variables.list().get(0).space() instanceof Space.Real;
    return Model.create(
        registry,
        new PipelineReader(registry)
            .read("known.yaml", steps + kernel + "\n" + pipeline, List.of()),
        new DataDescription(
            variables,
            Collections.nCopies(size, mean),
            Collections.nCopies(size, deviation),
            Collections.nCopies(size, numbers ? mean : 0),
            Collections.nCopies(size, numbers ? deviation : 1),
            Map.of(),
            0,
            1));
  }
}
