package org.dpm.core;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.dpm.api.DpmPlugin;

/** Builds jars as a stranger would: compiled against the interface and nothing else. */
final class PluginJar {

  private final Path workspace;

  PluginJar(Path workspace) {
    this.workspace = workspace;
  }

  /**
   * Compiles sources and puts them into a jar with a plugin class.
   *
   * @param plugin the plugin class to name, or empty
   * @param version of the interface that the manifest states, or empty
   * @param sources the text of classes in the package {@code mine}
   */
  Path build(Path jar, Optional<String> plugin, Optional<String> version, String... sources)
      throws IOException {
    Path classes = Files.createTempDirectory(workspace, "classes");
    compile(classes, sources);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "2.1");
    version.ifPresent(v -> manifest.getMainAttributes().putValue(DpmPlugin.API_ATTRIBUTE, v));
    Files.createDirectories(jar.toAbsolutePath().getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Path type : files(classes)) {
        add(out, classes.relativize(type).toString().replace(File.separatorChar, '/'), type);
      }
      if (plugin.isPresent()) {
        out.putNextEntry(new JarEntry("META-INF/services/" + DpmPlugin.class.getName()));
        out.write(plugin.get().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static void add(JarOutputStream out, String name, Path content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    Files.copy(content, out);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void compile(Path classes, String... sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> units =
        Stream.of(sources).<JavaFileObject>map(source -> new Source(source)).toList();
    String path =
        Stream.of(DpmPlugin.class, NDArray.class, Inject.class, JsonProperty.class)
            .map(PluginJar::place)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> options =
        List.of("-d", classes.toString(), "-classpath", path, "-proc:none", "--release", "17");
    StringWriter report = new StringWriter();
    if (!compiler.getTask(report, null, null, options, null, units).call()) {
      throw new IllegalArgumentException(report.toString());
    }
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String text) {
      super(URI.create("string:///mine/" + name(text) + ".java"), Kind.SOURCE);
      this.text = text;
    }

    private static String name(String text) {
      return text.replaceFirst("(?s).*?(class|record) (\\w+).*", "$2");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
