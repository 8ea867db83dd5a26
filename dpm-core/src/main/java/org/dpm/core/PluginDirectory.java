package org.dpm.core;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.dpm.api.DpmPlugin;
import org.dpm.api.InvalidInput;

/** The jars of one directory {@code plugins/<name>/}, checked before any of their code runs. */
final class PluginDirectory {

  private static final String SERVICE = "META-INF/services/" + DpmPlugin.class.getName();

  private final Path directory;

  PluginDirectory(Path directory) {
    this.directory = directory;
  }

  /** A loader of the jars, which the caller closes. */
  PluginClassLoader open(ClassLoader host) {
    List<Path> jars = jars();
    List<String> problems = new ArrayList<>();
    boolean found = false;
    for (Path jar : jars) {
      try (JarFile content = new JarFile(jar.toFile())) {
        if (content.getEntry(SERVICE) != null) {
          found = true;
          versionProblem(jar, content).ifPresent(problems::add);
        }
      } catch (IOException e) {
        problems.add("%s: is not a readable jar: %s".formatted(jar, e.getMessage()));
      }
    }
    if (!found && problems.isEmpty()) {
      problems.add(noPlugin(jars));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    String name = String.valueOf(directory.getFileName());
    return new PluginClassLoader(name, jars.stream().map(this::url).toArray(URL[]::new), host);
  }

  private List<Path> jars() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(PluginDirectory::isJar).sorted().toList();
    } catch (IOException e) {
      throw new InvalidInput("%s: cannot be read: %s".formatted(directory, e.getMessage()), e);
    }
  }

  static boolean isJar(Path file) {
    return file.toString().endsWith(".jar") && !Files.isDirectory(file);
  }

  private String noPlugin(List<Path> jars) {
    if (jars.isEmpty()) {
      return "%s: holds no jar. Put the plugin's jar into it, or remove the directory."
          .formatted(directory);
    }
    return "%s: no plugin is in %s.%n  A plugin's jar names its plugin class in %s."
        .formatted(
            directory,
            String.join(", ", jars.stream().map(jar -> "" + jar.getFileName()).toList()),
            SERVICE);
  }

  private static Optional<String> versionProblem(Path jar, JarFile content) throws IOException {
    Optional<String> version =
        Optional.ofNullable(content.getManifest())
            .map(Manifest::getMainAttributes)
            .map((Attributes attributes) -> attributes.getValue(DpmPlugin.API_ATTRIBUTE));
    if (version.filter(PluginDirectory::fits).isPresent()) {
      return Optional.empty();
    }
    String stated =
        version
            .map("was built for version %s of the DPM API"::formatted)
            .orElse("does not state the version of the DPM API that it was built for");
    String remedy =
        "%s: %s; this release offers %s.%n"
            + "  Build it against dpm-api %3$s, and have the build put '%4$s: %3$s' into the"
            + " jar's manifest; with Maven, in the configuration of maven-jar-plugin:%n"
            + "  <archive><manifestEntries><%4$s>%3$s</%4$s></manifestEntries></archive>";
    return Optional.of(
        remedy.formatted(jar, stated, DpmPlugin.API_VERSION, DpmPlugin.API_ATTRIBUTE));
  }

  /** While the major version is 0 minors must agree; later there must be no newer one. */
  private static boolean fits(String version) {
    if (!version.matches("\\d{1,6}\\.\\d{1,6}")) {
      return false;
    }
    int[] built = parsed(version);
    int[] offered = parsed(DpmPlugin.API_VERSION);
    return built[0] == offered[0]
        && (offered[0] == 0 ? built[1] == offered[1] : built[1] <= offered[1]);
  }

  private static int[] parsed(String version) {
    return Stream.of(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a file always has a URL", e);
    }
  }
}
