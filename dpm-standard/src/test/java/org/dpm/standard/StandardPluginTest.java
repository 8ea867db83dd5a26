package org.dpm.standard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The standard plugin")
class StandardPluginTest {

  @Test
  @DisplayName("is found by the service loader and lists its parts")
  void isFound() {
    assertThat(ServiceLoader.load(DpmPlugin.class))
        .filteredOn(StandardPlugin.class::isInstance)
        .singleElement()
        .satisfies(
            plugin ->
                assertThat(plugin.extensions())
                    .extracting(Extension::kind)
                    .containsExactly(
                        "mixed",
                        "mixed",
                        "constant-fraction",
                        "linear",
                        "cosine",
                        "log-snr-linear",
                        "learned",
                        "ou",
                        "geometric",
                        "linear-ot",
                        "variational-bound",
                        "weighted-bound",
                        "ancestral"));
  }
}
