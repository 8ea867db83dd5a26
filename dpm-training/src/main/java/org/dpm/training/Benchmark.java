package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Diffusion;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.engine.Devices;
import org.dpm.engine.GradientMode;
import org.dpm.evaluation.BoundEstimate;

/**
 * How fast a pipeline trains, draws and is evaluated on this machine.
 *
 * <p>Everything is warmed up by one round that is not counted. Then come several rounds, each of
 * which does a little of everything, so that whatever else the machine does in one of them slows
 * down all alike; told are the median and the extremes over rounds.
 */
public final class Benchmark {

  /** Images or points that are drawn side by side. */
  private static final int DRAWN = 100;

  private static final int EVALUATED = 500;

  /** Steps of the trajectory that evaluation looks at for each example of a long one. */
  private static final int TIMESTEPS = 4;

  /**
   * Something that was measured once in each round.
   *
   * @param median over rounds
   * @param least over rounds
   * @param most over rounds
   */
  public record Figure(
      @JsonProperty double median, @JsonProperty double least, @JsonProperty double most) {

    static Figure of(List<Double> values) {
      double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
      return new Figure(StatUtils.percentile(all, 50), StatUtils.min(all), StatUtils.max(all));
    }
  }

  /**
   * A part of an update.
   *
   * @param milliseconds mean over all updates
   * @param share of the time that an update takes
   */
  public record Part(
      @JsonProperty String name, @JsonProperty double milliseconds, @JsonProperty double share) {}

  /**
   * The same network written with DJL's own layers, and trained by DJL's own trainer and Adam.
   *
   * @param trainingExamplesPerSecond of the plain version
   * @param ratio of ours to those, round by round
   * @param processorRatio the same by processor time instead of time on the wall, which other
   *     programs on the machine disturb less
   */
  public record Comparison(
      @JsonProperty Figure trainingExamplesPerSecond,
      @JsonProperty Figure ratio,
      @JsonProperty Figure processorRatio) {}

  /**
   * What was found.
   *
   * @param threads that share an update: with a replica each, or every operation
   * @param updates that were measured, all rounds together
   * @param drawn examples that a sampling step moves at once
   * @param timesteps steps of the trajectory that were looked at for each example of the evaluation
   * @param peakMegabytes the most memory so far, without that of the plain version
   * @param memory what kind of memory that is
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Report(
      @JsonProperty int rounds,
      @JsonProperty int batch,
      @JsonProperty int threads,
      @JsonProperty long parameters,
      @JsonProperty Figure trainingExamplesPerSecond,
      @JsonProperty long updates,
      @JsonProperty List<Part> parts,
      @JsonProperty Figure samplingStepsPerSecond,
      @JsonProperty int drawn,
      @JsonProperty Figure evaluationExamplesPerSecond,
      @JsonProperty int timesteps,
      @JsonProperty long peakMegabytes,
      @JsonProperty String memory,
      @JsonProperty Optional<Comparison> plain) {}

  /** Does some work and says how many units of it. */
  private interface Work {
    double once();
  }

  /** Units of work in a second on the wall, and in one of processor time. */
  private record Speed(double wall, double processor) {

    static Figure wall(List<Speed> speeds) {
      return Figure.of(speeds.stream().map(Speed::wall).toList());
    }
  }

  private final Model model;
  private final Examples examples;
  private final int rounds;
  private final double seconds;

