package org.dpm.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be chosen: the extensions of the plugins on the class path and in the
 * directories {@code plugins/<name>/}.
 */
public final class Registry implements AutoCloseable {

  private final List<Installed<?>> extensions = new ArrayList<>();
  private final List<Origin> plugins = new ArrayList<>();
  private final List<PluginClassLoader> loaders = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private record Origin(DpmPlugin plugin, String location) {

    String title() {
      return "%s %s (%s)".formatted(plugin.id(), plugin.version(), location);
    }
  }

  private Registry() {}

  /**
   * Finds plugins on the class path and in each directory inside the given one.
   *
   * @param pluginDirectory has one directory for each plugin, with its jar and those it needs
   * @throws InvalidInput with all that is wrong with the plugins
   */
  public static Registry load(Optional<Path> pluginDirectory) {
    Registry registry = new Registry();
    ClassLoader host = Objects.requireNonNull(Registry.class.getClassLoader());
    registry.addAll(host, "the class path");
    pluginDirectory.ifPresent(directory -> registry.addDirectories(directory, host));
    return registry.checked();
  }

  /**
   * The given plugins and no others.
   *
   * @throws InvalidInput if they do not fit together
   */
  public static Registry of(DpmPlugin... plugins) {
    Registry registry = new Registry();
    for (DpmPlugin plugin : plugins) {
      registry.add(plugin);
    }
    return registry.checked();
  }

  /** All extensions, sorted by the name of their type and then by kind. */
  public List<Installed<?>> extensions() {
    return extensions.stream()
        .sorted(
            Comparator.comparing((Installed<?> found) -> found.extension().type().getName())
                .thenComparing(found -> found.extension().kind()))
        .toList();
  }

  /**
   * The extension of a type and kind.
   *
   * @throws InvalidInput if there is none, with those that there are
   */
  public <T> Installed<T> find(Class<T> type, String kind) {
    List<Installed<T>> candidates = of(type);
    return candidates.stream()
        .filter(candidate -> candidate.extension().kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new InvalidInput(unknown(type, kind, candidates)));
  }

  /** What there is of a type, as the second line of a message. */
  String installed(Class<?> type) {
    String list =
        of(type).stream()
            .map(
                found ->
                    "%s (%s %s)"
                        .formatted(found.extension().kind(), found.plugin().id(), found.version()))
            .collect(Collectors.joining(", "));
    return "Installed: %s. A plugin goes into plugins/<name>/."
        .formatted(list.isEmpty() ? "none" : list);
  }

  /** Closes the jars of the plugin directories; their classes cannot be loaded any more. */
  @Override
  public void close() {
    for (PluginClassLoader loader : loaders) {
      try {
        loader.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the plugin " + loader.getName(), e);
      }
    }
  }

  private <T> List<Installed<T>> of(Class<T> type) {
    List<Installed<T>> found = new ArrayList<>();
    for (Installed<?> installed : extensions()) {
      if (installed.extension().type() == type) {
        // The extension's own type parameter is what its type() is.
        @SuppressWarnings("unchecked")
        Installed<T> typed = (Installed<T>) installed;
        found.add(typed);
      }
    }
    return found;
  }

  private <T> String unknown(Class<T> type, String kind, List<Installed<T>> candidates) {
    List<String> kinds = candidates.stream().map(found -> found.extension().kind()).toList();
    return "no %s of kind '%s' is installed.%s%n  %s"
        .formatted(type.getSimpleName(), kind, Nearest.suggestion(kind, kinds), installed(type));
  }

  private Registry checked() {
    if (!problems.isEmpty()) {
      close();
      throw new InvalidInput(problems);
    }
    return this;
  }

  private void addDirectories(Path parent, ClassLoader host) {
    List<Path> content;
    try (Stream<Path> files = Files.list(parent)) {
      content = files.sorted().toList();
    } catch (IOException e) {
      problems.add("%s: there is no such directory of plugins".formatted(parent));
      return;
    }
    for (Path path : content) {
      if (Files.isDirectory(path)) {
        addDirectory(path, host);
      } else if (PluginDirectory.isJar(path)) {
        problems.add("%s: move it into a directory of its own, %s/<name>/".formatted(path, parent));
      }
    }
  }

  private void addDirectory(Path directory, ClassLoader host) {
    try {
      PluginClassLoader loader = new PluginDirectory(directory).open(host);
      loaders.add(loader);
      addAll(loader, directory.toString());
    } catch (InvalidInput e) {
      problems.addAll(e.problems());
    }
  }

  /** Code that is not ours runs here: whatever it throws is a problem of its jar. */
  private void addAll(ClassLoader loader, String place) {
    Iterator<DpmPlugin> found = ServiceLoader.load(DpmPlugin.class, loader).iterator();
    try {
      while (found.hasNext()) {
        add(found.next());
      }
    } catch (ServiceConfigurationError e) {
      problems.add(
          brokenPlugin(place, String.valueOf(e.getMessage()), Optional.ofNullable(e.getCause())));
    } catch (LinkageError e) {
      problems.add(brokenPlugin(place, "a plugin cannot be loaded", Optional.of(e)));
    }
  }

  private static String brokenPlugin(String place, String what, Optional<Throwable> cause) {
    String message = place + ": " + what + cause.map(reason -> ": " + reason).orElse("");
    if (cause.filter(LinkageError.class::isInstance).isEmpty()) {
      return message;
    }
    return message
        + "%n  A class that it needs is neither in this directory nor shared by the host, which shares %s."
            .formatted(String.join(", ", PluginClassLoader.SHARED));
  }

  private void add(DpmPlugin plugin) {
    Origin origin = new Origin(plugin, location(plugin.getClass()));
    plugins.stream()
        .filter(other -> other.plugin().id().equals(plugin.id()))
        .findFirst()
        .ifPresent(
            other ->
                problems.add(
                    "two plugins are called '%s': %s and %s. Remove one."
                        .formatted(plugin.id(), other.title(), origin.title())));
    plugins.add(origin);
    try {
      plugin.extensions().forEach(extension -> add(extension, origin));
    } catch (LinkageError e) {
      problems.add(
          brokenPlugin(origin.location(), "the extensions cannot be loaded", Optional.of(e)));
    } catch (RuntimeException e) {
      problems.add(
          "%s: the plugin %s cannot list its extensions: %s"
              .formatted(origin.location(), plugin.id(), e));
    }
  }

  private <T> void add(Extension<T> extension, Origin origin) {
    Installed<T> added = new Installed<>(extension, origin.plugin(), origin.location());
    for (Installed<?> other : extensions) {
      if (other.extension().type() == extension.type()
          && other.extension().kind().equals(extension.kind())) {
        problems.add(
            "%s '%s' is provided twice: by %s %s (%s) and by %s. Remove one."
                .formatted(
                    extension.type().getSimpleName(),
                    extension.kind(),
                    other.plugin().id(),
                    other.version(),
                    other.location(),
                    origin.title()));
      }
    }
    settingsProblem(extension)
        .ifPresent(
            problem ->
                problems.add("%s: %s: %s".formatted(origin.location(), added.title(), problem)));
    extensions.add(added);
  }

  private static Optional<String> settingsProblem(Extension<?> extension) {
    try {
      return SettingsSchema.of(extension.settings()).names().contains("kind")
          ? Optional.of("no setting may be called 'kind', which chooses the component")
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The jar or directory that a class was read from, relative to the working directory if inside.
   */
  private static String location(Class<?> type) {
    @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "the Java platform";
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      Path here = Path.of("").toAbsolutePath();
      return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    } catch (URISyntaxException e) {
      return source.getLocation().toString();
    }
  }
}
