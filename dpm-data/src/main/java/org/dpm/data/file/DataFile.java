package org.dpm.data.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;

/** A file of examples that the user named: it is there, and what is wrong with it is told. */
public final class DataFile {

  private static final int BUFFER = 1 << 16;

  private final Path path;

  /**
   * @throws InvalidInput if there is no such file
   */
  public DataFile(Path path) {
    this(path, Optional.empty());
  }

  /**
   * @param obtain how to get the file, told if it is absent
   * @throws InvalidInput if there is no such file
   */
  public DataFile(Path path, Optional<String> obtain) {
    this.path = path;
    if (Files.isDirectory(path)) {
      throw invalid("is a directory; name a file in it");
    }
    if (!Files.exists(path)) {
      throw invalid("there is no such file." + remedy(path, obtain));
    }
    if (!Files.isReadable(path)) {
      throw invalid("may not be read; check its permissions");
    }
  }

  /** What to do when a file or folder is absent: the nearest name beside it, and how to get it. */
  static String remedy(Path path, Optional<String> obtain) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      return obtain.map(how -> " " + how).orElse(" Nor is there a directory " + folder);
    }
    Path name = path.getFileName();
    String near =
        folder == null || name == null ? "" : Nearest.suggestion(name.toString(), names(folder));
    return near + obtain.map(how -> " " + how).orElse("");
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (IOException unlisted) {
      // Only a suggestion is lost.
      return List.of();
    }
  }

  /** As the user gave it. */
  public Path path() {
    return path;
  }

  /** Its name without the directory. */
  public String name() {
    return String.valueOf(path.getFileName());
  }

  /** In bytes. */
  public long size() throws IOException {
    return Files.size(path);
  }

  /** Buffered. */
  public InputStream open() throws IOException {
    return new BufferedInputStream(Files.newInputStream(path), BUFFER);
  }

  /** What is wrong with it, behind its path. */
  public InvalidInput invalid(String problem) {
    return new InvalidInput(path + ": " + problem);
  }

  /** That it cannot be read, with the reason. */
  public InvalidInput unreadable(IOException cause) {
    String reason =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new InvalidInput(path + ": cannot be read: " + reason, cause);
  }
}