  /**
   * @param model as created; its weights are trained in place
   * @param rounds at least 1
   * @param seconds that each kind of work is done for in a round, at least
   */
  public Benchmark(Model model, Examples examples, int rounds, double seconds) {
    this.model = model;
    this.examples = examples;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** Measures. */
  public Report run() {
    return run(false);
  }

  /**
   * Measures, and the plain version of the paper's image network with it.
   *
   * @throws org.dpm.api.InvalidInput if the pipeline's network is not of the published sizes
   */
  public Report runWithPlain() {
    return run(true);
  }

  private Report run(boolean withPlain) {
    if (withPlain) {
      PlainTraining.requirePublishedSizes(model);
    }
    try (MeasuredTraining training = new MeasuredTraining(model, examples);
        NDManager own = model.manager().newSubManager()) {
      Drawing drawing = new Drawing(own);
      NDArray heldOut = heldOut(own);
      Work evaluation = () -> evaluate(heldOut);
      speed(training::update);
      speed(drawing::step);
      evaluation.once();
      PeakMemory memory = PeakMemory.now();
      training.forget();
      List<Speed> trained = new ArrayList<>();
      List<Speed> drawn = new ArrayList<>();
      List<Speed> evaluated = new ArrayList<>();
      List<Speed> plainly = new ArrayList<>();
      try (PlainTraining plain = withPlain ? new PlainTraining(model, examples) : null) {
        if (plain != null) {
          speed(plain::update);
        }
        for (int round = 0; round < rounds; round++) {
          trained.add(speed(training::update));
          if (plain != null) {
            plainly.add(speed(plain::update));
          }
          drawn.add(speed(drawing::step));
          evaluated.add(speed(evaluation));
        }
      }
      return new Report(
          rounds,
          model.pipeline().training().batch(),
          threads(),
          model.parameters(),
          Speed.wall(trained),
          training.updates(),
          training.parts(),
          Speed.wall(drawn),
          DRAWN,
          Speed.wall(evaluated),
          timesteps(),
          memory.megabytes(),
          memory.kind(),
          withPlain ? Optional.of(comparison(trained, plainly)) : Optional.empty());
    }
  }

  private int threads() {
    int replicas = model.replicas().count();
    return replicas > 1 ? replicas : Devices.threads();
  }

  private static Comparison comparison(List<Speed> ours, List<Speed> plain) {
    return new Comparison(
        Speed.wall(plain), ratio(ours, plain, Speed::wall), ratio(ours, plain, Speed::processor));
  }

  private static Figure ratio(List<Speed> ours, List<Speed> plain, ToDoubleFunction<Speed> speed) {
    return Figure.of(
        IntStream.range(0, ours.size())
            .mapToObj(i -> speed.applyAsDouble(ours.get(i)) / speed.applyAsDouble(plain.get(i)))
            .toList());
  }

  private Speed speed(Work work) {
    long start = System.nanoTime();
    double processorStart = processorSeconds();
    double done = 0;
    double elapsed;
    do {
      done += work.once();
      elapsed = (System.nanoTime() - start) / 1e9;
    } while (elapsed < seconds);
    return new Speed(done / elapsed, done / (processorSeconds() - processorStart));
  }

  /** Of all threads together. */
  private static double processorSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  private NDArray heldOut(NDManager owner) {
    int count = Math.min(EVALUATED, examples.source().count(Split.HELD_OUT));
    int[] indices = IntStream.range(0, count).toArray();
    Noise noise = Noise.of(model.pipeline().training().seed(), "benchmark reading");
    return examples.batch(owner, model.layout(), Split.HELD_OUT, indices, noise);
  }

  private int timesteps() {
    return Math.min(TIMESTEPS, model.pipeline().trajectory().steps());
  }

  private double evaluate(NDArray heldOut) {
    Noise noise = Noise.of(model.pipeline().training().seed(), "benchmark bound");
    return BoundEstimate.nats(model.diffusion(), heldOut, timesteps(), noise).length;
  }

  /** Draws by ancestral sampling, step by step, from the noise again where it arrives. */
  private final class Drawing {

    private final NDManager owner;
    private NDArray x;
    private int t;

    Drawing(NDManager owner) {
      this.owner = owner;
      t = model.pipeline().trajectory().steps();
      x = owner.zeros(new Shape(DRAWN).addAll(model.layout().element()));
    }

    double step() {
      Diffusion diffusion = model.diffusion();
      try (GradientMode off = GradientMode.off();
          NDArray now = x;
          NDScope scope = new NDScope()) {
        Noise noise = Noise.of(1, "benchmark sampling").at(t);
        x = diffusion.back(now, diffusion.stage(now, t)).sample(noise);
        NDScope.unregister(x);
        x.attach(owner);
      }
      t = t > 2 ? t - 1 : diffusion.steps();
      return 1;
    }
  }
}
