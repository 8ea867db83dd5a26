package org.dpm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.dpm.examples.ExamplePipelines.Example;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The examples")
final class ExamplePipelinesTest {

  private static final List<String> SECTIONS =
      List.of("data:", "steps:", "kernel:", "schedule:", "network:", "objective:", "training:");

  @Test
  @DisplayName("list every pipeline that lies beside the class, and no other")
  void nothingIsForgotten() throws IOException, URISyntaxException {
    URL one = Objects.requireNonNull(ExamplePipelines.class.getResource("csv.yaml"));
    try (Stream<Path> files = Files.list(Path.of(one.toURI()).resolveSibling("."))) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".yaml"))
              .map(file -> file.replace(".yaml", ""))
              .toList();
      assertThat(ExamplePipelines.all())
          .extracting(Example::name)
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  @DisplayName("begin with a comment that says what they are, and hold every section")
  void areDescribedAndComplete() {
    for (Example example : ExamplePipelines.all()) {
      assertThat(example.text()).as(example.name()).startsWith("# " + example.description() + "\n");
      assertThat(example.description()).as(example.name()).hasSizeBetween(20, 100);
      assertThat(example.text().lines().toList())
          .as(example.name())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
      for (String section : SECTIONS) {
        assertThat(example.text()).as(example.name()).containsOnlyOnce("\n" + section);
      }
    }
  }

  @Test
  @DisplayName("are found by name, and nothing is found by another")
  void areFound() {
    for (Example example : ExamplePipelines.all()) {
      assertThat(ExamplePipelines.find(example.name())).contains(example);
    }
    assertThat(ExamplePipelines.find("csv.yaml")).isEmpty();
    assertThat(ExamplePipelines.find("../examples/csv")).isEmpty();
  }

  @Test
  @DisplayName("leave the path of a table to the user")
  void tableIsTheUsers() {
    assertThat(ExamplePipelines.find("csv").orElseThrow().text())
        .doesNotContainPattern("(?m)^\\s*path:")
        .contains("--set data.path=");
  }
}
