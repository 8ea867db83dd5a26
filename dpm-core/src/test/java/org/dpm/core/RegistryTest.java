package org.dpm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.inject.Injector;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.Prior;
import org.dpm.api.Schedule;
import org.dpm.core.StandIns.Plugin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A registry")
class RegistryTest {

  private static final Optional<String> PLUGIN = Optional.of("mine.MyPlugin");
  private static final Optional<String> VERSION = Optional.of(DpmPlugin.API_VERSION);

  /** A plugin's parts are package-private, and it has no name that the host could know. */
  private static final String SCHEDULE =
      """
      package mine;
      import ai.djl.ndarray.NDArray;
      import com.fasterxml.jackson.annotation.JsonProperty;
      import jakarta.inject.Inject;
      import org.dpm.api.Grid;
      import org.dpm.api.Schedule;
      final class Steep implements Schedule {
        record Settings(@JsonProperty(defaultValue = "2") double slope) {}
        private final String shown;
        @Inject Steep(Settings settings, Grid grid) {
          shown = settings.slope() + " over " + grid + " sees Guice: " + sees("com.google.inject.Injector")
              + ", core: " + sees("org.dpm.core.Registry") + ", slf4j: " + sees("org.slf4j.Logger");
        }
        private static boolean sees(String name) {
          try {
            Class.forName(name);
            return true;
          } catch (ClassNotFoundException e) {
            return false;
          }
        }
        @Override public NDArray logSnr(NDArray time) { return time.neg(); }
        @Override public String toString() { return shown; }
      }
      """;

  private final Path directory;
  private final Path plugins;

  RegistryTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.plugins = Files.createDirectory(directory.resolve("plugins"));
  }

  private static String plugin(String id) {
    return plugin(id, "acme/steep", "");
  }

  private static String plugin(String id, String kind, String constructor) {
    return """
    package mine;
    import java.util.List;
    import org.dpm.api.DpmPlugin;
    import org.dpm.api.Extension;
    import org.dpm.api.Schedule;
    public final class MyPlugin implements DpmPlugin {
      public MyPlugin() { %s }
      @Override public String id() { return "%s"; }
      @Override public List<Extension<?>> extensions() {
        return List.of(new Extension<>(Schedule.class, "%s", Steep.Settings.class, Steep.class));
      }
    }
    """
        .formatted(constructor, id, kind);
  }

  private Path jar(String name, String id) throws IOException {
    return jar(name, PLUGIN, VERSION, plugin(id), SCHEDULE);
  }

  private Path jar(
      String name, Optional<String> plugin, Optional<String> version, String... sources)
      throws IOException {
    return new PluginJar(directory).build(plugins.resolve(name), plugin, version, sources);
  }

  private static void removeSchedule(Path jar) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of())) {
      Files.delete(zip.getPath("mine/Steep.class"));
      Files.delete(zip.getPath("mine/Steep$Settings.class"));
    }
  }

  private List<String> problems() {
    return catchThrowableOfType(
            InvalidInput.class, () -> Registry.load(Optional.of(plugins)).close())
        .problems();
  }

  @Nested
  @DisplayName("of a directory with a jar")
  class WithJar {

    @Test
    @DisplayName("lists what the jar provides, with its version and place")
    void listed() throws IOException {
      Path jar = jar("mine/mine.jar", "my-plugin");
      try (Registry registry = Registry.load(Optional.of(plugins))) {
        Installed<Schedule> found = registry.find(Schedule.class, "acme/steep");
        assertThat(registry.extensions()).contains(found);
        assertThat(found.plugin().id()).isEqualTo("my-plugin");
        assertThat(found.plugin().version()).isEqualTo("2.1");
        assertThat(Path.of(found.location()).toRealPath()).isEqualTo(jar.toRealPath());
      }
    }

    @Test
    @DisplayName("builds it from a pipeline, and shows it no class of the host but those it shares")
    void builtAndIsolated() throws IOException {
      jar("mine/mine.jar", "my-plugin");
      try (Registry found = Registry.load(Optional.of(plugins))) {
        Registry registry =
            Registry.of(
                StandIns.networks(),
                StandIns.kernels(),
                found.find(Schedule.class, "acme/steep").plugin());
        Pipeline pipeline =
            new PipelineReader(registry)
                .read(
                    "p.yaml",
                    StandIns.PIPELINE,
                    List.of("schedule={ kind: acme/steep, slope: 3 }"));
        Schedule schedule = Wiring.parts(registry, pipeline, WiringTest.DATA).schedule();
        assertThat(schedule)
            .hasToString("3.0 over 40 even steps sees Guice: false, core: false, slf4j: true");
        // The host itself sees what it hides.
        assertThat(Injector.class.getClassLoader())
            .isNotEqualTo(schedule.getClass().getClassLoader());
      }
    }

    @Test
    @DisplayName("gives each directory a class loader of its own")
    void loaders() throws IOException {
      jar("one/one.jar", PLUGIN, VERSION, plugin("one", "one/steep", ""), SCHEDULE);
      jar("two/two.jar", PLUGIN, VERSION, plugin("two", "two/steep", ""), SCHEDULE);
      try (Registry registry = Registry.load(Optional.of(plugins))) {
        Class<?> one = registry.find(Schedule.class, "one/steep").extension().implementation();
        Class<?> two = registry.find(Schedule.class, "two/steep").extension().implementation();
        assertThat(one.getName()).isEqualTo(two.getName());
        assertThat(one).isNotEqualTo(two);
      }
    }

    @Test
    @DisplayName("lets a plugin bring the libraries that it needs")
    void libraries() throws IOException {
      removeSchedule(jar("mine/mine.jar", "my-plugin"));
      jar("mine/library.jar", Optional.empty(), Optional.empty(), SCHEDULE);
      try (Registry registry = Registry.load(Optional.of(plugins))) {
        assertThat(registry.find(Schedule.class, "acme/steep").location()).endsWith("mine.jar");
      }
    }
  }

  @Nested
  @DisplayName("refuses")
  class Refuses {

    @Test
    @DisplayName("a jar for another version of the API, naming both and the remedy")
    void otherVersion() throws IOException {
      Path jar = jar("mine/mine.jar", PLUGIN, Optional.of("0.7"), plugin("my-plugin"), SCHEDULE);
      assertThat(problems())
          .singleElement()
          .asString()
          .startsWith(jar + ": was built for version 0.7 of the DPM API; this release offers 0.2.")
          .contains("DPM-API-Version: 0.2", "<DPM-API-Version>0.2</DPM-API-Version>");
    }

    @Test
    @DisplayName("a jar that does not say for which version it is")
    void noVersion() throws IOException {
      Path jar = jar("mine/mine.jar", PLUGIN, Optional.empty(), plugin("my-plugin"), SCHEDULE);
      assertThat(problems())
          .singleElement()
          .asString()
          .startsWith(jar + ": does not state the version")
          .contains("this release offers 0.2", "DPM-API-Version: 0.2");
    }

    @Test
    @DisplayName("one kind from two jars, naming both, and two plugins of one name")
    void duplicates() throws IOException {
      Path one = jar("one/one.jar", "my-plugin");
      Path two = jar("two/two.jar", "my-plugin");
      assertThat(problems())
          .hasSize(2)
          .allMatch(problem -> problem.contains(one.toString()))
          .allMatch(problem -> problem.contains(two.toString()))
          .anyMatch(problem -> problem.startsWith("two plugins are called 'my-plugin'"))
          .anyMatch(problem -> problem.startsWith("Schedule 'acme/steep' is provided twice"));
    }

    @Test
    @DisplayName("a directory without a jar, a jar without a plugin, and a broken jar, all at once")
    void unusable() throws IOException {
      Files.createDirectory(plugins.resolve("a"));
      jar("b/library.jar", Optional.empty(), VERSION, SCHEDULE);
      Files.createDirectory(plugins.resolve("c"));
      Files.writeString(plugins.resolve("c/broken.jar"), "not a jar");
      Files.writeString(plugins.resolve("loose.jar"), "");
      assertThat(problems())
          .satisfiesExactly(
              p -> assertThat(p).startsWith(plugins.resolve("a") + ": holds no jar"),
              p -> assertThat(p).startsWith(plugins.resolve("b") + ": no plugin is in library.jar"),
              p ->
                  assertThat(p).startsWith(plugins.resolve("c/broken.jar") + ": is not a readable"),
              p -> assertThat(p).startsWith(plugins.resolve("loose.jar") + ": move it into"));
    }

    @Test
    @DisplayName("a plugin whose constructor throws, whose class is not there, or lacks classes")
    void broken() throws IOException {
      String throwing = plugin("a", "a/steep", "throw new IllegalStateException(\"no licence\");");
      jar("a/a.jar", PLUGIN, VERSION, throwing, SCHEDULE);
      jar("b/b.jar", Optional.of("mine.Absent"), VERSION, plugin("b"), SCHEDULE);
      Path lacking = jar("c/c.jar", PLUGIN, VERSION, plugin("c", "c/steep", ""), SCHEDULE);
      removeSchedule(lacking);
      assertThat(problems())
          .satisfiesExactly(
              p -> assertThat(p).startsWith(plugins.resolve("a").toString()).contains("no licence"),
              p ->
                  assertThat(p).startsWith(plugins.resolve("b").toString()).contains("mine.Absent"),
              p ->
                  assertThat(p)
                      .startsWith(lacking.toString())
                      .contains("mine/Steep", "neither in this directory nor shared"));
    }

    @Test
    @DisplayName("a directory of plugins that is not there")
    void absent() {
      assertThatThrownBy(() -> Registry.load(Optional.of(directory.resolve("no"))).close())
          .isInstanceOf(InvalidInput.class)
          .hasMessage(directory.resolve("no") + ": there is no such directory of plugins");
    }

    @Test
    @DisplayName("settings that a pipeline cannot express")
    void settings() {
      record Odd(Map<String, String> map) {}
      record Reserved(String kind) {}
      Plugin plugin =
          new Plugin(
              "odd",
              "1",
              List.of(
                  new Extension<>(Network.class, "odd", Odd.class, StandIns.Rbf.class),
                  new Extension<>(Network.class, "reserved", Reserved.class, StandIns.Rbf.class)));
      assertThatThrownBy(() -> Registry.of(plugin))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("Network 'odd' of the plugin odd 1")
          .hasMessageContaining("map must be an int, long")
          .hasMessageContaining("no setting may be called 'kind'");
    }
  }

  @Test
  @DisplayName("sorts by type and then by kind")
  void sorted() {
    assertThat(Registry.of(StandIns.kernels(), StandIns.networks()).extensions())
        .extracting(
            found -> found.extension().type().getSimpleName() + " " + found.extension().kind())
        .containsExactly(
            "DataSource points",
            "ForwardKernel other",
            "ForwardKernel plain",
            "Network mlp",
            "Network multiscale-conv",
            "Network rbf",
            "Objective bound",
            "ReverseKernel other",
            "ReverseKernel plain",
            "Sampler walk",
            "Schedule learned");
  }

  @Test
  @DisplayName("answers an unknown kind with the nearest, the choice and the remedy")
  void unknown() {
    Registry registry = StandIns.registry();
    assertThatThrownBy(() -> registry.find(Network.class, "rfb"))
        .isInstanceOf(InvalidInput.class)
        .message()
        .isEqualToNormalizingNewlines(
            "no Network of kind 'rfb' is installed. Did you mean 'rbf'?\n"
                + "  Installed: mlp (networks 0.1.0), multiscale-conv (networks 0.1.0), rbf"
                + " (networks 0.1.0). A plugin goes into plugins/<name>/.");
    assertThatThrownBy(() -> registry.find(Objective.class, "score-matching"))
        .message()
        .startsWith("no Objective of kind 'score-matching' is installed.")
        .doesNotContain("Did you mean");
    assertThatThrownBy(() -> registry.find(Prior.class, "box"))
        .hasMessageContaining("Installed: none. A plugin goes into plugins/<name>/.");
  }
}
