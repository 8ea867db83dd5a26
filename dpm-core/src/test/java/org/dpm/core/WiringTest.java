package org.dpm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.google.inject.ProvisionException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.dpm.api.Component;
import org.dpm.api.DataSource.Split;
import org.dpm.api.DataSummary;
import org.dpm.api.Extension;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Need;
import org.dpm.api.Needs;
import org.dpm.api.Network;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.core.StandIns.Nothing;
import org.dpm.core.StandIns.Plugin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wiring")
class WiringTest {

  static final DataDescription DATA = describe(new Space.Real(0));

  private static DataDescription describe(Space space) {
    return new DataDescription(
        Variables.of(Variable.column("height", space)),
        List.of(3.0),
        List.of(2.0),
        List.of(3.0),
        List.of(2.0),
        Map.of(),
        0,
        6);
  }

  record OddSettings() {}

  static class Odd extends StandIns.Echo {}

  static final class WithoutInject extends Odd {
    WithoutInject(OddSettings settings) {
      assertThat(settings).isNotNull();
    }
  }

  static final class AsksForText extends Odd {
    @Inject
    AsksForText(String text) {
      assertThat(text).isNotNull();
    }
  }

  static final class AsksForSampler extends Odd {
    @Inject
    AsksForSampler(Sampler sampler) {
      assertThat(sampler).isNotNull();
    }
  }

  static final class Refuses extends Odd {
    @Inject
    Refuses() {
      throw new InvalidInput("this network needs images, and the data are points");
    }
  }

  static final class Fails extends Odd {
    @Inject
    Fails() {
      throw new IllegalStateException("a bug");
    }
  }

  static final class Circular implements Schedule {
    @Inject
    Circular(ForwardKernel kernel) {
      assertThat(kernel).isNotNull();
    }

    @Override
    public NDArray logSnr(NDArray time) {
      return time;
    }
  }

  private static Registry registryWith(Extension<?> extension) {
    return Registry.of(
        StandIns.networks(), StandIns.kernels(), new Plugin("odd", "1.0", List.of(extension)));
  }

  private static Registry registryWith(Class<? extends Network> network) {
    return registryWith(new Extension<>(Network.class, "odd", OddSettings.class, network));
  }

  private static Pipeline pipeline(Registry registry, String... sets) {
    return new PipelineReader(registry).read("p.yaml", StandIns.PIPELINE, List.of(sets));
  }

  private static Parts parts(Registry registry, String... sets) {
    return Wiring.parts(registry, pipeline(registry, sets), DATA);
  }

  @Test
  @DisplayName("hands each component its settings, the others, the times and the data's summary")
  void parts() {
    Parts parts = parts(StandIns.registry(), "sampler.kind=walk");
    StandIns.Learned schedule = (StandIns.Learned) parts.schedule();
    assertThat(schedule.settings).isEqualTo(new StandIns.Learned.LearnedSettings(1e-4, "cosine"));
    assertThat(schedule.grid).isEqualTo(Grid.even(40));
    assertThat(schedule.summary)
        .isEqualTo(new DataSummary(new Shape(1), List.of(0.0), List.of(1.0)));
    assertThat(((StandIns.Forward) parts.forward()).schedule).isSameAs(schedule);
    assertThat(((StandIns.Rbf) parts.network()).settings.units()).isEqualTo(16);
    assertThat(parts.reverse()).isInstanceOf(StandIns.Reverse.class);
    assertThat(parts.objective()).isInstanceOf(StandIns.Bound.class);
    assertThat(parts.sampler()).containsInstanceOf(StandIns.Walk.class);
    assertThat(parts(StandIns.registry()).sampler()).isEmpty();
  }

  @Test
  @DisplayName("builds the data source before anything is known of the data")
  void dataSource() {
    Registry registry = StandIns.registry();
    assertThat(Wiring.dataSource(registry, pipeline(registry)).count(Split.TRAINING)).isEqualTo(10);
  }

