package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.WholeFile;
import org.dpm.core.Layout;
import org.dpm.core.Model;
import org.dpm.evaluation.Evaluator;

/**
 * How probable a model says the held-out examples of a data source are: each estimate when it is
 * asked for, and then those of every example as a table.
 */
public final class LikelihoodEvaluator implements AutoCloseable {

  private static final double LOG_2 = Math.log(2);

  /** Share of the time that drawing takes of a Parzen window, about. */
  private static final double DRAWING = 0.9;

  private final Model model;
  private final Layout layout;
  private final Grid grid;
  private final DataSource source;
  private final NDManager manager;
  private final float[] rows;
  private final NDArray data;
  private final int count;
  private final long seed;
  private List<TrajectoryEstimate> trajectories = List.of();
  private List<FlowEstimate> flow = List.of();

  /**
   * Reads the examples as {@link Evaluator} does.
   *
   * @param grid the times to judge the model at
   */
  public LikelihoodEvaluator(Model model, Grid grid, DataSource source) {
    this.model = model;
    this.layout = model.layout();
    this.grid = grid;
    this.source = source;
    count = source.count(Split.HELD_OUT);
    seed = model.pipeline().training().seed();
    rows = Evaluator.heldOut(source, seed);
    manager = model.manager().newSubManager();
    data = layout.toModel(manager, layout.modelled(rows));
  }

  /**
   * From trajectories.
   *
   * @param each S, how many for each example
   */
  public TrajectoryFigures trajectories(int each, Progress progress) {
    trajectories =
        new TrajectoryLikelihood(model.diffusion(grid), each)
            .of(data, Noise.of(seed, "trajectories"), progress);
    double[] likelihood = bits(trajectories, TrajectoryEstimate::logLikelihood);
    double[] bound = bits(trajectories, TrajectoryEstimate::bound);
    double[] effective =
        trajectories.stream().mapToDouble(TrajectoryEstimate::effectiveTrajectories).toArray();
    double mean = StatUtils.mean(likelihood);
    return new TrajectoryFigures(
        count,
        each,
        mean,
        standardError(likelihood),
        StatUtils.mean(bound),
        standardError(bound),
        StatUtils.mean(effective),
        StatUtils.min(effective),
        mean / layout.dimensions(),
        Evaluator.dataBitsPerDimension(layout, mean),
        Evaluator.trueBits(layout, source, rows));
  }

  /**
   * By the probability flow.
   *
   * @throws InvalidInput if the model has none, or if it does not converge
   */
  public FlowFigures flow(Progress progress) {
    FlowLikelihood likelihood = FlowLikelihood.of(model, grid);
    flow = likelihood.of(data, Noise.of(seed, "flow"), progress);
    double[] bits = bits(flow, FlowEstimate::logLikelihood);
    double mean = StatUtils.mean(bits);
    return new FlowFigures(
        count,
        mean,
        standardError(bits),
        Math.sqrt(StatUtils.sumSq(bits(flow, FlowEstimate::probeError))) / count,
        StatUtils.mean(bits(flow, FlowEstimate::refinement)),
        likelihood.blur(data),
        mean / layout.dimensions(),
        Evaluator.dataBitsPerDimension(layout, mean),
        Evaluator.trueBits(layout, source, rows));
  }

