package org.dpm.cli.report;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.cli.report.Findings.Fact;
import org.dpm.core.Model;
import org.dpm.core.engine.GradientMode;
import org.dpm.training.Evaluation;
import org.dpm.training.Examples;
import org.dpm.training.Metric;
import org.dpm.training.diagnostics.StepProfile;
import org.dpm.training.likelihood.TrajectoryFigures;

/** Finds out what a report tells of a model. */
final class Examination {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int SHOWN = 2000;
  private static final int SHOWN_IMAGES = 64;

  /** Examples times steps that a profile takes: a few seconds. */
  private static final int PROFILED = 800_000;

  private static final int PROFILED_LARGE = 60_000;

  private final Model model;
  private final Path directory;
  private final Optional<DataSource> source;
  private final long seed;
  private final boolean large;

  Examination(Model model, Path directory, Optional<DataSource> source) {
    this.model = model;
    this.directory = directory;
    this.source = source;
    this.seed = model.pipeline().training().seed();
    this.large = Unit.of(model.data().summary().element().size()).size() > 1;
  }

  Findings findings(
      Optional<Evaluation> evaluation,
      Optional<TrajectoryFigures> likelihood,
      List<Metric> metrics,
      Optional<String> missing)
      throws IOException {
    Exhibit exhibit = Exhibit.of(model);
    float[][] data = data(large ? SHOWN_IMAGES : SHOWN);
    float[][] samples = samples(large ? SHOWN_IMAGES : SHOWN);
    double[][] schedule = schedule();
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return new Findings(
        name == null ? directory.toString() : name.toString(),
        model.data().summary().element().size(),
        model.parts().forward().standardises(),
        shape(),
        evaluation,
        likelihood,
        profile(),
        metrics,
        model.training().keptUpdate(),
        schedule[0],
        schedule[1],
        exhibit.beside(data, samples),
        exhibit.samples(samples),
        film(exhibit, data),
        Files.readString(directory.resolve("pipeline.yaml")),
        provenance(),
        missing);
  }

  private String shape() {
    Shape element = model.data().summary().element();
    String sides =
        LongStream.of(element.getShape())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(" × "));
    return element.dimension() == 1 && element.get(0) == 1 ? "1 number" : sides + " numbers";
  }

  /** The first held-out examples in data units, or none. */
  private float[][] data(int most) {
    if (source.isEmpty()) {
      return new float[0][];
    }
    int count = Math.min(most, source.get().count(Split.HELD_OUT));
    int[] indices = IntStream.range(0, count).toArray();
    float[] flat =
        new Examples(source.get()).rows(Split.HELD_OUT, indices, Noise.of(seed, "report data", 0));
    int size = flat.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * size, (i + 1) * size))
        .toArray(float[][]::new);
  }

  private float[][] samples(int count) {
    try (NDManager own = model.manager().newSubManager()) {
      return Trajectory.rows(model.sample(own, count, seed));
    }
  }

  private Optional<StepProfile> profile() {
    int budget = large ? PROFILED_LARGE : PROFILED;
    float[][] rows = data(Math.max(300, budget / model.diffusion().steps()));
    if (rows.length == 0) {
      return Optional.empty();
    }
    try (NDManager own = model.manager().newSubManager()) {
      NDArray x = model.scaling().toModel(own, Trajectory.flat(rows));
      return Optional.of(StepProfile.of(model.diffusion(), x, Noise.of(seed, "profile", 0)));
    }
  }

  private double[][] schedule() {
    int[] all = IntStream.rangeClosed(1, model.diffusion().steps()).toArray();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager();
        NDScope scope = new NDScope()) {
      Stage stage = model.diffusion().stage(own.zeros(new Shape(1)), all);
      return new double[][] {doubles(stage.beta()), doubles(stage.logSnr())};
    }
  }

  private static double[] doubles(NDArray array) {
    float[] values = array.toFloatArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private String film(Exhibit exhibit, float[][] data) throws JsonProcessingException {
    Trajectory trajectory = exhibit.trajectory(data);
    Map<String, Object> film = new LinkedHashMap<>(exhibit.film(trajectory));
    film.put("steps", trajectory.steps());
    return JSON.writeValueAsString(film);
  }

  /** What {@code model.json} says, but for the moments of the data, which nobody reads. */
  private List<Fact> provenance() throws IOException {
    return Leaves.of(JSON.readTree(directory.resolve("model.json").toFile())).entrySet().stream()
        .filter(leaf -> !leaf.getKey().startsWith("data."))
        .map(leaf -> new Fact(leaf.getKey(), leaf.getValue()))
        .toList();
  }
}