  @Test
  @DisplayName("passes on what a constructor says to the user, as it was said")
  void told() {
    Registry registry = registryWith(Refuses.class);
    assertThatThrownBy(() -> parts(registry, "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("this network needs images, and the data are points");
    assertThatThrownBy(() -> Wiring.dataSource(registry, pipeline(registry, "data.path=/x.csv")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageEndingWith("x.csv:3: is not a point");
  }

  @Test
  @DisplayName("keeps the trace of a constructor that fails")
  void bug() {
    assertThatThrownBy(() -> parts(registryWith(Fails.class), "network={ kind: odd }"))
        .isInstanceOf(ProvisionException.class)
        .hasRootCauseMessage("a bug");
  }

  @Test
  @DisplayName("names the plugin that asks for what nobody offers, and what it may ask for")
  void missingBinding() {
    assertThatThrownBy(() -> parts(registryWith(AsksForText.class), "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Network 'odd' of the plugin odd 1.0 cannot be built")
        .hasMessageContaining("it asks for java.lang.String")
        .hasMessageContaining(
            "It may ask for: DataSummary, Factory, ForwardKernel, GaussianPath, Grid, Objective,"
                + " ReverseKernel, Schedule, Variables, "
                + OddSettings.class.getName()
                + ".");
  }

  @Test
  @DisplayName("offers a sampler only where the pipeline has one")
  void optionalSampler() {
    Registry registry = registryWith(AsksForSampler.class);
    assertThat(parts(registry, "network={ kind: odd }", "sampler.kind=walk").network())
        .isInstanceOf(AsksForSampler.class);
    assertThatThrownBy(() -> parts(registry, "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("asks for org.dpm.api.Sampler, which this pipeline does not have");
  }

  @Test
  @DisplayName("refuses a class that does not say how it is built")
  void withoutInject() {
    assertThatThrownBy(() -> parts(registryWith(WithoutInject.class), "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Network 'odd' of the plugin odd 1.0 cannot be built")
        .hasMessageContaining("needs exactly one constructor with @jakarta.inject.Inject");
  }

  @Test
  @DisplayName("lets two parts have one settings record, each set in its own way")
  void sharedSettings() {
    Registry registry =
        registryWith(new Extension<>(Network.class, "odd", Nothing.class, AsksForSampler.class));
    assertThat(parts(registry, "network={ kind: odd }", "sampler.kind=walk").network())
        .isInstanceOf(AsksForSampler.class);
  }

  @Test
  @DisplayName("refuses components that need each other")
  void cycle() {
    Registry registry =
        registryWith(
            new Extension<>(Schedule.class, "circular", OddSettings.class, Circular.class));
    assertThatThrownBy(() -> parts(registry, "schedule={ kind: circular }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Schedule 'circular' of the plugin odd 1.0")
        .hasMessageContaining("cannot be put together")
        .hasMessageContaining("circular");
  }

  @Test
  @DisplayName("refuses settings that belong to another component")
  void otherSettings() {
    Registry registry = StandIns.registry();
    Pipeline read = pipeline(registry);
    Pipeline mixed =
        new Pipeline(
            read.data(),
            read.steps(),
            read.grid(),
            read.device(),
            read.lastStep(),
            read.kernel(),
            read.reverse(),
            read.schedule(),
            new Component<>(Network.class, "mlp", read.network().settings()),
            read.objective(),
            read.sampler(),
            read.compare(),
            read.training());
    assertThatThrownBy(() -> Wiring.parts(registry, mixed, DATA))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("MlpSettings, not by")
        .hasMessageContaining("RbfSettings");
  }

  @Needs({Need.GAUSSIAN_PATH, Need.FIXED_SCHEDULE})
  static final class Demanding extends Odd {
    @Inject
    Demanding() {}
  }

  static final class AsksForPath extends Odd {
    @Inject
    AsksForPath(GaussianPath path) {
      assertThat(path).isNotNull();
    }
  }

  @Test
  @DisplayName("offers the kernel's path, and says who lacks one, who asks, and what would do")
  void path() {
    Registry registry = registryWith(AsksForPath.class);
    assertThat(parts(registry, "network={ kind: odd }", "kernel.strength=2").network())
        .isInstanceOf(AsksForPath.class);
    assertThatThrownBy(() -> parts(registry, "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("Network 'odd' needs a Gaussian path, which ForwardKernel 'plain' has not.");
  }

  @Test
  @DisplayName("refuses what does not have what another part says that it needs")
  void needs() {
    Registry registry = registryWith(Demanding.class);
    assertThat(parts(registry, "network={ kind: odd }", "kernel.strength=2").network())
        .isInstanceOf(Demanding.class);
    assertThatThrownBy(() -> parts(registry, "network={ kind: odd }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Network 'odd' needs a Gaussian path")
        .hasMessageContaining("ForwardKernel 'plain'");
  }

  /** A schedule with something to learn. */
  static final class Stretching implements Schedule {
    @Inject
    Stretching() {}

    @Override
    public NDArray logSnr(NDArray time) {
      return time;
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.builder().setType(Parameter.Type.OTHER).build());
    }
  }

  @Test
  @DisplayName("refuses to learn a schedule through draws without gradient, naming fixed ones")
  void learnedScheduleOfDiscreteData() {
    Registry registry =
        registryWith(
            new Extension<>(Schedule.class, "stretching", OddSettings.class, Stretching.class));
    assertThat(parts(registry, "schedule={ kind: stretching }").schedule())
        .isInstanceOf(Stretching.class);
    assertThatThrownBy(() -> parts(registry, "schedule={ kind: stretching }", "kernel.strength=0"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Schedule 'stretching' learns how fast the data dissolve")
        .hasMessageContaining("ForwardKernel 'plain' carry no gradient");
  }

  @Test
  @DisplayName("refuses a kernel that does not take a variable, and names both")
  void spaces() {
    Registry registry = StandIns.registry();
    assertThatThrownBy(() -> Wiring.parts(registry, pipeline(registry), describe(new Space.Bit())))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("ForwardKernel 'plain' takes no bits, but 'height' is of them");
  }

  /** Built of another network, which is told of other data. */
  static final class Composite extends Odd {
    record Settings(Component<Network> inner) {}

    final Network inner;

    @Inject
    Composite(Settings settings, Factory factory) {
      inner =
          factory.create(
              settings.inner(),
              Map.of(
                  DataSummary.class,
                  new DataSummary(new Shape(2), List.of(0.0, 0.0), List.of(1.0, 1.0))));
    }
  }

  static final class AsksForSummary extends Odd {
    final DataSummary summary;

    @Inject
    AsksForSummary(DataSummary summary) {
      this.summary = summary;
    }
  }

  @Test
  @DisplayName("builds what a part's settings hold, from what that part offers instead of the rest")
  void composite() {
    Registry registry =
        Registry.of(
            StandIns.networks(),
            StandIns.kernels(),
            new Plugin(
                "odd",
                "1.0",
                List.of(
                    new Extension<>(
                        Network.class, "pair", Composite.Settings.class, Composite.class),
                    new Extension<>(
                        Network.class, "odd", OddSettings.class, AsksForSummary.class))));
    Parts parts = parts(registry, "network={ kind: pair, inner: { kind: odd } }");
    Network inner = ((Composite) parts.network()).inner;
    assertThat(((AsksForSummary) inner).summary.element()).isEqualTo(new Shape(2));
  }
}
