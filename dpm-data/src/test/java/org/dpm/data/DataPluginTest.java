package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.inject.Guice;
import com.google.inject.Injector;
import jakarta.inject.Inject;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.dpm.api.DataSource;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plugin of data sources")
class DataPluginTest {

  private final List<Extension<?>> extensions = new DataPlugin().extensions();

  @Test
  @DisplayName("is found, and provides eight kinds of data source")
  void isFound() {
    DpmPlugin plugin =
        ServiceLoader.load(DpmPlugin.class).stream()
            .filter(provider -> provider.type() == DataPlugin.class)
            .findFirst()
            .orElseThrow()
            .get();
    assertThat(plugin.id()).isEqualTo("data");
    assertThat(plugin.extensions())
        .allMatch(extension -> extension.type() == DataSource.class)
        .extracting(Extension::kind)
        .containsExactly(
            "cifar10",
            "csv",
            "dead-leaves",
            "heartbeat",
            "idx",
            "image-folder",
            "npz",
            "swiss-roll");
  }

  @Test
  @DisplayName("describes every setting, and requires none but the path of a file")
  void settings() throws ReflectiveOperationException {
    for (Extension<?> extension : extensions) {
      for (RecordComponent component : extension.settings().getRecordComponents()) {
        // Jackson's annotations are for fields and methods, and the fields of a record have them.
        String name = component.getName();
        JsonProperty property =
            extension.settings().getDeclaredField(name).getAnnotation(JsonProperty.class);
        JsonPropertyDescription description =
            extension
                .settings()
                .getDeclaredField(name)
                .getAnnotation(JsonPropertyDescription.class);
        assertThat(description).as("description of %s.%s", extension.kind(), name).isNotNull();
        boolean required =
            property.defaultValue().isEmpty() && component.getType() != Optional.class;
        assertThat(required)
            .as("whether %s.%s must be given", extension.kind(), name)
            .isEqualTo(component.getType() == Path.class);
      }
    }
  }

  @Test
  @DisplayName("has sources that Guice builds from their settings alone")
  void isBuilt() {
    SwissRoll.Settings settings = new SwissRoll.Settings(7, 5, 0.25, 1);
    Injector injector =
        Guice.createInjector(binder -> binder.bind(SwissRoll.Settings.class).toInstance(settings));
    assertThat(injector.getInstance(SwissRoll.class).count(DataSource.Split.TRAINING)).isEqualTo(7);
    for (Extension<?> extension : extensions) {
      assertThat(extension.implementation().getDeclaredConstructors())
          .filteredOn(constructor -> constructor.isAnnotationPresent(Inject.class))
          .singleElement()
          .satisfies(
              constructor ->
                  assertThat(constructor.getParameterTypes())
                      .containsExactly(extension.settings()));
    }
  }
}
