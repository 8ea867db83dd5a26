package org.dpm.api;

import java.util.List;

/**
 * What one jar adds to the framework, found by {@link java.util.ServiceLoader}.
 *
 * <p>A jar names its plugin class in {@code META-INF/services/org.dpm.api.DpmPlugin}. A jar that is
 * dropped into {@code plugins/<name>/} also states the API it was built for, as the manifest
 * attribute {@value #API_ATTRIBUTE}.
 */
public interface DpmPlugin {

  /** The API that this release offers, as {@code major.minor}. */
  String API_VERSION = "0.2";

  /** The manifest attribute by which a plugin's jar states the API that it was built for. */
  String API_ATTRIBUTE = "DPM-API-Version";

  /** A short name in lower-kebab case, unique among the installed plugins. */
  String id();

  /** Everything that this plugin provides. */
  List<Extension<?>> extensions();

  /** The plugin's own version: by default what its jar's manifest says. */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
