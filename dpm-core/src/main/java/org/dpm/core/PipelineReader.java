package org.dpm.core;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dpm.api.Component;
import org.dpm.api.InvalidInput;
import org.dpm.core.Node.Entry;
import org.dpm.core.Node.Mapping;
import org.dpm.core.Node.Source;

/**
 * Reads and writes pipelines, in YAML or JSON.
 *
 * <p>Nothing is silently ignored: unknown settings and kinds, duplicate keys, missing settings and
 * values of the wrong type are all refused, and all problems of a pipeline are told at once.
 */
public final class PipelineReader {

  private final Registry registry;

  public PipelineReader(Registry registry) {
    this.registry = registry;
  }

  /**
   * Reads a file. Relative paths in it start from its directory.
   *
   * @param sets changes to it, as {@code path=value} with the value in YAML; relative paths in them
   *     start from the working directory. A changed kind leaves the settings that the file gave to
   *     the other kind behind.
   * @throws InvalidInput with every problem, and their number last
   */
  public Pipeline read(Path file, List<String> sets) {
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return read(Source.file(file.toString(), directory), content(file), sets);
  }

  /**
   * Reads a text. Relative paths in it start from the working directory.
   *
   * @param name what messages call it
   * @param sets as for a file
   * @throws InvalidInput with every problem, and their number last
   */
  public Pipeline read(String name, String text, List<String> sets) {
    return read(Source.file(name, Path.of("").toAbsolutePath()), text, sets);
  }

  /**
   * Reads the settings of one part alone, as strictly as those in a pipeline.
   *
   * @param owner whose settings these are, to begin a sentence
   * @param name what messages call the text
   * @param text settings by name, in YAML; nothing for the defaults
   * @throws InvalidInput with every problem
   */
  public <R extends Record> R settings(Class<R> type, String owner, String name, String text) {
    List<String> problems = new ArrayList<>();
    Source source = Source.file(name, Path.of("").toAbsolutePath());
    Optional<R> settings =
        new YamlTree(source, problems)
            .read(text.isBlank() ? "{}" : text, "")
            .flatMap(node -> settings(node, problems))
            .flatMap(
                given -> new SettingsReader(registry, problems).record(type, owner, given, ""));
    if (settings.isEmpty() || !problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return settings.get();
  }

  /**
   * Reads a file that describes one component, by its kind and settings, as strictly as a pipeline.
   * Relative paths in it start from its directory.
   *
   * @throws InvalidInput with every problem
   */
  public <T> Component<T> component(Class<T> type, Path file) {
    List<String> problems = new ArrayList<>();
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    Source source = Source.file(file.toString(), directory);
    Optional<Component<T>> component =
        new YamlTree(source, problems)
            .read(content(file), "")
            .flatMap(node -> new SettingsReader(registry, problems).component(type, node, ""));
    if (component.isEmpty() || !problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return component.get();
  }

  /** YAML with every default written out, which reads back to an equal pipeline. */
  public String write(Pipeline pipeline) {
    return new SettingsWriter().write(pipeline);
  }

  private Pipeline read(Source source, String text, List<String> sets) {
    List<String> problems = new ArrayList<>();
    Optional<Pipeline> pipeline =
        new YamlTree(source, problems)
            .read(text, "")
            .flatMap(node -> settings(node, problems))
            .map(file -> withReverse(file, new Overrides(registry, problems).apply(file, sets)))
            .flatMap(
                given ->
                    new SettingsReader(registry, problems)
                        .record(Pipeline.class, "a pipeline", given, ""));
    if (pipeline.isEmpty() || !problems.isEmpty()) {
      String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
      problems.add(count + "; nothing was run.");
      throw new InvalidInput(problems);
    }
    return pipeline.get();
  }

  private static Optional<Mapping> settings(Node node, List<String> problems) {
    if (node instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    String what = "a pipeline is a group of settings (data, steps, kernel, ...), but this is %s";
    problems.add(node.place().problem("", what.formatted(node.shown())));
    return Optional.empty();
  }

  /** A reverse kernel that does not say its kind is of the forward kernel's. */
  private static Mapping withReverse(Mapping file, Mapping given) {
    Optional<Entry> kernelKind = kind(given, "kernel");
    if (kernelKind.isEmpty()) {
      return given;
    }
    Entry kernel = given.entry("kernel").orElseThrow();
    Entry reverse =
        given
            .entry("reverse")
            .orElseGet(
                () ->
                    new Entry(
                        kernel.place(),
                        new Mapping(kernel.value().place(), Map.of()),
                        Optional.empty()));
    if (!(reverse.value() instanceof Mapping settings)) {
      return given;
    }
    Entry kind =
        settings
            .entry("kind")
            .map(own -> replacing(own, kind(file, "kernel")))
            .orElseGet(kernelKind::get);
    Entry complete = new Entry(reverse.place(), settings.with("kind", kind), reverse.replaced());
    return given.with("reverse", complete);
  }

  /** The kind that an override gives to a reverse kernel replaces the one that it had unsaid. */
  private static Entry replacing(Entry own, Optional<Entry> unsaid) {
    Optional<Node> replaced = own.replaced().or(() -> unsaid.map(Entry::value));
    return new Entry(own.place(), own.value(), replaced);
  }

  private static Optional<Entry> kind(Mapping pipeline, String component) {
    return pipeline
        .entry(component)
        .flatMap(
            entry ->
                kind(entry.value())
                    .map(own -> replacing(own, entry.replaced().flatMap(PipelineReader::kind))));
  }

  private static Optional<Entry> kind(Node component) {
    return component.asComponent() instanceof Mapping settings
        ? settings.entry("kind")
        : Optional.empty();
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInput(
          "%s: there is no such file (looked in %s)"
              .formatted(file, file.toAbsolutePath().getParent()),
          e);
    } catch (CharacterCodingException e) {
      throw new InvalidInput(file + ": must be text in UTF-8, but is not", e);
    } catch (IOException e) {
      throw new InvalidInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
