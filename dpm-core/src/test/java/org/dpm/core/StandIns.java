package org.dpm.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dpm.api.Component;
import org.dpm.api.DataSource;
import org.dpm.api.DataSummary;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Noise;
import org.dpm.api.Objective;
import org.dpm.api.Progress;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.Signature;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.Start;
import org.dpm.api.Variable;
import org.dpm.api.Variables;

/** Small plugins with enough in them to choose, set and connect. */
final class StandIns {

  /** A plugin from a list. */
  record Plugin(String id, String version, List<Extension<?>> extensions) implements DpmPlugin {}

  static final String PIPELINE =
      """
      data:      { kind: points, count: 10 }
      steps: 40
      kernel:    { kind: plain }
      schedule:  { kind: learned, firstBeta: 1.0e-4 }
      network:   { kind: rbf, units: 16 }
      objective: { kind: bound }
      training:  { seed: 7, updates: 4000 }
      """;

  private StandIns() {}

  static Plugin networks() {
    return new Plugin(
        "networks",
        "0.1.0",
        List.of(
            new Extension<>(Network.class, "rbf", Rbf.RbfSettings.class, Rbf.class),
            new Extension<>(Network.class, "mlp", Mlp.MlpSettings.class, Mlp.class),
            new Extension<>(
                Network.class,
                "multiscale-conv",
                Convolution.ConvolutionSettings.class,
                Convolution.class)));
  }

  static Plugin kernels() {
    return new Plugin(
        "kernels",
        "0.1.0",
        List.of(
            new Extension<>(DataSource.class, "points", Points.PointsSettings.class, Points.class),
            new Extension<>(
                ForwardKernel.class, "plain", Forward.ForwardSettings.class, Forward.class),
            new Extension<>(
                ForwardKernel.class, "other", Forward.ForwardSettings.class, Forward.class),
            new Extension<>(
                ReverseKernel.class, "plain", Reverse.ReverseSettings.class, Reverse.class),
            new Extension<>(ReverseKernel.class, "other", Nothing.class, PlainReverse.class),
            new Extension<>(
                Schedule.class, "learned", Learned.LearnedSettings.class, Learned.class),
            new Extension<>(Objective.class, "bound", Nothing.class, Bound.class),
            new Extension<>(Sampler.class, "walk", Nothing.class, Walk.class)));
  }

  static Plugin samplers() {
    return new Plugin(
        "samplers",
        "0.1.0",
        List.of(new Extension<>(Sampler.class, "relay", Relay.RelaySettings.class, Relay.class)));
  }

  static Registry registry() {
    return Registry.of(networks(), kernels());
  }

  /** For what has nothing to set. */
  record Nothing() {}

  /** One number, the count of points that are all alike. */
  static final class Points implements DataSource {

    enum Layout {
      ON_A_LINE,
      ANYWHERE
    }

    record PointsSettings(
        @JsonPropertyDescription("How many points.") int count,
        @JsonProperty(defaultValue = "0.25") double noise,
        @JsonProperty(defaultValue = "on-a-line") Layout layout,
        @JsonProperty(defaultValue = "false") boolean shuffled,
        @JsonProperty(defaultValue = "3000000000") long seed,
        @JsonProperty(defaultValue = "points") String title,
        @JsonProperty(defaultValue = "[]") List<Double> weights,
        @JsonProperty(defaultValue = "5") Optional<Integer> limit,
        Optional<Path> path,
        Grid grid) {

      PointsSettings {
        if (count < 1) {
          throw new IllegalArgumentException("count must be at least 1, but is " + count);
        }
      }
    }

    record Grid(
        @JsonProperty(defaultValue = "2") int rows, @JsonProperty(defaultValue = "3") int columns) {

      Grid {
        if (rows > columns) {
          throw new IllegalArgumentException(
              "rows must be at most columns, but is %d of %d".formatted(rows, columns));
        }
      }
    }

    private final PointsSettings settings;

    @Inject
    Points(PointsSettings settings) {
      if (settings.path().isPresent()) {
        throw new InvalidInput(settings.path().get() + ":3: is not a point");
      }
      this.settings = settings;
    }

    @Override
    public Variables variables() {
      return Variables.of(Variable.array("x", new Shape(1), new Space.Real(0)));
    }

