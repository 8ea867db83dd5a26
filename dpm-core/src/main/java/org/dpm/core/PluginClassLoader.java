package org.dpm.core;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * Loads the jars of one plugin directory. They see the Java platform, each other, and of the host
 * only what the interface between the two is made of.
 */
final class PluginClassLoader extends URLClassLoader {

  /** Packages that the host and every plugin have in common. */
  static final List<String> SHARED =
      List.of(
          "org.dpm.api",
          "org.dpm.engine",
          "ai.djl",
          "jakarta.inject",
          "com.fasterxml.jackson.annotation",
          "org.slf4j",
          "org.jspecify");

  private final ClassLoader host;

  PluginClassLoader(String name, URL[] jars, ClassLoader host) {
    super(name, jars, ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (SHARED.stream().anyMatch(shared -> name.startsWith(shared + "."))) {
      return host.loadClass(name);
    }
    return super.loadClass(name, resolve);
  }
}
