package org.dpm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.InvalidInput;

/** Refuses options that make no sense. */
final class Arguments {

  private Arguments() {}

  static void require(boolean right, String requirement) {
    if (!right) {
      throw new InvalidInput(requirement + ".");
    }
  }

  static void atLeastOne(String option, Optional<Integer> value) {
    value.ifPresent(n -> require(n >= 1, option + " must be at least 1, but is " + n));
  }

  /**
   * Refuses a file that could not be written, before what it is to hold is computed.
   *
   * @param remedy what to do then
   */
  static void writable(Path file, String remedy) {
    Path existing = file.toAbsolutePath().normalize().getParent();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    require(
        existing != null && Files.isDirectory(existing),
        "%s cannot be written, since %s is not a directory. %s".formatted(file, existing, remedy));
    require(
        existing != null && Files.isWritable(existing),
        "%s cannot be written, since nothing may be written to %s. %s"
            .formatted(file, existing, remedy));
  }
}
