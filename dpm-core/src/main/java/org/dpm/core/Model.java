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
import java.util.function.BinaryOperator;
import java.util.function.DoubleConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dpm.api.DataSummary;
import org.dpm.api.Diffusion;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Prior;
import org.dpm.api.Schedule;
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
  private final Scaling scaling;
  private @Nullable Replicas replicas;
  private TrainingRecord training = new TrainingRecord(0, 0, 0);

  private Model(Registry registry, Pipeline pipeline, DataDescription data) {
    this.registry = registry;
    this.pipeline = pipeline;
    this.data = data;
    DataSummary summary = data.summary();
    Device device = Devices.byName(pipeline.device());
    parts = Wiring.parts(registry, pipeline, summary);
    block = parts.network().block(summary.element(), parts.reverse().outputs());
    scaling = new Scaling(summary, parts.forward().standardises());
    manager = NDManager.newBaseManager(device, Devices.engine().getEngineName());
    weights = initialise();
    Devices.useThreadsFor(work() * pipeline.training().batch());
  }

  /** Another model of the same weights, for another thread. */
  private Model(Model original) {
    registry = original.registry;
    pipeline = original.pipeline;
    data = original.data;
    scaling = original.scaling;
    parts = Wiring.parts(registry, pipeline, data.summary());
    block = parts.network().block(data.summary().element(), parts.reverse().outputs());
    manager = original.manager.newSubManager();
    block.initialize(manager, DataType.FLOAT32, example(), new Shape(1));
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

  private Shape example() {
    return new Shape(1).addAll(data.summary().element());
  }

  /** Multiplications for one example, at most: a convolution's weights are used at every pixel. */
  private long work() {
    Shape element = data.summary().element();
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
    double seed = Noise.of(pipeline.training().seed(), "initial weights", 0).uniform();
    engine.setRandomSeed((int) (seed * Integer.MAX_VALUE));
    block.initialize(manager, DataType.FLOAT32, example(), new Shape(1));
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

  public Scaling scaling() {
    return scaling;
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
   * {@link Schedule}, {@link DataSummary}, {@link DataDescription}, {@link Scaling}, {@link
   * PriorFactory}, {@link Registry} and {@link NDManager}, the last to own what is to live as long
   * as this model.
   *
   * @throws InvalidInput if it refuses its settings or the model, or cannot be built
   */
  public Prior prior(Component<Prior> prior) {
    PriorFactory factory = this::prior;
    return Wiring.prior(
        registry,
        prior,
        pipeline.steps(),
        Map.of(
            ForwardKernel.class,
            parts.forward(),
            Schedule.class,
            parts.schedule(),
            DataSummary.class,
            data.summary(),
            DataDescription.class,
            data,
            Scaling.class,
            scaling,
            PriorFactory.class,
            factory,
            Registry.class,
            registry,
            NDManager.class,
            manager));
  }

  /** The diffusion as it was trained, for use without training. */
  public Diffusion diffusion() {
    return diffusion(pipeline.steps(), false);
  }

  /**
   * The diffusion with another number of steps.
   *
   * @throws InvalidInput if the network or the kernel knows no other steps than those of training
   */
  public Diffusion diffusion(int steps) {
    if (steps != pipeline.steps() && !parts.network().anyTime()) {
      throw new InvalidInput(
          "steps: network '%s' has a readout for each of its %d steps and cannot be asked at %d."
              .formatted(pipeline.network().kind(), pipeline.steps(), steps));
    }
    return diffusion(steps, false);
  }

  /** The diffusion in training, where blocks such as dropout behave differently. */
  public Diffusion trainingDiffusion() {
    return diffusion(pipeline.steps(), true);
  }

  private Diffusion diffusion(int steps, boolean training) {
    return new Diffusion(
        data.summary().element(),
        steps,
        pipeline.lastStep(),
        parts.schedule(),
        parts.forward(),
        parts.reverse(),
        network(training));
  }

  /**
   * The network with the present weights: maps x_t [B, element...] and time [B] to [B, outputs,
   * element...]. Where nothing is recorded for differentiation, the {@link #replicas} divide the
   * examples among themselves.
   *
   * @param training where blocks such as dropout behave differently
   */
  public BinaryOperator<NDArray> network(boolean training) {
    return (x, time) ->
        training || GradientMode.isOn() ? forward(x, time, training) : divided(x, time);
  }

  private NDArray forward(NDArray x, NDArray time, boolean training) {
    return block.forward(weights, new NDList(x, time), training).singletonOrThrow();
  }

  private NDArray divided(NDArray x, NDArray time) {
    long rows = x.getShape().get(0);
    int shares = (int) Math.min(rows, replicas().count());
    if (shares < 2) {
      return forward(x, time, false);
    }
    long[] starts = LongStream.range(1, shares).map(i -> i * rows / shares).toArray();
    try (NDList examples = x.split(starts);
        NDList times = time.split(starts);
        NDList answers =
            new NDList(
                replicas()
                    .each(shares, (i, replica) -> replica.share(examples.get(i), times.get(i))))) {
      return NDArrays.concat(answers);
    }
  }

  /** Of a replica, in its thread, for the thread that asked to close. */
  private NDArray share(NDArray x, NDArray time) {
    try (GradientMode off = GradientMode.off();
        NDScope scope = new NDScope()) {
      // What training handed out last belongs to the graph of its step.
      weights.bind();
      NDArray answer = forward(x, time, false);
      NDScope.unregister(answer);
      return answer;
    }
  }

  /**
   * Draws examples.
   *
   * @param owner owns the result
   * @param seed the same seed gives the same examples
   * @return [count, element...] in data units
   */
  public NDArray sample(NDManager owner, long count, long seed) {
    int few = Math.toIntExact(count);
    float[] rows = draw(few, pipeline.steps(), Noise.of(seed, "samples", 0), done -> {});
    return owner.create(rows, new Shape(count).addAll(data.summary().element()));
  }

  /**
   * Draws examples as plain numbers.
   *
   * @param steps T
   * @param noise the same noise gives the same examples
   * @param progress is told the fraction that is done
   * @return row-major, in data units
   * @throws InvalidInput if the network or the kernel knows no other steps than those of training
   */
  public float[] draw(int count, int steps, Noise noise, DoubleConsumer progress) {
    int size = Math.toIntExact(data.summary().element().size());
    int together = Math.max(32, TOGETHER / size);
    Diffusion diffusion = diffusion(steps);
    FloatBuffer rows = FloatBuffer.allocate(Math.multiplyExact(count, size));
    for (int from = 0; from < count; from += together) {
      int first = from;
      int now = Math.min(count - from, together);
      Noise own = count <= together ? noise : noise.child("piece", from / together);
      rows.put(
          piece(
              diffusion,
              now,
              own,
              (x, t) -> progress.accept((first + now * (1 - (double) t / steps)) / count)));
      progress.accept((double) (from + now) / count);
    }
    return rows.array();
  }

  private float[] piece(
      Diffusion diffusion, int count, Noise noise, ObjIntConsumer<NDArray> visitor) {
    try (GradientMode off = GradientMode.off();
        NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      NDArray drawn =
          parts.sampler().isPresent()
              ? parts.sampler().get().sample(own, count, diffusion, noise, visitor)
              : diffusion.sample(own, count, noise, visitor);
      return scaling.toData(drawn).toFloatArray();
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
      NDArray x = scaling.toModel(own, rows);
      float[] cost =
          new VariationalBound(diffusion()).total(x, Noise.of(seed, "bound", 0)).toFloatArray();
      double[] bits = new double[cost.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (-cost[i] - scaling.logVolume()) / Math.log(2);
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
