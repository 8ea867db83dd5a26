package org.dpm.report;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Doubles;
import org.dpm.api.Noise;
import org.dpm.api.Stage;
import org.dpm.core.Model;
import org.dpm.data.table.SampleWriter;
import org.dpm.data.table.SampleWriter.Samples;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.Evaluation;
import org.dpm.report.picture.SampleSheet;
import org.dpm.report.picture.ScheduleCurve;
import org.dpm.report.picture.TrainingCurve;
import org.dpm.report.picture.TrainingCurve.HeldOut;
import org.dpm.report.picture.TrainingCurve.Reference;
import org.dpm.report.picture.TwoDimensionalPicture;
import org.dpm.report.picture.TwoDimensionalPicture.Moment;
import org.dpm.training.Metric;

/** What a run leaves to look at, by the shape of its data. */
public final class Pictures {

  private static final int SHEET = 100;
  private static final int POINTS = 2000;

  private final Model model;
  private final String title;
  private final Path directory;
  private final List<Path> written = new ArrayList<>();

  public Pictures(Model model, String title, Path directory) {
    this.model = model;
    this.title = title;
    this.directory = directory;
  }

  /** Every file so far. */
  public List<Path> written() {
    return written;
  }

  /** Samples as a sheet of images, or as a table. */
  public void samples(Samples samples) throws IOException {
    Shape element = model.data().summary().element();
    boolean image = element.dimension() == 3 && (element.get(0) == 1 || element.get(0) == 3);
    if (!image) {
      Path table = add("samples.csv");
      SampleWriter.to(table).write(samples);
      return;
    }
    float[][] few = Arrays.copyOf(samples.values(), Math.min(SHEET, samples.values().length));
    new SampleSheet(
            title + ": samples",
            few,
            (int) element.get(0),
            (int) element.get(1),
            (int) element.get(2),
            samples.black(),
            samples.white())
        .write(add("samples.png"));
  }

  /** Data, samples and the way between them, for data of two dimensions. */
  public void trajectory(float[][] data, float[][] samples) throws IOException {
    if (!model.data().summary().element().equals(new Shape(2))) {
      return;
    }
    float[][] few = Arrays.copyOf(data, Math.min(POINTS, data.length));
    List<String> names =
        model.data().names().isEmpty() ? List.of("x1", "x2") : model.data().names();
    new TwoDimensionalPicture(title, names, few, samples, moments(few)).write(add("samples.png"));
  }

  private List<Moment> moments(float[][] data) {
    Diffusion diffusion = model.diffusion();
    int steps = diffusion.steps();
    Map<Integer, float[][]> reverse = new TreeMap<>();
    int[] shown = IntStream.rangeClosed(0, 4).map(i -> i * steps / 4).distinct().toArray();
    List<Moment> moments = new ArrayList<>();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager()) {
      Noise noise = Noise.of(model.pipeline().training().seed(), "pictures", 0);
      diffusion.sample(
          own,
          data.length,
          noise.child("reverse", 0),
          (x, t) -> {
            if (IntStream.of(shown).anyMatch(s -> s == t)) {
              reverse.put(t, Draws.rows(x));
            }
          });
      for (int t : shown) {
        moments.add(
            new Moment(
                t,
                forward(own, diffusion, data, t, noise),
                reverse.getOrDefault(t, new float[0][])));
      }
    }
    return moments;
  }

  private float[][] forward(
      NDManager owner, Diffusion diffusion, float[][] data, int t, Noise noise) {
    float[] flat = new float[data.length * 2];
    for (int i = 0; i < data.length; i++) {
      System.arraycopy(data[i], 0, flat, 2 * i, 2);
    }
    try (NDScope scope = new NDScope()) {
      NDArray x = model.scaling().toModel(owner, flat);
      if (t == 0) {
        return Draws.rows(x);
      }
      Stage stage = diffusion.stage(x, t);
      return Draws.rows(diffusion.forward().marginal(x, stage).sample(noise.child("forward", t)));
    }
  }

  /** Held-out K against updates. */
  public void training(List<Metric> metrics, Evaluation evaluation) throws IOException {
    Unit unit = Unit.of(evaluation.dimensions());
    List<HeldOut> heldOut =
        metrics.stream()
            .map(
                m ->
                    new HeldOut(
                        m.update(), unit.of(m.boundBits()), unit.of(m.boundStandardError())))
            .toList();
    List<Reference> references = new ArrayList<>();
    evaluation
        .trueLogDensityBits()
        .ifPresent(truth -> references.add(new Reference("truth", unit.of(truth))));
    references.add(new Reference("null", unit.of(evaluation.nullBits())));
    new TrainingCurve(title + ": held-out K", unit.name(), heldOut, List.of(), references)
        .write(add("training.png"));
  }

  /** How fast the data dissolve. */
  public void schedule() throws IOException {
    Diffusion diffusion = model.diffusion();
    int[] all = IntStream.rangeClosed(1, diffusion.steps()).toArray();
    try (GradientMode off = GradientMode.off();
        NDManager own = model.manager().newSubManager();
        NDScope scope = new NDScope()) {
      Stage stage = diffusion.stage(own.zeros(new Shape(1)), all);
      new ScheduleCurve(title + ": schedule", Doubles.of(stage.beta()), Doubles.of(stage.logSnr()))
          .write(add("schedule.png"));
    }
  }

  private Path add(String name) {
    Path file = directory.resolve(name);
    written.add(file);
    return file;
  }
}
