package org.dpm.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dpm.api.InvalidInput;
import picocli.CommandLine.Option;

/** Where to keep a run. */
final class OutOption {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run directory to make; by default the next free one under runs/.")
  private Optional<Path> out = Optional.empty();

  /**
   * The directory to write: what was asked for, if it is free, or the next free name.
   *
   * @param name of the pipeline
   */
  Path directory(String name) {
    if (out.isPresent()) {
      if (Files.exists(out.get())) {
        throw new InvalidInput(
            "--out %s: this exists already, and a run never overwrites another. Choose a new name, or remove it first."
                .formatted(out.get()));
      }
      return out.get();
    }
    Path directory = Path.of("runs", name);
    for (int i = 2; Files.exists(directory); i++) {
      directory = Path.of("runs", name + "-" + i);
    }
    return directory;
  }
}