    @Override
    public int count(Split split) {
      return settings.count();
    }

    @Override
    public void read(Split split, int index, Noise noise, float[] target, int offset) {
      target[offset] = 1;
    }
  }

  static final class Forward implements ForwardKernel {

    record ForwardSettings(@JsonProperty(defaultValue = "1") int strength) {}

    final ForwardSettings settings;
    final Schedule schedule;

    @Inject
    Forward(ForwardSettings settings, Schedule schedule) {
      this.settings = settings;
      this.schedule = schedule;
    }

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return settings.strength() > 0;
    }

    @Override
    public Optional<GaussianPath> path() {
      return settings.strength() > 1 ? Optional.of(new Still()) : Optional.empty();
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      throw new UnsupportedOperationException();
    }
  }

  /** A path on which nothing happens. */
  static final class Still implements GaussianPath {

    @Inject
    Still() {}

    @Override
    public NDArray logSignalScale(NDArray logSnr) {
      return logSnr.zerosLike();
    }

    @Override
    public NDArray logNoiseScale(NDArray logSnr) {
      return logSnr.zerosLike();
    }

    @Override
    public NDArray velocityScale(NDArray logSnr) {
      return logSnr.zerosLike();
    }
  }

  static class PlainReverse implements ReverseKernel {

    @Inject
    PlainReverse() {}

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Distribution data(NDArray current, NDArray output, Stage stage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      throw new UnsupportedOperationException();
    }
  }

  static final class Reverse extends PlainReverse {

    record ReverseSettings(@JsonProperty(defaultValue = "1") int outputs) {}

    private final ReverseSettings settings;

    @Inject
    Reverse(ReverseSettings settings) {
      this.settings = settings;
    }

    @Override
    public int outputs() {
      return settings.outputs();
    }
  }

  static final class Learned implements Schedule {

    record LearnedSettings(
        double firstBeta, @JsonProperty(defaultValue = "cosine") String initial) {}

    final LearnedSettings settings;
    final org.dpm.api.Grid grid;
    final DataSummary summary;

    @Inject
    Learned(LearnedSettings settings, org.dpm.api.Grid grid, DataSummary summary) {
      this.settings = settings;
      this.grid = grid;
      this.summary = summary;
    }

    @Override
    public NDArray logSnr(NDArray time) {
      return time.neg();
    }
  }

  /** Answers with what it is asked. */
  static class Echo implements Network {

    @Override
    public Block block(Signature signature) {
      return LambdaBlock.singleton(x -> x);
    }
  }

  static final class Rbf extends Echo {

    record RbfSettings(int units) {}

    final RbfSettings settings;

    @Inject
    Rbf(RbfSettings settings) {
      this.settings = settings;
    }
  }

  static final class Mlp extends Echo {

    record MlpSettings(
        @JsonProperty(defaultValue = "2") int layers,
        @JsonProperty(defaultValue = "8") int units) {}

    final MlpSettings settings;

    @Inject
    Mlp(MlpSettings settings) {
      this.settings = settings;
    }
  }

  static final class Convolution extends Echo {

    record ConvolutionSettings() {}

    final ConvolutionSettings settings;

    @Inject
    Convolution(ConvolutionSettings settings) {
      this.settings = settings;
    }
  }

  static final class Bound implements Objective {

    @Inject
    Bound() {}

    @Override
    public NDArray loss(NDArray data, Diffusion diffusion, Noise noise) {
      return Distribution.perExample(data);
    }
  }

  static class Walk implements Sampler {

    @Inject
    Walk() {}

    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return start.x(owner, diffusion, noise);
    }
  }

  /** Made of other samplers; its laps were once called rounds. */
  static final class Relay extends Walk {

    record RelaySettings(
        @JsonProperty(defaultValue = "walk") Component<Sampler> first,
        @JsonProperty(defaultValue = "[]") List<Component<Sampler>> others,
        @JsonAlias({"turns", "rounds"}) @JsonProperty(defaultValue = "1") int laps) {

      RelaySettings {
        if (laps < 1) {
          throw new IllegalArgumentException("laps must be at least 1, but is " + laps);
        }
      }
    }

    @Inject
    Relay() {}
  }
}
