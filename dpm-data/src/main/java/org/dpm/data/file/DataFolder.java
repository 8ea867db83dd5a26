package org.dpm.data.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.api.InvalidInput;

/** A folder of examples that the user named: it is there, and what is wrong with it is told. */
public final class DataFolder {

  private final Path path;

  /**
   * @param obtain how to get the folder, told if it is absent
   * @throws InvalidInput if there is no such folder
   */
  public DataFolder(Path path, Optional<String> obtain) {
    this.path = path;
    if (!Files.exists(path)) {
      throw invalid("there is no such folder." + DataFile.remedy(path, obtain));
    }
    if (!Files.isDirectory(path)) {
      throw invalid("is a file; name the folder that it is in");
    }
  }

  /** Every file below, at any depth, in the order of their names. */
  public List<Path> files() {
    try (Stream<Path> below = Files.walk(path)) {
      return below.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidInput(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** What a file in it is called from here. */
  public String name(Path file) {
    return path.relativize(file).toString();
  }

  /** What {@link #name} came from. */
  public Path path(String name) {
    return path.resolve(name);
  }

  /** As the user gave it. */
  public Path path() {
    return path;
  }

  /** What is wrong with it, behind its path. */
  public InvalidInput invalid(String problem) {
    return new InvalidInput(path + ": " + problem);
  }
}
