package org.dpm.examples;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The pipelines that come with the framework, the first to try first. */
public final class ExamplePipelines {

  /**
   * One pipeline.
   *
   * @param name what {@code dpm run} calls it
   * @param description what it is, in one line: the comment on top of the file
   * @param text the whole file, YAML
   */
  public record Example(String name, String description, String text) {}

  private static final List<String> NAMES =
      List.of(
          "swiss-roll",
          "swiss-roll-rbf",
          "heartbeat",
          "heartbeat-paper",
          "heartbeat-best",
          "fashion-mnist",
          "fashion-mnist-binary",
          "fashion-mnist-paper",
          "dead-leaves",
          "textures",
          "cifar10",
          "csv");

  private ExamplePipelines() {}

  /** Every example, the first to try first. */
  public static List<Example> all() {
    return NAMES.stream().map(ExamplePipelines::load).toList();
  }

  /** The example of this name, or nothing. */
  public static Optional<Example> find(String name) {
    return NAMES.contains(name) ? Optional.of(load(name)) : Optional.empty();
  }

  private static Example load(String name) {
    String text = resource(name + ".yaml");
    String description = text.lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
    return new Example(name, description, text);
  }

  private static String resource(String file) {
    try (InputStream in = ExamplePipelines.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException(file + " is missing from the examples' jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
