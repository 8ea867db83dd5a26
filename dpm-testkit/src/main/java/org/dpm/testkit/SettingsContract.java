package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.InvalidInput;
import org.dpm.core.PipelineReader;
import org.dpm.core.Registry;
import org.dpm.core.SettingsSchema;
import org.dpm.core.SettingsSchema.Setting;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** That the parts of a plugin can be set from a pipeline: read as the host reads them. */
@DisplayName("A plugin")
public abstract class SettingsContract {

  /** What is tested, with all of its parts. */
  protected abstract DpmPlugin plugin();

  /**
   * Plugins that are installed beside it: those with the parts that its own name in their defaults.
   * They are not tested.
   */
  protected List<DpmPlugin> beside() {
    return List.of();
  }

  /**
   * Settings of a part that have no default, by name, as a pipeline would have them; {@code path}
   * to {@code people.csv}, say.
   */
  protected Map<String, String> required(Extension<?> extension) {
    return Map.of();
  }

  @Test
  @DisplayName("is taken by the host")
  void isTaken() {
    assertThatCode(() -> registry().close()).doesNotThrowAnyException();
    assertThat(plugin().extensions()).as("parts").isNotEmpty();
  }

  @TestFactory
  @DisplayName("has defaults that can be read and that the part itself accepts")
  Stream<DynamicTest> defaultsParse() {
    return each(
        extension -> {
          List<String> missing =
              schema(extension).settings().stream()
                  .filter(Setting::required)
                  .map(Setting::name)
                  .filter(name -> !required(extension).containsKey(name))
                  .toList();
          assertThat(missing)
              .as("settings that have neither a default nor a value from required(...)")
              .isEmpty();
          assertThatCode(() -> read(extension, required(extension)))
              .as("reading %s with its defaults", extension.settings().getName())
              .doesNotThrowAnyException();
        });
  }

  @TestFactory
  @DisplayName("refuses a misspelt setting and names the one that was meant")
  Stream<DynamicTest> misspeltSettingIsRefused() {
    return each(
        extension -> {
          for (String name : schema(extension).names()) {
            Map<String, String> given = new LinkedHashMap<>(required(extension));
            given.put(name + "x", "1");
            assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> read(extension, given))
                .withMessageContaining("has no setting '%sx'".formatted(name))
                .withMessageContaining("Did you mean '%s'?".formatted(name));
          }
        });
  }

  @TestFactory
  @DisplayName("says what every setting means")
  Stream<DynamicTest> settingsAreDescribed() {
    return each(
        extension ->
            assertThat(schema(extension).settings())
                .allSatisfy(
                    setting ->
                        assertThat(setting.description())
                            .as("@JsonPropertyDescription of %s", setting.name())
                            .isNotBlank()));
  }

  @TestFactory
  @DisplayName("has one constructor for each part that the host can call")
  Stream<DynamicTest> canBeBuilt() {
    return each(
        extension ->
            assertThat(extension.implementation().getDeclaredConstructors())
                .filteredOn(SettingsContract::isInjected)
                .as("constructors of %s with @Inject", extension.implementation().getName())
                .hasSize(1));
  }

  private Registry registry() {
    return Registry.of(
        Stream.concat(Stream.of(plugin()), beside().stream()).toArray(DpmPlugin[]::new));
  }

  private static boolean isInjected(Constructor<?> constructor) {
    return constructor.isAnnotationPresent(Inject.class);
  }

  private Stream<DynamicTest> each(Consumer<Extension<?>> test) {
    return plugin().extensions().stream()
        .map(extension -> dynamicTest(title(extension), () -> test.accept(extension)));
  }

  private static String title(Extension<?> extension) {
    return "%s '%s'".formatted(extension.type().getSimpleName(), extension.kind());
  }

  private static SettingsSchema schema(Extension<?> extension) {
    return SettingsSchema.of(extension.settings());
  }

  private Record read(Extension<?> extension, Map<String, String> given) {
    String text =
        given.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("\n"));
    try (Registry registry = registry()) {
      return new PipelineReader(registry)
          .settings(extension.settings(), title(extension), "settings", text);
    }
  }
}
