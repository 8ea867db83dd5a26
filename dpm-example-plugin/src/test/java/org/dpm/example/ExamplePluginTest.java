package org.dpm.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The example plugin")
final class ExamplePluginTest {

  @Test
  @DisplayName("is found by the service loader, with a path, a kernel both ways, and a prior")
  void isFound() {
    DpmPlugin plugin = ServiceLoader.load(DpmPlugin.class).findFirst().orElseThrow();
    assertThat(plugin).isInstanceOf(ExamplePlugin.class);
    assertThat(plugin.extensions())
        .extracting(extension -> extension.type().getSimpleName())
        .containsExactly("GaussianPath", "ForwardKernel", "ReverseKernel", "Prior");
    assertThat(plugin.extensions())
        .extracting(Extension::kind)
        .allMatch(kind -> kind.startsWith("example/"));
  }

  @Test
  @DisplayName("states in its manifest the API that it is built against")
  void statesTheApi() {
    assertThat(System.getProperty("dpm.api.version")).isEqualTo(DpmPlugin.API_VERSION);
  }
}
