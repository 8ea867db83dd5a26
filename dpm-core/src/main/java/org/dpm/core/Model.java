package org.dpm.core;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dpm.api.AncestralSampling;
import org.dpm.api.Component;
import org.dpm.api.DataSummary;
import org.dpm.api.DataUnits;
import org.dpm.api.Diffusion;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.Signature;
import org.dpm.api.Start;
import org.dpm.api.Variables;
import org.dpm.api.VariationalBound;
import org.dpm.engine.Devices;
import org.dpm.engine.GradientMode;
import org.dpm.engine.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A density: the parts of a pipeline built and wired, with their weights. {@link #load} one from a
 * run directory, then draw from it and ask how probable data are.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Model implements AutoCloseable {

  /** Numbers of a sample that are drawn at once, which bounds the memory that is needed. */
  private static final int TOGETHER = 40_000;

  private final Registry registry;
  private final Pipeline pipeline;
  private final DataDescription data;
  private final Parts parts;
  private final NDManager manager;
  private final Block block;
  private final Weights weights;
  private final Layout layout;
  private @Nullable Replicas replicas;
  private TrainingRecord training = new TrainingRecord(0, 0, 0);

  private Model(Registry registry, Pipeline pipeline, DataDescription data) {
    this.registry = registry;
    this.pipeline = pipeline;
    this.data = data;
    Device device = Devices.byName(pipeline.device());
    parts = Wiring.parts(registry, pipeline, data);
    layout = parts.layout();
    block = parts.network().block(signature());
    manager = NDManager.newBaseManager(device, Devices.engine().getEngineName());
    weights = initialise();
    Devices.useThreadsFor(work() * pipeline.training().batch());
  }

  /** Another model of the same weights, for another thread. */
  private Model(Model original) {
    registry = original.registry;
    pipeline = original.pipeline;
    data = original.data;
    parts = Wiring.parts(registry, pipeline, data);
    layout = parts.layout();
    block = parts.network().block(signature());
    manager = original.manager.newSubManager();
    block.initialize(manager, DataType.FLOAT32, signature().inputs());
    parts.schedule().parameters().forEach(each -> each.initialize(manager, DataType.FLOAT32));
    weights = original.weights.shared(manager, block, parts.schedule().parameters());
    replicas = new Replicas(List.of(this));
  }

  /**
   * Models that share the weights of this one, for threads of their own: as many as the pipeline
   * says, or else one for each processor where the network is large enough, and only this one
   * otherwise. A replica has only itself. Closed with this model.
   */
  public Replicas replicas() {
    if (replicas == null) {
      int fitting = Devices.replicasFor(work() * pipeline.training().batch(), manager.getDevice());
      int count = pipeline.training().replicas().orElse(fitting);
      replicas =
          new Replicas(
              count == 1
                  ? List.of(this)
                  : Stream.generate(() -> new Model(this)).limit(count).toList());
    }
    return replicas;
  }

  private Signature signature() {
    return new Signature(layout.element(), parts.reverse().outputs());
  }

  /** Multiplications for one example, at most: a convolution's weights are used at every pixel. */
  private long work() {
    Shape element = layout.element();
    long pixels = element.dimension() < 3 ? 1 : element.size() / element.get(0);
    return weights.count()
        + (pixels - 1)
            * block.getParameters().values().stream()
                .filter(parameter -> parameter.getShape().dimension() == 4)
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
  }

  private Weights initialise() {
    Engine engine = Devices.engine();
    double seed = Noise.of(pipeline.training().seed(), "initial weights").uniform();
    engine.setRandomSeed((int) (seed * Integer.MAX_VALUE));
    block.initialize(manager, DataType.FLOAT32, signature().inputs());
    Map<String, Parameter> others = new LinkedHashMap<>();
    List<Parameter> schedule = parts.schedule().parameters();
    for (int i = 0; i < schedule.size(); i++) {
      schedule.get(i).initialize(manager, DataType.FLOAT32);
      others.put("schedule." + i + "." + schedule.get(i).getName(), schedule.get(i));
    }
    return new Weights(manager, block, others);
  }

  /**
   * A model that has learned nothing yet.
   *
   * @throws InvalidInput if the parts do not fit each other or the data
   */
  public static Model create(Registry registry, Pipeline pipeline, DataDescription data) {
    return new Model(registry, pipeline, data);
  }

  /**
   * Reads the model of a run directory.
   *
   * @param device where to compute; empty for what the pipeline says
   * @throws InvalidInput if a file is missing, damaged or of another format, if its plugins are not
   *     installed, or if there is no such device
   */
  public static Model load(Path directory, Registry registry, Optional<String> device) {
    return ModelFiles.read(new RunDirectory(directory), registry, device);
  }

  /** Writes the model into a run directory, each file whole. */
  public void save(Path directory, List<NDArray> averages) {
    ModelFiles.write(this, averages, new RunDirectory(directory));
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  public DataDescription data() {
    return data;
  }

  /** How many numbers it learns. */
  public long parameters() {
    return weights.count();
  }

  /** Where the cells of an example stand in what the kernel sees. */
  public Layout layout() {
    return layout;
  }

  public Parts parts() {
    return parts;
  }

  public Weights weights() {
    return weights;
  }

  /** Owns the weights; arrays that are to live as long as the model may join it. */
  public NDManager manager() {
    return manager;
  }

  public TrainingRecord training() {
    return training;
  }

  public void setTraining(TrainingRecord training) {
    this.training = training;
  }

  Registry registry() {
    return registry;
  }

  /**
   * Builds a prior for this model. Its constructor may ask for its settings, {@link ForwardKernel},
   * {@link org.dpm.api.GaussianPath}, {@link Schedule}, {@link Grid}, {@link Variables}, {@link
   * DataSummary}, {@link DataUnits}, {@link org.dpm.api.Factory}, {@link DataDescription}, {@link
   * Layout}, {@link Registry} and {@link NDManager}, the last to own what is to live as long as
   * this model.
   *
   * @throws InvalidInput if it refuses its settings or the model, or cannot be built
   */
  public Prior prior(Component<Prior> prior) {
    return new Workshop(registry)
        .offer(ForwardKernel.class, parts.forward())
        .offer(Schedule.class, parts.schedule())
        .offer(Grid.class, pipeline.trajectory())
        .offer(Variables.class, data.variables())
        .offer(DataSummary.class, layout.summary())
        .offer(DataUnits.class, layout)
        .offer(Layout.class, layout)
        .offer(DataDescription.class, data)
        .offer(Registry.class, registry)
        .offer(NDManager.class, manager)
        .create(prior);
  }

  /** The diffusion as it was trained, for use without training. */
  public Diffusion diffusion() {
    return diffusion(pipeline.trajectory(), false);
  }

  /**
   * The diffusion at other times.
   *
   * @throws InvalidInput if the network knows no times but those of training, and these are others
   */
  public Diffusion diffusion(Grid grid) {
    if (!parts.network().anyTime() && !grid.within(pipeline.trajectory())) {
      throw new InvalidInput(
          "steps: network '%s' has a readout for each of its %s and cannot be asked at %s."
              .formatted(pipeline.network().kind(), pipeline.trajectory(), grid));
    }
    return diffusion(grid, false);
  }

  /** The diffusion in training, where blocks such as dropout behave differently. */
  public Diffusion trainingDiffusion() {
    return diffusion(pipeline.trajectory(), true);
  }

  private Diffusion diffusion(Grid grid, boolean training) {
    return new Diffusion(
        layout.element(),
        grid,
        pipeline.lastStep(),
        parts.schedule(),
        parts.forward(),
        parts.reverse(),
        network(training));
  }

  /**
   * The network with the present weights. Where nothing is recorded for differentiation, the {@link
   * #replicas} divide the examples among themselves.
   *
   * @param training where blocks such as dropout behave differently
   */
  public Diffusion.Answer network(boolean training) {
    return (x, time, condition) -> {
      NDList inputs = new NDList(x, time);
      if (condition != null) {
        inputs.add(condition);
      }
      return training || GradientMode.isOn() ? forward(inputs, training) : divided(inputs);
    };
  }

  private NDArray forward(NDList inputs, boolean training) {
    return block.forward(weights, inputs, training).singletonOrThrow();
  }

  private NDArray divided(NDList inputs) {
    long rows = inputs.get(0).getShape().get(0);
    int shares = (int) Math.min(rows, replicas().count());
    if (rows == 1 && layout.element().dimension() > 1) {
      // One image alone takes a slow way through the engine.
      NDList twice = new NDList();
      inputs.forEach(input -> twice.add(input.repeat(0, 2)));
      return forward(twice, false).split(2).get(0);
    }
    if (shares < 2) {
      return forward(inputs, false);
    }
    long[] starts = LongStream.range(1, shares).map(i -> i * rows / shares).toArray();
    List<NDList> pieces = inputs.stream().map(input -> input.split(starts)).toList();
    try (NDList answers =
        new NDList(
            replicas()
                .each(
                    shares,
                    (i, replica) ->
                        replica.share(
                            new NDList(pieces.stream().map(piece -> piece.get(i)).toList()))))) {
      return NDArrays.concat(answers);
    } finally {
      pieces.forEach(NDList::close);
    }
  }

  /** Of a replica, in its thread, for the thread that asked to close. */
  private NDArray share(NDList inputs) {
    try (GradientMode off = GradientMode.off();
        NDScope scope = new NDScope()) {
      // What training handed out last belongs to the graph of its step.
      weights.bind();
      NDArray answer = forward(inputs, false);
      NDScope.unregister(answer);
      return answer;
    }
  }

  /**
   * Draws examples.
   *
   * @param owner owns the result
   * @param seed the same seed gives the same examples, and fewer are the beginning of more
   * @return [count, cells...] in data units
   */
  public NDArray sample(NDManager owner, long count, long seed) {
    Noise noise = Noise.of(seed, "samples");
    float[] rows = draw(Math.toIntExact(count), pipeline.trajectory(), noise, Progress.NONE);
    return owner.create(rows, new Shape(count).addAll(layout.shape()));
  }

  /**
   * Draws examples as plain numbers.
   *
   * @param grid the times to go through
   * @param noise the same noise gives the same examples
   * @return row-major, in data units
   * @throws InvalidInput if the network knows no times but those of training, and these are others
   */
  public float[] draw(int count, Grid grid, Noise noise, Progress progress) {
    int size = Math.toIntExact(layout.element().size());
    int together = Math.max(32, TOGETHER / size);
    Diffusion diffusion = diffusion(grid);
    FloatBuffer rows = FloatBuffer.allocate(Math.multiplyExact(count, layout.dimensions()));
    for (int from = 0; from < count; from += together) {
      int now = Math.min(count - from, together);
      Progress part = progress.part((double) from / count, (double) (from + now) / count);
      rows.put(piece(diffusion, now, noise.from(from), part));
      part.report(1);
    }
    return rows.array();
  }

  private float[] piece(Diffusion diffusion, int count, Noise noise, Progress progress) {
    try (GradientMode off = GradientMode.off();
        NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      Sampler sampler = parts.sampler().orElse(new AncestralSampling());
      return layout.toData(sampler.sample(own, new Start.End(count), diffusion, noise, progress));
    }
  }

  /**
   * K of each example, from every step of the trajectory.
   *
   * @param rows examples in data units, row-major
   * @return bits in data units: a lower bound on the log density of each example
   */
  public double[] boundBits(float[] rows, long seed) {
    try (GradientMode off = GradientMode.off();
        NDManager own = manager.newSubManager()) {
      NDArray x = layout.toModel(own, rows);
      float[] cost =
          new VariationalBound(diffusion()).total(x, Noise.of(seed, "bound")).toFloatArray();
      double[] bits = new double[cost.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (-cost[i] - layout.logVolume()) / Math.log(2);
      }
      return bits;
    }
  }

  @Override
  public void close() {
    if (replicas != null) {
      replicas.close();
    }
    manager.close();
  }
}
