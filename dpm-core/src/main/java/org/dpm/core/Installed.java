package org.dpm.core;

import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;

/**
 * An extension that can be chosen, and where it came from.
 *
 * @param location the jar or class directory that holds its plugin
 */
public record Installed<T>(Extension<T> extension, DpmPlugin plugin, String location) {

  /** What and whose, for messages: {@code Network 'rbf' of the plugin networks 0.1.0}. */
  String title() {
    return "%s '%s' of the plugin %s %s"
        .formatted(extension.type().getSimpleName(), extension.kind(), plugin.id(), version());
  }

  /** What, for messages: {@code Network 'rbf'}. */
  String name() {
    return "%s '%s'".formatted(extension.type().getSimpleName(), extension.kind());
  }

  String version() {
    return plugin.version();
  }
}
