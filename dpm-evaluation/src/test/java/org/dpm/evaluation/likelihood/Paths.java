package org.dpm.evaluation.likelihood;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Variables;
import org.dpm.core.DataDescription;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;

/** The Gaussian kernel on each of its paths, as a pipeline has it. */
final class Paths {

  private Paths() {}

  static ForwardKernel gaussian(String path) {
    String text =
        """
        data: { kind: swiss-roll }
        steps: 2
        kernel: { kind: gaussian, path: %s }
        schedule: { kind: log-snr-linear }
        network: { kind: mlp }
        objective: { kind: variational-bound }
        training: { updates: 1 }
        """
            .formatted(path);
    DataDescription plane =
        new DataDescription(
            Variables.columns(List.of("x", "y")),
            List.of(0.0, 0.0),
            List.of(1.0, 1.0),
            List.of(0.0, 0.0),
            List.of(1.0, 1.0),
            Map.of(),
            -3,
            3);
    try (Registry registry = Registry.load(Optional.empty())) {
      Pipeline pipeline = new PipelineReader(registry).read("test.yaml", text, List.of());
      return Wiring.parts(registry, pipeline, plane).forward();
    }
  }
}
