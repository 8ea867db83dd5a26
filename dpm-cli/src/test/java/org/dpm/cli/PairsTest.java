package org.dpm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.dpm.api.DataSource;
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
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.Installed;
import org.dpm.core.Pipeline;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.training.Run;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every two kinds that are installed, in one pipeline: the other places are filled with what is
 * known to fit some data. They learn, draw and say how probable data are, or are refused by name.
 */
@DisplayName("Every pair of installed kinds")
class PairsTest {

  /** What there is to learn. */
  enum Data {
    NUMBERS,
    IMAGES,
    BITS,
    CATEGORIES,
    MIXED
  }

  /** Examples of every kind, made up. */
  static final class Toy implements DataSource {

    record Settings(@JsonPropertyDescription("of what") Data of) {}

    private static final Space REAL = new Space.Real(0);
    private static final Space COLOUR = new Space.Category(List.of("red", "green", "blue"));

    private final Data of;

    @Inject
    Toy(Settings settings) {
      of = settings.of();
    }

    @Override
    public Variables variables() {
      return switch (of) {
        case NUMBERS -> Variables.columns(List.of("height", "width"));
        case IMAGES ->
            Variables.of(Variable.array("image", new ai.djl.ndarray.types.Shape(1, 8, 8), REAL));
        case BITS ->
            Variables.of(
                Variable.array("bits", new ai.djl.ndarray.types.Shape(3), new Space.Bit()));
        case CATEGORIES ->
            new Variables(List.of(Variable.column("a", COLOUR), Variable.column("b", COLOUR)));
        case MIXED ->
            new Variables(
                List.of(
                    Variable.column("height", REAL),
                    Variable.column("on", new Space.Bit()),
                    Variable.column("colour", COLOUR),
                    Variable.column("width", REAL)));
      };
    }

    @Override
    public int count(Split split) {
      return 32;
    }

    @Override
    public void read(Split split, int index, Noise noise, float[] target, int offset) {
      int cell = offset;
      for (Variable variable : variables().list()) {
        for (int i = 0; i < variable.size(); i++) {
          double u = noise.uniform();
          target[cell++] =
              (float)
                  (variable.space() instanceof Space.Real
                      ? 3 * u
                      : Math.floor(u * (variable.space() instanceof Space.Bit ? 2 : 3)));
        }
      }
    }

    @Override
    public OptionalDouble trueLogDensity(float[] cells) {
      return OptionalDouble.empty();
    }
  }

  /** Brings {@link Toy}. */
  static final class Toys implements DpmPlugin {
    @Override
    public String id() {
      return "toys";
    }

    @Override
    public List<Extension<?>> extensions() {
      return List.of(new Extension<>(DataSource.class, "toy", Toy.Settings.class, Toy.class));
    }
  }

  private static final Registry REGISTRY =
      Registry.of(
          Stream.concat(
                  Stream.of(new Toys()),
                  ServiceLoader.load(DpmPlugin.class).stream().map(ServiceLoader.Provider::get))
              .toArray(DpmPlugin[]::new));

  @AfterAll
  static void close() {
    REGISTRY.close();
  }

  /** What fits each kind of data. */
  private static final Map<Data, String> FITTING =
      Map.of(
          Data.NUMBERS, "kernel: { kind: gaussian }",
          Data.IMAGES, "kernel: { kind: gaussian }",
          Data.BITS, "kernel: { kind: binomial }",
          Data.CATEGORIES, "kernel: { kind: categorical }",
          Data.MIXED, "kernel: { kind: mixed }");

  private static String pipeline(Data data) {
    return """
    data: { kind: toy, of: %s }
    steps: 4
    %s
    schedule: { kind: log-snr-linear }
    network: { kind: mlp, width: 4, depth: 1 }
    objective: { kind: variational-bound }
    training: { batch: 4, updates: 3, evaluation: { every: 3, examples: 4 } }
    """
        .formatted(data.name().toLowerCase(java.util.Locale.ROOT), FITTING.get(data));
  }

  /** A kind in its place of a pipeline. */
  private record Choice(String place, String kind, String set) {

    static Choice of(String place, Installed<?> installed) {
      String kind = installed.extension().kind();
      String small =
          switch (kind) {
            case "mlp" -> ", width: 4, depth: 1";
            case "rbf" -> ", units: 2";
            case "unet" -> ", channels: [16]";
            case "multiscale-conv" -> ", channels: 2, layers: 1";
            default -> "";
          };
      return new Choice(place, kind, "%s={ kind: %s%s }".formatted(place, kind, small));
    }
  }

  private static List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    Map<Class<?>, String> places =
        Map.of(
            ForwardKernel.class, "kernel",
            ReverseKernel.class, "reverse",
            Schedule.class, "schedule",
            Network.class, "network",
            Objective.class, "objective",
            Sampler.class, "sampler");
    for (Installed<?> installed : REGISTRY.extensions()) {
      Class<?> type = installed.extension().type();
      if (places.containsKey(type)) {
        choices.add(Choice.of(places.get(type), installed));
      } else if (type == GaussianPath.class) {
        String kind = installed.extension().kind();
        choices.add(
            new Choice("kernel", kind, "kernel={ kind: gaussian, path: %s }".formatted(kind)));
      }
    }
    return choices;
  }

  @Test
  @DisplayName("learns, draws and is evaluated, or is refused by name before anything runs")
  void fitsOrIsRefused(@TempDir Path directory) {
    List<Choice> choices = choices();
    List<String> unexplained = new ArrayList<>();
    int learned = 0;
    int refused = 0;
    for (int i = 0; i < choices.size(); i++) {
      for (int j = i + 1; j < choices.size(); j++) {
        Choice one = choices.get(i);
        Choice other = choices.get(j);
        if (one.place().equals(other.place())) {
          continue;
        }
        List<String> refusals = new ArrayList<>();
        Path run = directory.resolve(i + "-" + j);
        boolean fits =
            Stream.of(Data.values()).anyMatch(data -> learns(data, one, other, run, refusals));
        learned += fits ? 1 : 0;
        refused += fits ? 0 : 1;
        boolean told =
            refusals.stream().anyMatch(m -> m.contains(one.kind()) || m.contains(other.kind()));
        if (!fits && !told) {
          unexplained.add(one.kind() + " and " + other.kind() + ": " + refusals);
        }
      }
    }
    assertThat(unexplained).as("pairs refused without a name").isEmpty();
    assertThat(learned).as("pairs that learn").isGreaterThan(200);
    assertThat(refused).as("pairs that are refused").isPositive();
  }

  private static boolean learns(
      Data data, Choice one, Choice other, Path directory, List<String> refusals) {
    try {
      Pipeline pipeline =
          new PipelineReader(REGISTRY)
              .read("pair.yaml", pipeline(data), List.of(one.set(), other.set()));
      try (Run run = Run.of(REGISTRY, pipeline)) {
        run.train(directory, (done, update, bits) -> {});
        float[] drawn =
            run.model().draw(2, pipeline.trajectory(), Noise.of(1, "pairs"), Progress.NONE);
        assertThat(run.model().boundBits(drawn, 1))
            .as("K of %s with %s on %s", one.kind(), other.kind(), data)
            .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
      }
      return true;
    } catch (InvalidInput e) {
      refusals.add(e.getMessage());
      return false;
    }
  }
}
