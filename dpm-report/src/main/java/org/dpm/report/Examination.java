package org.dpm.report;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.RunDirectory;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.report.Findings.Fact;
import org.dpm.training.Metric;

/** Finds out what a report tells of a model. */
final class Examination {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int SHOWN = 2000;

  /** Images are drawn in rows of the sheet, ... */
  private static final int ROW = 8;

  private static final int MOST_ROWS = 8;

  /** ... as many as take about so many calls of the network, each for one image at one step. */
  private static final int DRAWN = 12_000;

  /** Examples times steps that a profile takes: a few seconds, or half a minute for images. */
  private static final int PROFILED = 800_000;

  private static final int PROFILED_LARGE = 7_500;

  /** A step is told from its neighbours where so many examples can be looked at. */
  private static final int EXAMPLES = 300;

  private static final int EXAMPLES_LARGE = 75;

  /** Otherwise there are so many stretches of steps. */
  private static final int STRETCHES = 50;

  private final Model model;
  private final RunDirectory directory;
  private final Optional<DataSource> source;
  private final long seed;
  private final boolean large;
  private final Progress progress;

  /**
   * @param progress is told the fraction that is done
   */
  Examination(Model model, RunDirectory directory, Optional<DataSource> source, Progress progress) {
    this.model = model;
    this.directory = directory;
    this.source = source;
    this.progress = progress;
    this.seed = model.pipeline().training().seed();
    this.large = Unit.of(model.layout().shape().size()).size() > 1;
  }

  Findings findings(
      Optional<Evaluation> evaluation,
      Optional<TrajectoryFigures> likelihood,
      List<Metric> metrics,
      Optional<String> missing)
      throws IOException {
    Exhibit exhibit = Exhibit.of(model);
    int steps = model.diffusion().steps();
    int shown = shown();
    float[][] data = data(shown);
    int length = length();
    int profiled = source.isPresent() ? profiled(length) : 0;
    double drawing = (double) shown * steps;
    double all = drawing + (double) profiled * pieces(length);
    Trajectory trajectory =
        exhibit.trajectory(data, new Trajectory.Draw(shown, progress.part(0, drawing / all)));
    Optional<StepProfile> profile = profile(profiled, length, progress.part(drawing / all, 1));
    progress.report(1);
    float[][] samples = trajectory.samples();
    double[][] schedule = schedule();
    Path name = directory.path().toAbsolutePath().normalize().getFileName();
    return new Findings(
        name == null ? directory.path().toString() : name.toString(),
        model.layout().shape().size(),
        model.layout().continuous(),
        shape(),
        evaluation,
        likelihood,
        profile,
        metrics,
        model.training().keptUpdate(),
        schedule[0],
        schedule[1],
        exhibit.beside(data, samples),
        exhibit.samples(samples),
        film(exhibit, trajectory),
        Files.readString(directory.pipeline()),
        provenance(),
        missing,
        samples);
  }

  /** How many samples. */
  private int shown() {
    if (model.layout().shape().dimension() == 1) {
      return SHOWN;
    }
    int rows = DRAWN / model.diffusion().steps() / ROW;
    return ROW * Math.max(2, Math.min(MOST_ROWS, rows));
  }

  private String shape() {
    Shape element = model.layout().shape();
    String sides =
        LongStream.of(element.getShape())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(" × "));
    if (element.dimension() == 3 && (element.get(0) == 1 || element.get(0) == 3)) {
      return "%d × %d pixels%s"
          .formatted(
              element.get(1), element.get(2), element.get(0) == 1 ? " of grey" : " in colour");
    }
    return element.size() == 1 ? "1 number" : sides + " numbers";
  }

  /** The first held-out examples in data units, or none. */
  private float[][] data(int most) {
    if (source.isEmpty()) {
      return new float[0][];
    }
    int count = Math.min(most, source.get().count(Split.HELD_OUT));
    int[] indices = IntStream.range(0, count).toArray();
    float[] read =
        new Examples(source.get()).rows(Split.HELD_OUT, indices, Noise.of(seed, "report data"));
    float[] flat = model.layout().modelled(read);
    int size = flat.length / count;
    return IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * size, (i + 1) * size))
        .toArray(float[][]::new);
  }

  private int budget() {
    return large ? PROFILED_LARGE : PROFILED;
  }

  /** Steps that a profile does not tell apart. */
  private int length() {
    int steps = model.diffusion().steps() - 1;
    int apart = budget() / (large ? EXAMPLES_LARGE : EXAMPLES);
    return steps <= apart ? 1 : (steps + STRETCHES - 1) / STRETCHES;
  }

  private int pieces(int length) {
    return (model.diffusion().steps() - 1 + length - 1) / length;
  }

  /** Of how many examples. */
  private int profiled(int length) {
    return Math.min(
        Math.max(EXAMPLES_LARGE, budget() / pieces(length)),
        source.orElseThrow().count(Split.HELD_OUT));
  }

  private Optional<StepProfile> profile(int examples, int length, Progress told) {
    float[][] rows = data(examples);
    if (rows.length == 0) {
      return Optional.empty();
    }
    try (NDManager own = model.manager().newSubManager()) {
      NDArray x = model.layout().toModel(own, Trajectory.flat(rows));
      Noise noise = Noise.of(seed, "profile");
      return Optional.of(StepProfile.of(model.diffusion(), x, length, noise, told));
    }
  }

  private double[][] schedule() {
    int[] all = IntStream.rangeClosed(1, model.diffusion().steps()).toArray();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager();
        NDScope scope = new NDScope()) {
      Stage stage = model.diffusion().stage(own.zeros(new Shape(1)), all);
      return new double[][] {Doubles.of(stage.beta()), Doubles.of(stage.logSnr())};
    }
  }

  private static String film(Exhibit exhibit, Trajectory trajectory)
      throws JsonProcessingException {
    Map<String, Object> film = new LinkedHashMap<>(exhibit.film(trajectory));
    film.put("steps", trajectory.steps());
    return JSON.writeValueAsString(film);
  }

  /** What the model's description says, but for the moments of the data, which nobody reads. */
  private List<Fact> provenance() throws IOException {
    return Leaves.of(JSON.readTree(directory.description().toFile())).entrySet().stream()
        .filter(leaf -> !leaf.getKey().startsWith("data."))
        .map(leaf -> new Fact(leaf.getKey(), rounded(leaf.getValue())))
        .toList();
  }

  /** No clock is right to a nanosecond. */
  private static String rounded(String value) {
    return value.matches("\\d+\\.\\d{3,}")
        ? String.format(Locale.ROOT, "%.1f", Double.parseDouble(value))
        : value;
  }
}
