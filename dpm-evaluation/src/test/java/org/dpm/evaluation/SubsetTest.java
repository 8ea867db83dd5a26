package org.dpm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A subset of the held-out examples")
class SubsetTest {

  private static double[] read(DataSource source) {
    float[] target = new float[1];
    return IntStream.range(0, source.count(Split.HELD_OUT))
        .mapToDouble(
            i -> {
              source.read(Split.HELD_OUT, i, Noise.of(1, "test"), target, 0);
              return target[0];
            })
        .toArray();
  }

  @Test
  @DisplayName("is chosen at random, repeatably, in order, with every example's own place")
  void chooses(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("numbers.csv");
    Files.write(file, IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    try (Registry registry = Registry.load(Optional.empty())) {
      String text =
          """
          data: { kind: csv, path: %1$s, heldOutPath: %1$s }
          steps: 2
          kernel: { kind: gaussian }
          schedule: { kind: log-snr-linear }
          network: { kind: mlp }
          objective: { kind: variational-bound }
          training: { updates: 1 }
          """
              .formatted(file);
      Pipeline pipeline = new PipelineReader(registry).read("test.yaml", text, List.of());
      DataSource source = Wiring.dataSource(registry, pipeline);
      DataSource subset = new Subset(source, 30, 5);
      double[] chosen = read(subset);
      assertThat(chosen).hasSize(30).isSorted().doesNotHaveDuplicates();
      assertThat(chosen[29]).isGreaterThan(60);
      assertThat(read(new Subset(source, 30, 5))).containsExactly(chosen);
      assertThat(read(new Subset(source, 30, 6))).isNotEqualTo(chosen);
      assertThat(subset.place(Split.HELD_OUT, 3)).isEqualTo("numbers.csv:" + (int) (chosen[3] + 1));
      assertThat(subset.count(Split.TRAINING)).isEqualTo(100);
      assertThat(subset.variables()).isEqualTo(source.variables());
      assertThat(read(new Subset(source, 1000, 5))).isEqualTo(read(source));
      assertThat(Arrays.stream(read(subset.withHeldOut(file))).count()).isEqualTo(100);
    }
  }
}