  /**
   * By a kernel density estimate on samples. Every second example is for the choice of the
   * bandwidth, the others are for the figure.
   *
   * @param samples how many to draw from the model
   * @throws InvalidInput if not all data are numbers, or if there are fewer than two
   */
  public ParzenFigures parzen(int samples, Progress progress) {
    if (!layout.continuous()) {
      throw new InvalidInput(
          "a Parzen window estimates the density of continuous data, but the model is of %s. --likelihood S works for every kernel."
              .formatted(layout.title()));
    }
    if (count < 2) {
      throw new InvalidInput(
          "a Parzen window needs at least 2 examples, one to choose its width by, but there is 1.");
    }
    try (NDManager own = manager.newSubManager()) {
      Noise noise = Noise.of(seed, "Parzen samples");
      float[] drawn = model.draw(samples, grid, noise, progress.part(0, DRAWING));
      ParzenWindow window = new ParzenWindow(layout.toModel(own, drawn));
      NDArray validation = data.get(new NDIndex("0::2"));
      validation.attach(own);
      NDArray test = data.get(new NDIndex("1::2"));
      test.attach(own);
      Progress rest = progress.part(DRAWING, 1);
      double width = window.bandwidth(validation, rest.part(0, 0.8));
      double[] nats = window.logDensity(test, width, rest.part(0.8, 1));
      return figures(samples, Math.toIntExact(validation.getShape().get(0)), width, nats);
    }
  }

  private ParzenFigures figures(int samples, int validation, double width, double... nats) {
    double mean = StatUtils.mean(nats);
    double dataNats = mean - layout.logVolume();
    double range = model.data().maximum() - model.data().minimum();
    OptionalDouble error = standardError(nats);
    return new ParzenFigures(
        samples,
        validation,
        nats.length,
        width,
        mean / LOG_2,
        error.isPresent() ? OptionalDouble.of(error.getAsDouble() / LOG_2) : error,
        dataNats,
        dataNats + layout.dimensions() * Math.log(range));
  }

  private OptionalDouble standardError(double[] values) {
    return values.length < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Bootstrap.standardError(values, Noise.of(seed, "bootstrap")));
  }

  private static <E> double[] bits(List<E> estimates, ToDoubleFunction<E> nats) {
    return estimates.stream().mapToDouble(nats).map(value -> value / LOG_2).toArray();
  }

  /** By how many bits an example is less probable in data units than as the kernel sees it. */
  public double dataUnitsBits() {
    return layout.logVolume() / LOG_2;
  }

  /**
   * Writes a line for every example: where it stands, and in bits and data units what was estimated
   * of it so far.
   *
   * @throws IllegalStateException if nothing was estimated yet
   */
  public void write(Path file) throws IOException {
    if (trajectories.isEmpty() && flow.isEmpty()) {
      throw new IllegalStateException("there is nothing to write: estimate something first");
    }
    CsvSchema.Builder columns = CsvSchema.builder().addColumn("example");
    if (!trajectories.isEmpty()) {
      columns.addColumn("boundBits").addColumn("likelihoodBits");
      columns.addColumn("likelihoodStandardError").addColumn("effectiveTrajectories");
    }
    if (!flow.isEmpty()) {
      columns.addColumn("flowBits").addColumn("flowRefinementBits");
    }
    CsvMapper mapper = CsvMapper.builder().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET).build();
    WholeFile.write(
        file,
        out -> {
          try (SequenceWriter lines =
              mapper.writer(columns.build().withHeader()).writeValues(out)) {
            for (int i = 0; i < count; i++) {
              lines.write(line(i));
            }
          }
        });
  }

  private List<Object> line(int index) {
    List<Object> line = new ArrayList<>(List.of(source.place(Split.HELD_OUT, index)));
    if (!trajectories.isEmpty()) {
      TrajectoryEstimate estimate = trajectories.get(index);
      line.add(dataBits(estimate.bound()));
      line.add(dataBits(estimate.logLikelihood()));
      double error = estimate.standardError();
      line.add(Double.isNaN(error) ? "" : (Object) (error / LOG_2));
      line.add(estimate.effectiveTrajectories());
    }
    if (!flow.isEmpty()) {
      line.add(dataBits(flow.get(index).logLikelihood()));
      line.add(flow.get(index).refinement() / LOG_2);
    }
    return line;
  }

  private double dataBits(double nats) {
    return (nats - layout.logVolume()) / LOG_2;
  }

  @Override
  public void close() {
    manager.close();
  }
}
